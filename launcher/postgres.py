"""Finds the PostgreSQL server programs and PostGIS on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

OLDEST_VERSION = 15


@dataclass(frozen=True)
class Server:
    """The server programs of one major version, as Debian and Ubuntu lay them out."""

    version: int
    programs: Path
    extensions: Path

    @property
    def has_postgis(self) -> bool:
        """Whether `CREATE EXTENSION postgis` finds its control file and its scripts."""
        return (self.extensions / "postgis.control").exists() and any(self.extensions.glob("postgis--*.sql"))


def find_servers(root: Path = Path("/usr")) -> list[Server]:
    """Give the installed servers that are new enough, those with PostGIS first, then the newest first."""
    found = []
    for initdb in (root / "lib" / "postgresql").glob("*/bin/initdb"):
        name = initdb.parent.parent.name
        if name.isdigit() and int(name) >= OLDEST_VERSION:
            found.append(Server(int(name), initdb.parent, root / "share" / "postgresql" / name / "extension"))
    return sorted(found, key=lambda server: (server.has_postgis, server.version), reverse=True)
