"""PostgreSQL's own programs for backups: found in the right version, told the address without showing the password."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from psycopg import pq
from psycopg.conninfo import conninfo_to_dict

from webmap.backup.errors import BackupFailedError

_CLIENTS = Path("/usr/lib/postgresql")


def program(name: str, server: int) -> str:
    """The path of `name` (pg_dump, pg_restore, psql) for a server of a major version.

    The programs of the version itself are preferred, since what newer ones write older ones cannot read.

    Raises
    ------
    BackupFailedError
        There is none that is new enough; the message has the package to install.
    """
    exact = _CLIENTS / str(server) / "bin" / name
    if exact.exists():
        return str(exact)
    newer = [path for path in _CLIENTS.glob(f"*/bin/{name}") if _folder_version(path) > server]
    for path in [*map(str, sorted(newer, key=_folder_version)), *filter(None, [shutil.which(name)])]:
        if _major(path) >= server:
            return path
    remedy = f"apt-get install postgresql-client-{server}"
    raise BackupFailedError(f"{name} for PostgreSQL {server} is not installed here; {remedy}.")


def environment(url: str) -> dict[str, str]:
    """What tells PostgreSQL's programs where `url` is: variables, because a command line can be read by everybody."""
    said = conninfo_to_dict(url.replace("postgresql+psycopg://", "postgresql://", 1))
    names = {option.keyword.decode(): option.envvar for option in pq.Conninfo.get_defaults()}
    told = {variable.decode(): str(said[name]) for name, variable in names.items() if variable and name in said}
    return {**_plain(os.environ), "LC_ALL": "C.UTF-8", "PGAPPNAME": "loumap backup", **told}


def _plain(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.startswith("PG")}


def _folder_version(path: Path) -> int:
    name = path.parent.parent.name
    return int(name) if name.isdigit() else 0


@cache
def _major(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)(?:\.\d+)?", said)
    return int(found[1]) if found else 0
