"""Stored files: named by the SHA-256 of their bytes, written once, never changed.

The row comes after the bytes are safe on the disk, so that a row always has its file; bytes without a row, left by a
failed request, are harmless.
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from webmap.auth.models import User
from webmap.errors import FileRefusedError, FileTooLargeError
from webmap.models import StoredFile

CONTENT_TYPES = {
    ".csv": "text/csv",
    ".fgb": "application/vnd.flatgeobuf",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".jpg": "image/jpeg",
    ".osm": "application/vnd.openstreetmap.data+xml",
    ".parquet": "application/vnd.apache.parquet",
    ".pbf": "application/vnd.openstreetmap.data+pbf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
_CHUNK = 1 << 20


def store_file(
    session: Session, user: User | None, folder: Path, stream: BinaryIO, name: str, *, limit_bytes: int
) -> StoredFile:
    """Keep the bytes of `stream` under `folder`; the same bytes are kept once.

    Raises
    ------
    FileRefusedError
        The name's ending is not in the list of `CONTENT_TYPES`.
    FileTooLargeError
        There are more than `limit_bytes`.
    """
    content_type = content_type_of(name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".incoming-", delete=False) as incoming:
        try:
            sha256, size = _copy(stream, incoming, limit_bytes)
            _put(Path(incoming.name), _path(folder, sha256))
        finally:
            Path(incoming.name).unlink(missing_ok=True)
    known = session.get(StoredFile, sha256)
    if known is None:
        known = StoredFile(sha256=sha256, size_bytes=size, content_type=content_type, name=_plain_name(name))
        known.user_id = user.id if user else None
        session.add(known)
        session.flush()
    return known


def path_of(folder: Path, file: StoredFile) -> Path:
    """Where the bytes of a stored file lie.

    Raises
    ------
    NotFoundError
        They are gone from the disk.
    """
    path = _path(folder, file.sha256)
    if not path.is_file():
        raise NotFoundError(f"The bytes of {file.name} are no longer in {folder}; restore the folder from a backup.")
    return path


def forget_file(session: Session, folder: Path, file: StoredFile) -> Path:
    """Delete the row of a file that nothing names; gives the path of its bytes, to be deleted after the commit."""
    session.delete(file)
    session.flush()
    return _path(folder, file.sha256)


def path_with(folder: Path, sha256: str) -> Path:
    """Where the bytes of a hash lie, for readers who may not see the row.

    Raises
    ------
    NotFoundError
        They are gone from the disk.
    """
    path = _path(folder, sha256)
    if not path.is_file():
        raise NotFoundError(f"The bytes of {sha256[:8]}… are no longer on the disk; restore the folder from a backup.")
    return path


def put_back(folder: Path, sha256: str, stream: IO[bytes]) -> None:
    """Write the bytes of a hash, unless they are there whole already.

    Raises
    ------
    FileRefusedError
        The stream gives other bytes.
    """
    path = _path(folder, sha256)
    if path.is_file() and _sha256_of(path) == sha256:
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".incoming-", delete=False) as incoming:
        try:
            if _copy(stream, incoming, sys.maxsize)[0] != sha256:
                raise FileRefusedError(f"The bytes given for {sha256[:8]}… are others.")
            path.unlink(missing_ok=True)
            _put(Path(incoming.name), path)
        finally:
            Path(incoming.name).unlink(missing_ok=True)


def is_intact(folder: Path, file: StoredFile) -> bool:
    """Whether the bytes on the disk are still those that were stored."""
    return _sha256_of(path_of(folder, file)) == file.sha256


def content_type_of(name: str) -> str:
    """The type of a file by the ending of its name, from a fixed list; what a browser says of it is not believed."""
    ending = PurePosixPath(name.lower()).suffix
    if ending not in CONTENT_TYPES:
        allowed = ", ".join(sorted(CONTENT_TYPES))
        raise FileRefusedError(f"{_plain_name(name)!r}: files of this kind are not taken; allowed: {allowed}.")
    return CONTENT_TYPES[ending]


def _sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy(stream: IO[bytes], target: IO[bytes], limit_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit_bytes:
            raise FileTooLargeError(f"The file is over {limit_bytes / 1e6:g} MB; split it or raise LOUMAP_UPLOAD_MB.")
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    os.fsync(target.fileno())
    return digest.hexdigest(), size


def _put(incoming: Path, target: Path) -> None:
    """Give a written file its name, and see to it that the name is on the disk too."""
    target.parent.mkdir(mode=0o700, exist_ok=True)
    if not target.exists():
        incoming.chmod(0o400)
        incoming.replace(target)
    for folder in (target.parent, target.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _path(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256[2:]


def _plain_name(name: str) -> str:
    """A file's own name without folders and invisible signs."""
    own = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in own if sign.isprintable())[:200]
