"""Runs the PostgreSQL programs, under an account of their own when LouMap runs as root."""

import pwd
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import DatabaseServerError
from launcher.postgres import OLDEST_VERSION, find_servers

# Messages in English (they are read here) and UTF-8 everywhere, whatever the terminal says.
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True)
class Programs:
    """The programs of one PostgreSQL version and the account they run as (None: our own)."""

    version: int
    folder: Path
    account: str | None

    def run(self, program: str, *arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program to its end with `text` as its input; the exit code is the caller's to judge."""
        return self.run_any(str(self.folder / program), *arguments, text=text)

    def run_any(self, program: str, *arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run any program under the server's account."""
        command = [program, *map(str, arguments)]
        return subprocess.run(
            command, input=text, capture_output=True, text=True, cwd="/", env=_ENVIRONMENT, check=False, **self.identity
        )

    def run_or_raise(self, doing: str, program: str, *arguments: str | Path, text: str = "") -> str:
        """Run a program and give what it printed; raises DatabaseServerError with its words when it fails."""
        done = self.run(program, *arguments, text=text)
        if done.returncode or "ERROR:" in done.stderr:
            raise DatabaseServerError(f"{doing} failed ({program}, exit {done.returncode}):\n{done.stderr[-2000:]}")
        return done.stdout

    @property
    def identity(self) -> dict[str, Any]:
        """Give the arguments of `subprocess` that change the account."""
        return {"user": self.account, "group": _group(self.account), "extra_groups": []} if self.account else {}


def programs_for(cluster: Path, account: str | None) -> Programs:
    """Choose the server programs: the version that made the cluster, else the newest one with PostGIS.

    Raises
    ------
    DatabaseServerError
        No suitable server is installed.
    """
    made_by = _version_of(cluster)
    suits: Callable[[int], bool] = (lambda version: version == made_by) if made_by else (lambda version: True)
    for server in find_servers():
        if server.has_postgis and suits(server.version):
            return Programs(server.version, server.programs, account)
    if made_by:
        raise DatabaseServerError(
            f"The data in {cluster} was written by PostgreSQL {made_by}, which is not installed here (with PostGIS). "
            f"Install postgresql-{made_by}, postgresql-{made_by}-postgis-3 and postgresql-{made_by}-postgis-3-scripts."
        )
    raise DatabaseServerError(
        f"No PostgreSQL {OLDEST_VERSION} or newer with PostGIS is installed here; ./loumap doctor says what to install."
    )


def _version_of(cluster: Path) -> int | None:
    try:
        return int((cluster / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def _group(account: str) -> int:
    return pwd.getpwnam(account).pw_gid
