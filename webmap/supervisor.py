"""Runs several programs as one: starts them, passes on Ctrl-C, and stops all of them when one ends."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

from geo.errors import LouMapError

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TICK_S = 0.1


class PortInUseError(LouMapError):
    """The port is in use by another program."""


def run_together(
    commands: Sequence[Sequence[str]],
    *,
    env: Mapping[str, str] | None = None,
    address: str | None = None,
    on_answer: Callable[[], object] | None = None,
    patience_s: float = 20,
) -> int:
    """Run programs until one of them ends or we are asked to stop (Ctrl-C, SIGTERM, closed terminal).

    Parameters
    ----------
    commands
        The programs with their arguments. Each gets a session of its own: we alone tell it to stop, and the kernel
        does if we are killed.
    address, on_answer
        `on_answer` is called once, when the web address answers for the first time.
    patience_s
        How long the programs may take to stop before they are killed; a second Ctrl-C kills them at once.

    Returns
    -------
    int
        0 when we were asked to stop, else the exit code of the program that ended first, 1 if that was 0.
    """
    children: list[subprocess.Popen[bytes]] = []
    with _signals() as received:
        try:
            for command in commands:
                children.append(_start(command, env))
            first = _watch(children, received, address, on_answer)
        finally:
            _stop(children, received, patience_s)
    if first is None:
        return 0
    return 128 - first.returncode if first.returncode < 0 else first.returncode or 1


def require_free_port(host: str, port: int) -> None:
    """Raise PortInUseError when something listens on the port already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            remedy = "stop the other program or choose another port with --port"
            raise PortInUseError(f"{host}:{port} cannot be used ({error.strerror}); {remedy}.") from None


def open_browser(address: str) -> bool:
    """Show an address in the browser of a desktop; False where there is none (a server, a container)."""
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")) or os.environ.get("CI"):
        return False
    return webbrowser.open(address)


def _start(command: Sequence[str], env: Mapping[str, str] | None) -> subprocess.Popen[bytes]:
    # The kernel tells the child of our death, even by kill -9.
    setpriv = shutil.which("setpriv")
    prefix = [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
    return subprocess.Popen([*prefix, *command], env=env, stdin=subprocess.DEVNULL, start_new_session=True)


def _watch(
    children: Sequence[subprocess.Popen[bytes]],
    received: Sequence[int],
    address: str | None,
    on_answer: Callable[[], object] | None,
) -> subprocess.Popen[bytes] | None:
    """Wait for the first child to end and give it; None when a signal came first."""
    while not received:
        for child in children:
            if child.poll() is not None:
                return child
        if address and on_answer and _answers(address):
            on_answer()
            address = None
        time.sleep(_TICK_S)
    return None


def _stop(children: Sequence[subprocess.Popen[bytes]], received: Sequence[int], patience_s: float) -> None:
    """Ask the children to stop, and end whatever they leave behind."""
    for child in children:
        child.terminate()
    asked, deadline = len(received), time.monotonic() + patience_s
    while any(child.poll() is None for child in children):
        if time.monotonic() > deadline or len(received) > asked:
            break
        time.sleep(_TICK_S / 2)
    for child in children:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False


@contextmanager
def _signals() -> Iterator[list[int]]:
    """Collect the signals that ask us to stop, instead of dying of them."""
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.signal(number, note) for number in _SIGNALS}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
