"""A PostGIS server of the tests' own, gone with them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from webmap.embedded import EmbeddedPostgres


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """Give an empty folder that the account of the database can reach, also when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="loumap-test-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def temporary_cluster() -> Iterator[EmbeddedPostgres]:
    """Run a server for a block; it never waits for the disk and its data is thrown away."""
    with reachable_folder() as folder, EmbeddedPostgres(folder / "database", durable=False) as cluster:
        yield cluster


_numbers = count(1)


@dataclass(frozen=True)
class CloneMaker:
    """Makes copies of a migrated database."""

    server: EmbeddedPostgres
    template: str

    @contextmanager
    def new(self) -> Iterator[str]:
        """Give the name of a fresh copy, dropped at the block's end."""
        name = f"clone_{next(_numbers)}"
        self.server.create_database(name, self.template)
        try:
            yield name
        finally:
            self.server.drop_database(name)
