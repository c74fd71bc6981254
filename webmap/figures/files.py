"""Files of figures and targets: kept, tried without leaving anything, then imported, and taken back."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from geo.errors import MissingColumnsError, NotFoundError
from geo.figures import figure_kind
from geo.figures.places import get_place
from geo.importers.columns import Recognition
from geo.importers.fields import Kind
from geo.importers.rehearsal import Rehearsal, rehearse
from geo.importers.report import ImportReport
from geo.importers.run import ImportRequest, run_import
from geo.importers.sources import SourceDetails
from geo.importers.undo import Undone, undo
from geo.model import Area, ImportRun, Source
from webmap import files
from webmap.auth.models import User
from webmap.config import Settings
from webmap.figures.rights import may_enter
from webmap.models import StoredFile
from webmap.permissions import SET_TARGETS, may

LARGEST_BYTES = 5_000_000
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be read: as figures or targets, under which source, and what its headings mean."""

    kind: Kind
    source: str
    mapping: Mapping[str, str] = field(default_factory=dict)


def keep_file(session: Session, user: User, settings: Settings, stream: BinaryIO, name: str) -> StoredFile:
    """Keep a file that somebody sent; raises as `webmap.files.store_file` does."""
    name = PurePosixPath(name.replace("\\", "/")).name
    return files.store_file(session, user, _folder(settings), stream, name, limit_bytes=LARGEST_BYTES)


def own_file(session: Session, user: User, sha256: str) -> StoredFile:
    """A file that this account has sent.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = session.get(StoredFile, sha256)
    if found is None or found.user_id != user.id:
        raise NotFoundError("There is no such file of yours; send it again.")
    return found


def try_file(
    session: Session, user: User, settings: Settings, file: StoredFile, asked: Asked, locale: str
) -> ImportReport:
    """What importing a file would do; nothing stays in the database. Where a column is lacking it reads nothing.

    Raises
    ------
    geo.errors.LouMapError
        The file cannot be read or used.
    """
    with _under_its_name(settings, file) as path:
        rehearse(Rehearsal(str(path), asked.kind.value, mapping=asked.mapping), file.name)
        attempt = session.begin_nested()
        try:
            return run_import(session, _request(session, user, settings, file, path, asked, locale))
        except MissingColumnsError as error:
            assert isinstance(error.recognition, Recognition)
            return ImportReport(file.name, asked.kind.value, recognition=error.recognition.as_json())
        finally:
            attempt.rollback()
            session.expire_all()


def import_file(
    session: Session, user: User, settings: Settings, file: StoredFile, asked: Asked, locale: str
) -> ImportReport:
    """Import a file; the rows that are wrong are left out. Raises as `try_file`."""
    with _under_its_name(settings, file) as path:
        rehearse(Rehearsal(str(path), asked.kind.value, mapping=asked.mapping), file.name)
        return run_import(session, _request(session, user, settings, file, path, asked, locale))


def own_runs(session: Session, user: User) -> Sequence[Row[tuple[ImportRun, Source]]]:
    """The latest imports of figures and targets by this account; an administrator's list has everybody's."""
    chosen = select(ImportRun, Source).join(Source, Source.id == ImportRun.source_id)
    chosen = chosen.where(ImportRun.kind.in_((Kind.FIGURES.value, Kind.TARGETS.value)))
    if not may(user, "import"):
        chosen = chosen.where(ImportRun.user_id == user.id)
    return session.execute(chosen.order_by(ImportRun.id.desc()).limit(SHOWN)).all()


def take_back(session: Session, user: User, settings: Settings, code: str) -> Undone:
    """Take an import back; raises `NotFoundError` where it is not this account's, and as `geo.importers.undo.undo`."""
    if code not in {run.code for run, _ in own_runs(session, user)}:
        raise NotFoundError(f"There is no import {code[:20]!r} of yours among the latest {SHOWN}.")
    return undo(session, code, settings.today(), user.id)


def _request(
    session: Session, user: User, settings: Settings, file: StoredFile, path: Path, asked: Asked, locale: str
) -> ImportRequest:
    allowed: dict[tuple[str, str, int], bool] = {}

    def permits(kind: str, place: str, ident: int) -> bool:
        key = (kind, place, ident)
        if key not in allowed:
            found = get_place(session, place, ident)
            if asked.kind is Kind.TARGETS:
                allowed[key] = isinstance(found, Area) and may(user, SET_TARGETS, found)
            else:
                allowed[key] = may_enter(session, user, figure_kind(kind), found)
        return allowed[key]

    return ImportRequest(
        path=path, kind=asked.kind, today=settings.today(), mapping=asked.mapping, file_name=file.name,
        source=SourceDetails(name=asked.source), locale=locale, user_id=user.id, permits=permits,
        own_indicators=settings.indicators,
    )  # fmt: skip


@contextmanager
def _under_its_name(settings: Settings, file: StoredFile) -> Iterator[Path]:
    """Give a stored file its ending back, by which formats are known."""
    with tempfile.TemporaryDirectory(prefix="loumap-") as folder:
        link = Path(folder) / f"upload{PurePosixPath(file.name.lower()).suffix}"
        link.symlink_to(files.path_of(_folder(settings), file).resolve())
        yield link


def _folder(settings: Settings) -> Path:
    return settings.data / "files"
