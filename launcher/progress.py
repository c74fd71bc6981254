"""Shows what the set-up is doing, and keeps the words of the programs it runs for when one fails."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from launcher.project import OWN_FOLDER, ROOT

LOG = OWN_FOLDER / "setup.log"


class SetupError(Exception):
    """The set-up cannot go on; the message says what to do."""


@contextmanager
def step(text: str) -> Iterator[None]:
    """Show one line for a piece of work: its name, the seconds it took, or that it failed."""
    started, done = time.monotonic(), threading.Event()
    say(f"  {text} … ", end="")
    if sys.stderr.isatty():
        threading.Thread(target=_tick, args=(text, started, done), daemon=True).start()
    try:
        yield
    except BaseException:
        done.set()
        say("failed")
        raise
    done.set()
    say(f"{time.monotonic() - started:.0f} s")


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> None:
    """Run a program in the checkout, without input; raises SetupError with its last lines when it fails."""
    OWN_FOLDER.mkdir(exist_ok=True)
    words = [str(word) for word in command]
    with LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(words)}\n".encode())
        log.flush()  # the program writes to the same file
        begin = log.tell()
        done = subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, check=False)
    if done.returncode:
        said = LOG.read_bytes()[begin:].decode(errors="replace").strip().splitlines()[-20:]
        raise SetupError("\n".join([*said, f"{words[0]} failed (exit {done.returncode}); all it said is in {LOG}."]))


def say(text: str = "", end: str = "\n") -> None:
    """Print for the person at the terminal; standard output stays free for results."""
    print(text, end=end, file=sys.stderr, flush=True)


def _tick(text: str, started: float, done: threading.Event) -> None:
    while not done.wait(1):
        say(f"\r  {text} … {time.monotonic() - started:.0f} s ", end="")
