"""The peer for tiles: tipg, installed into an environment of its own, against the table of buildings."""

import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from harness.processes import free_port, running

VERSION = "1.6.1"
COLLECTION = "public.buildings"
PROPERTIES = ("code", "name", "name_en", "floors_above", "height_m", "grade")
"""What our tiles carry too."""

MOST_FEATURES = 100_000
"""Its own limit would leave buildings out of the tiles of dense quarters."""


class PeerMissingError(Exception):
    """The peer cannot be had here."""


def path(zoom: int, x: int, y: int, where: str = "") -> str:
    """The path of a tile; `where` is a condition in CQL2 text."""
    asked = f"?geom-column=geom&properties={','.join(PROPERTIES)}" + (
        f"&filter-lang=cql2-text&filter={quote(where)}" if where else ""
    )
    return f"/collections/{COLLECTION}/tiles/WebMercatorQuad/{zoom}/{x}/{y}{asked}"


@contextmanager
def tipg(dsn: str, folder: Path, *, workers: int) -> Iterator[tuple[str, int]]:
    """The peer on the database of `dsn`; gives its address and its process id.

    Raises
    ------
    PeerMissingError
        It cannot be installed; says why.
    """
    python = _installed(folder)
    address = f"http://127.0.0.1:{free_port()}"
    command = [str(python), "-m", "uvicorn", "tipg.main:app", "--port", address.rpartition(":")[2]]
    command += ["--workers", str(workers), "--no-access-log", "--log-level", "warning"]
    environ = {
        "DATABASE_URL": _url(dsn),
        "TIPG_DB_TABLES": f'["{COLLECTION}"]',
        "TIPG_MAX_FEATURES_PER_TILE": str(MOST_FEATURES),
        "TIPG_CATALOG_TTL": "36000",
        "DB_MAX_CONN_SIZE": "8",
    }
    with running(command, f"{address}/collections/{COLLECTION}", environ=environ) as pid:
        yield address, pid


def _installed(folder: Path) -> Path:
    python = folder / "bin" / "python"
    if python.exists() and subprocess.run([python, "-c", "import tipg, uvicorn"], check=False).returncode == 0:
        return python
    venv.create(folder, with_pip=True, clear=True)
    install = [python, "-m", "pip", "install", "--quiet", f"tipg=={VERSION}", "uvicorn[standard]"]
    done = subprocess.run(install, stdout=sys.stderr, stderr=subprocess.PIPE, text=True, env=os.environ, check=False)
    if done.returncode:
        raise PeerMissingError(f"tipg {VERSION} cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    return python


def _url(dsn: str) -> str:
    """The address of a database as tipg's settings read it: a socket folder stands, quoted, in the host's place."""
    told = conninfo_to_dict(dsn)
    password = f":{quote(str(told['password']), safe='')}" if told.get("password") else ""
    host = quote(str(told.get("host") or "127.0.0.1"), safe="")
    port = f":{told['port']}" if told.get("port") and not host.startswith("%2F") else ""
    return f"postgresql://{told['user']}{password}@{host}{port}/{told['dbname']}"
