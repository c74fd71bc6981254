"""Programs that run together stop together."""

import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from webmap.supervisor import PortInUseError, require_free_port, run_together

PROJECT = Path(__file__).parents[2]
# Starts two sleepers, the first of which has a child of its own, and writes their numbers into a file.
TOGETHER = """
import sys
from webmap.supervisor import run_together
sleeper = "echo $$ >> {0}; sleep 60 & echo $! >> {0}; wait"
stubborn = "trap '' TERM; " + sleeper
kind = stubborn if sys.argv[2:] else sleeper
sys.exit(run_together([["sh", "-c", kind.format(sys.argv[1])]] * 2, patience_s=60))
"""


def start(numbers: Path, *arguments: str) -> tuple["subprocess.Popen[bytes]", list[int]]:
    """Start the programs and give the supervising process and the numbers of all four it led to."""
    process = subprocess.Popen([sys.executable, "-c", TOGETHER, str(numbers), *arguments], cwd=PROJECT)
    deadline = time.monotonic() + 30
    while not numbers.exists() or len(numbers.read_text().split()) < 4:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return process, [int(number) for number in numbers.read_text().split()]


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def await_end(pids: list[int]) -> None:
    deadline = time.monotonic() + 30
    while any(map(runs, pids)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_everything_it_started_is_gone(tmp_path: Path, number: signal.Signals) -> None:
    process, pids = start(tmp_path / "numbers")
    process.send_signal(number)
    assert process.wait(30) == 0
    assert not any(map(runs, pids))


def test_a_second_ctrl_c_ends_programs_that_do_not_listen(tmp_path: Path) -> None:
    process, pids = start(tmp_path / "numbers", "stubborn")
    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert not any(map(runs, pids))


def test_killed_it_does_not_leave_its_programs_running(tmp_path: Path) -> None:
    process, pids = start(tmp_path / "numbers")
    process.kill()
    process.wait()
    await_end([pids[0]])
    for pid in filter(runs, pids):  # what a program of ours had started itself
        os.kill(pid, signal.SIGKILL)


def test_when_one_program_fails_the_others_are_stopped_and_its_code_is_told() -> None:
    began = time.monotonic()
    assert run_together([["sleep", "60"], ["sh", "-c", "exit 3"]]) == 3
    assert time.monotonic() - began < 30
    assert run_together([["sleep", "60"], ["true"]]) == 1
    assert run_together([["sh", "-c", "kill -9 $$"]]) == 137


def test_programs_of_others_are_left_alone() -> None:
    with subprocess.Popen(["sleep", "60"]) as stranger:
        run_together([["true"]])
        assert stranger.poll() is None
        stranger.kill()


def test_it_tells_once_when_the_server_answers() -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    threading.Thread(target=server.serve_forever).start()
    answered: list[str] = []
    address = f"http://127.0.0.1:{server.server_port}/nothing-here"
    run_together([["sleep", "0.5"]], address=address, on_answer=lambda: answered.append("yes"))
    with pytest.raises(PortInUseError, match="--port"):
        require_free_port("127.0.0.1", server.server_port)
    server.shutdown()
    server.server_close()
    assert answered == ["yes"]
    require_free_port("127.0.0.1", server.server_port)


def test_ctrl_c_means_again_what_it_meant_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    run_together([["true"]])
    assert signal.getsignal(signal.SIGINT) is before
