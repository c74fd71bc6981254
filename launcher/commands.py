"""The commands of `./loumap`: what each one needs to be set up, and handing over to the application."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from launcher import checks, doctor
from launcher.environment import ensure_environment, ensure_packages, environment_works, find_python, is_installed
from launcher.frontend import ensure_frontend
from launcher.packages import all_missing, install
from launcher.progress import SetupError, say
from launcher.project import OWN_FOLDER, PYTHON, ROOT


@dataclass(frozen=True)
class Command:
    """What a command does, in a few words, and whether it shows the pages (so that they must be built)."""

    does: str
    pages: bool = False


COMMANDS = {
    "setup": Command("install what is needed and build the pages, for a service that starts later", pages=True),
    "demo": Command("set everything up and show a sample district in the browser", pages=True),
    "sample": Command("fill an empty database with an invented city of any size"),
    "serve": Command("run the web server", pages=True),
    "work": Command("run the worker for jobs in the background"),
    "test": Command("run all checks and tests", pages=True),
    "import": Command("read buildings, units, enterprises, amenities or areas from files"),
    "export": Command("write data or a map to a file", pages=True),
    "publish": Command("write the public part as files for any web server, object store or CDN", pages=True),
    "backup": Command("write database and files into one archive, or prove one"),
    "restore": Command("bring a backup back"),
    "migrate": Command("bring the database to the present form"),
    "user": Command("add, invite and change accounts"),
    "doctor": Command("check the installation and say what to do"),
}


def main(arguments: list[str]) -> int:
    """Run one command; gives the exit code, unless the application takes over this process."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    name = arguments[0]
    if name not in COMMANDS:
        say(f"There is no command {name!r}.\n\n{overview()}")
        return 2
    try:
        return _run(name, arguments[1:])
    except SetupError as error:
        say(f"\n{error}")
        return 1
    except PermissionError as error:
        say(f"\n{error.filename} cannot be written. Start LouMap as the user this folder belongs to.")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


def overview() -> str:
    """Give the list of the commands."""
    lines = [f"  {name:8} {command.does}" for name, command in COMMANDS.items()]
    return "\n".join(["Usage: ./loumap COMMAND [--help]", "", *lines])


def _run(name: str, arguments: list[str]) -> int:
    if name == "doctor":
        return doctor.examine(lambda: subprocess.call(_application(name, arguments), env=_environment()))
    if "--help" in arguments and name != "test" and not is_installed("base"):
        print(f"./loumap {name}: {COMMANDS[name].does}. Its options are known once ./loumap demo has set LouMap up.")
        return 0
    _set_up(tests=name == "test", pages=COMMANDS[name].pages)
    if name == "setup":
        say("LouMap is set up.")
        return 0
    if name == "test":
        return checks.run_checks(arguments)
    command = _application(name, arguments)
    return os.execve(command[0], command, _environment())


def _application(name: str, arguments: list[str]) -> list[str]:
    # -P: a folder named like one of our packages in the user's place must not be taken for it.
    return [str(PYTHON), "-P", "-m", "webmap.cli", name, *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _set_up(*, tests: bool, pages: bool) -> None:
    """Make ready what is not: system packages, virtual environment, front end."""
    database = tests or not os.environ.get("LOUMAP_DATABASE_URL")
    with _one_at_a_time():
        python = None if environment_works() else find_python()
        if missing := all_missing(python, database=database, tests=tests):
            install(missing)
            if still := all_missing(python, database=database, tests=tests):
                names = ", ".join(need.what for need in still)
                raise SetupError(f"This system's packages do not provide: {names}. LouMap is tried on Debian 12.")
        if python:
            ensure_environment(python)
        ensure_packages("base")
        if tests:
            ensure_packages("dev")
        if pages:
            ensure_frontend()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let only one set-up of this checkout work at a time."""
    OWN_FOLDER.mkdir(exist_ok=True)
    with (OWN_FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  Another set-up is at work in this folder; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
