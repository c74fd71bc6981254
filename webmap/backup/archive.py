"""The archive of a backup: a zip whose members are stored as they are, closed by a manifest of their hashes.

Members are written one after the other without knowing their size before, so that a dump never lies on the disk twice.
`manifest.json` comes last: an archive that has one was written to its end.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO

from webmap.backup.errors import BackupDamagedError

FORMAT = 1
DUMP = "database.dump"
SECRET = "secret_key"
FILES = "files/"
_MANIFEST = "manifest.json"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """The bytes of a member, as they were written."""

    sha256: str
    size: int


@dataclass
class Manifest:
    """What a backup holds: revision of the schema, version of the server, rows of each table, members.

    `lost` are the hashes of files that the database names and whose bytes were missing or changed on the disk.
    """

    made_at: str
    revision: str
    server: int
    tables: dict[str, int]
    members: dict[str, Member] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def files(self) -> list[str]:
        """The hashes of the files inside."""
        return [name.removeprefix(FILES) for name in self.members if name.startswith(FILES)]


class Writer:
    """Writes members into an archive and notes their hashes."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive, self._manifest = archive, manifest

    def add(self, name: str, stream: IO[bytes]) -> Member:
        """Add what the stream gives as the member `name`."""
        digest, size = hashlib.sha256(), 0
        with self._archive.open(name, "w", force_zip64=True) as target:
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
                target.write(block)
        member = self._manifest.members[name] = Member(digest.hexdigest(), size)
        return member


@contextmanager
def writing(file: BinaryIO, manifest: Manifest) -> Iterator[Writer]:
    """Write an archive into `file` for a block; what the manifest says at the block's end closes it."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        yield Writer(archive, manifest)
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A backup and its manifest, for a block.

    Raises
    ------
    BackupDamagedError
        It is no backup, was cut off, or is of a later format.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, _manifest_of(archive, path)
    except (zipfile.BadZipFile, EOFError) as error:
        raise BackupDamagedError(f"{path} is no whole backup ({error}); take another one.") from None
    except FileNotFoundError:
        raise BackupDamagedError(f"There is no file {path}.") from None


def verify(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Compare every byte with the hash that was noted when it was written.

    Raises
    ------
    BackupDamagedError
        A member is missing or has other bytes.
    """
    if strangers := set(archive.namelist()) ^ {*manifest.members, _MANIFEST}:
        raise BackupDamagedError(f"The backup is not whole: {', '.join(sorted(strangers)[:5])} missing or added.")
    for name, member in manifest.members.items():
        with archive.open(name) as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != member.sha256:  # type: ignore[arg-type]
                raise BackupDamagedError(f"{name} in the backup has changed since it was written; take another one.")


def _manifest_of(archive: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        said: dict[str, Any] = json.loads(archive.read(_MANIFEST))
        members = {name: Member(**member) for name, member in said.pop("members").items()}
        manifest = Manifest(**said, members=members)
    except (KeyError, ValueError, TypeError):
        raise BackupDamagedError(f"{path} is no backup of LouMap, or was cut off; take another one.") from None
    if manifest.format > FORMAT:
        raise BackupDamagedError(f"{path} was made by a newer LouMap; update this one first.")
    return manifest
