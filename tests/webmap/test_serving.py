"""A real server: it stops when asked, finishes what is under way, survives its workers and whoever wants it down."""

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgres import CloneMaker
from tests.servers import PATIENCE_S, Server, started_server
from webmap import metrics
from webmap.admission import Lanes

_WAITS = "SELECT 1 FROM pg_locks WHERE relation = 'alembic_version'::regclass AND NOT granted"


@pytest.fixture
def server(clones: CloneMaker, clone: str, tmp_path: Path) -> Iterator[Server]:
    with started_server(clones, clone, tmp_path / "home") as running:
        running.wait_until_ready()
        yield running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_answered_and_a_new_one_refused(server: Server, number: int) -> None:
    answers: list[tuple[int, str]] = []
    with psycopg.connect(server.conninfo) as connection:
        connection.execute("LOCK TABLE alembic_version")  # whoever reads it waits
        asking = threading.Thread(target=lambda: answers.append(server.get("/readyz")))
        asking.start()
        while not connection.execute(_WAITS).fetchone():
            time.sleep(0.02)
        server.process.send_signal(number)
        wait_until_refused(server)
        time.sleep(2.5)  # over several orders to stop
    asking.join(PATIENCE_S)
    assert answers == [(200, '{"ready":true}\n')]
    assert server.process.wait(PATIENCE_S) == 0
    assert "illing" not in server.log


def wait_until_refused(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            server.connect().close()
        except ConnectionRefusedError:
            return
        time.sleep(0.02)
    raise AssertionError("the server still takes connections")


def test_ctrl_c_ends_a_server_whose_workers_still_load(clones: CloneMaker, clone: str, tmp_path: Path) -> None:
    with started_server(clones, clone, tmp_path / "home") as server:
        while len(server.workers()) < 2:
            assert server.process.poll() is None
            time.sleep(0.005)
        os.killpg(server.process.pid, signal.SIGINT)  # as a terminal does: to every process
        assert server.process.wait(PATIENCE_S) == 0
    assert "illing" not in server.log
    assert "Traceback" not in server.log


def test_a_browser_that_keeps_its_connection_does_not_keep_the_server(server: Server) -> None:
    with server.connect() as browser, server.connect():  # the second never says anything
        browser.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
        assert b"200 OK" in browser.recv(4096)
        assert server.stop() == 0
    assert "illing" not in server.log


def test_a_worker_that_dies_is_replaced_and_its_figures_are_kept(server: Server) -> None:
    before = server.workers()
    while counted_by(server) < before:
        server.get("/healthz")
    answered = figure(server, "loumap_request_seconds_count", 'route="health.alive",status="2xx"')
    os.kill(min(before), signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_S
    while len(server.workers()) < 2 or server.workers() == before:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    server.wait_until_ready()
    assert figure(server, "loumap_request_seconds_count", 'route="health.alive",status="2xx"') >= answered
    assert server.stop() == 0
    assert "Unexpected exit from worker" in server.log


def counted_by(server: Server) -> set[int]:
    found = metrics.IN_MEMORY.glob(f"loumap-metrics-{server.process.pid}-*/histogram_*.db")
    return {int(path.stem.rpartition("_")[2]) for path in found}


def figure(server: Server, name: str, labels: str) -> float:
    found = re.search(rf"^{name}{{{labels}}} (\S+)$", server.get("/metrics")[1], re.MULTILINE)
    return float(found[1]) if found else 0


def test_hup_replaces_one_worker_after_the_other(server: Server) -> None:
    before = server.workers()
    server.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + PATIENCE_S
    while server.workers() & before or len(server.workers()) != 2:
        assert time.monotonic() < deadline
        server.wait_until_ready()
    assert server.stop() == 0


def test_nothing_is_left_when_the_server_itself_is_killed(server: Server) -> None:
    workers = server.workers()
    server.process.kill()
    server.process.wait(PATIENCE_S)
    deadline = time.monotonic() + PATIENCE_S
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_clients_that_send_a_form_byte_by_byte_do_not_keep_others_out(server: Server) -> None:
    head = b"POST /login HTTP/1.1\r\nHost: here\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    slow = [server.connect() for _ in range(3 * Lanes().threads)]
    for client in slow:
        client.sendall(head + b"Content-Length: 40000\r\n\r\nname=")
    assert server.get("/healthz")[0] == 200
    assert server.get("/en/about")[0] == 200
    for client in slow:
        client.close()


def test_a_head_without_end_is_refused(server: Server) -> None:
    with server.connect() as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\n")
        try:
            for _ in range(40):
                client.sendall(b"X-More: " + b"a" * 10_000 + b"\r\n")
            answer = client.recv(100)
        except OSError:  # hung up on us
            answer = b""
    assert b" 200 " not in answer
    assert server.get("/healthz")[0] == 200
