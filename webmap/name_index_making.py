"""Makes the index of the search box in a process of its own; its standard input says where the database is."""

import errno
import os
import shutil
import sys
from pathlib import Path

from geo.db import engine
from geo.onebox import make
from webmap.db import driver_connection

KEPT_VERSIONS = 2
_NICENESS = 10


def write(url: str, home: Path, layer: str, version: int) -> None:
    """Make the index of a layer as the login of `url` sees it, and put it into `home` whole; older ones go."""
    place, fresh = home / f"{layer}-{version}", home / f".{layer}-{version}.{os.getpid()}"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    bind = engine(url)
    try:
        with driver_connection(bind, repeatable=True) as connection:
            make(connection, layer, fresh)
        _put(fresh, place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        bind.dispose()
    versions = sorted(home.glob(f"{layer}-*"), key=lambda path: int(path.name.rpartition("-")[2]))
    for old in versions[:-KEPT_VERSIONS]:
        shutil.rmtree(old, ignore_errors=True)


def _put(fresh: Path, place: Path) -> None:
    """Name an index; one of this name stays, made on for a web process that was killed meanwhile."""
    try:
        fresh.rename(place)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise


def main() -> None:
    """Make the index of a layer; called by `webmap.name_index.NameIndex`, standing back for all other processes."""
    home, layer, version = sys.argv[1:]
    os.nice(_NICENESS)
    write(sys.stdin.read(), Path(home), layer, int(version))


if __name__ == "__main__":
    main()
