"""Erases a text in the database, in uploaded files and in what is kept ready to be sent; says which backups hold it."""

import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import psycopg
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine

from geo.erasing import erase_text, held_by
from webmap.backups import backups_in, folder_of, kept_until
from webmap.config import Settings

CACHES = ("published", "names", "residents", "indicators", "quality", "cards")
"""Folders of the data home that are made anew out of the database: state files, past ones too, and indexes of names."""

_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_UPLOADS = "DELETE FROM import_uploads WHERE file_sha256 = ANY (%s)"
_FREE = """
    DELETE FROM files f WHERE f.sha256 = ANY (%s)
      AND NOT EXISTS (SELECT FROM pictures p WHERE f.sha256 IN (p.large_sha256, p.small_sha256))
      AND NOT EXISTS (SELECT FROM spot_checks c WHERE c.photo_sha256 = f.sha256)
      AND NOT EXISTS (SELECT FROM return_lines l WHERE l.photo_sha256 = f.sha256)
    RETURNING f.sha256"""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was (or would be) overwritten: rows by table, hashes of files that went, files in use that hold it still."""

    rows: dict[str, int]
    files: list[str] = field(default_factory=list)
    files_in_use: list[str] = field(default_factory=list)
    backups: dict[Path, date | None] = field(default_factory=dict)
    """Archives from before, each with the day on which the rule lets it go, None where it does not."""


def look(owner: Engine, settings: Settings, text: str) -> Erased:
    """What holds a text. Raises as `geo.erasing.held_by`."""
    with owner.connect() as connection:
        rows = held_by(_driver(connection), text)
    return Erased(rows, _files_with(settings.data / "files", text), backups=_backups(settings))


def erase(owner: Engine, settings: Settings, text: str, reason: str) -> Erased:
    """Erase a text everywhere but in backups; `owner` is the engine of the tables' owner. Raises as `look`."""
    holding = _files_with(settings.data / "files", text)
    with owner.begin() as connection:
        driver = _driver(connection)
        rows = erase_text(driver, text, reason, settings.today())
        driver.execute(_UPLOADS, [holding])
        gone = [sha256 for (sha256,) in driver.execute(_FREE, [holding])]
    for sha256 in gone:
        _path(settings.data / "files", sha256).unlink(missing_ok=True)
    for name in CACHES:
        _empty(settings.data / name)
    _forget_for_good(owner, [*rows, "import_uploads", "files"])
    return Erased(rows, gone, sorted(set(holding) - set(gone)), _backups(settings))


def _forget_for_good(owner: Engine, tables: list[str]) -> None:
    """Have PostgreSQL give up the old rows and what its statistics remember of them."""
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in dict.fromkeys(tables):
            _driver(connection).execute(SQL("VACUUM (FULL, ANALYZE) {}").format(Identifier(table)))


def _files_with(folder: Path, text: str) -> list[str]:
    """Hashes of the stored files that hold a text, as it is written or inside a zip or workbook."""
    wanted = [text.encode(encoding, "ignore") for encoding in _ENCODINGS]
    return sorted(
        f"{path.parent.name}{path.name}"
        for path in folder.rglob("*")
        if path.is_file() and any(needle in part for part in _contents(path) for needle in wanted if needle)
    )


def _contents(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                yield archive.read(member)


def _path(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256[2:]


def _empty(folder: Path) -> None:
    """Take everything out of a folder; processes that have files open see the old ones until they hear of the new."""
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _backups(settings: Settings) -> dict[Path, date | None]:
    """Every archive of the folder, the newest first; those of other names are deleted by nobody."""
    folder = folder_of(settings)
    until = {backup.path: day for backup, day in kept_until(backups_in(folder), settings).items()}
    paths = sorted((path for path in folder.glob("*") if path.is_file()), reverse=True) if folder.is_dir() else []
    return {path: until.get(path) for path in paths}


def _driver(connection: object) -> psycopg.Connection[TupleRow]:
    found: psycopg.Connection[TupleRow] = connection.connection.driver_connection  # type: ignore[attr-defined]
    return found
