"""Imports in the browser: an uploaded file is checked by a dry run first, and imported when that is confirmed."""

import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import psycopg
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from geo.errors import BadParameterError, ImportRefusedError, LouMapError, NotFoundError
from geo.importers.fields import Kind
from geo.importers.rehearsal import Rehearsal, rehearse
from geo.importers.run import EVERYTHING, ImportRequest
from geo.importers.sources import SourceDetails
from webmap import files, jobs
from webmap.auth.models import User
from webmap.config import Settings
from webmap.errors import is_disk_full
from webmap.imports.models import ImportUpload
from webmap.imports.operations import import_file
from webmap.models import StoredFile

SMALL_BYTES = 2_000_000
"""Files up to this size are checked and imported while the browser waits, larger ones by the worker."""

KINDS = (*(kind.value for kind in Kind), EVERYTHING)
_NO_ROOM = {
    "zh": "服务器空间已满，没有导入任何内容，已有数据不受影响。请管理员腾出空间，然后再上传一次。",
    "en": "The server's disk is full; nothing was imported, and what was there is as it was. Ask the administrator to"
    " make room, then upload the file again.",
}
_log = logging.getLogger(__name__)

SECRECIES = ("public", "internal", "secret")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file on its way in, and how it is to be imported (the fields of the form)."""

    stream: BinaryIO
    name: str
    form: Mapping[str, str]
    locale: str


def store_upload(session: Session, user: User, settings: Settings, incoming: Incoming) -> ImportUpload:
    """Keep an uploaded file and have it checked.

    Raises
    ------
    webmap.errors.FileRefusedError, webmap.errors.FileTooLargeError
        The file is not taken.
    BadParameterError
        A field of the form is not understood.
    """
    options = read_options(incoming.form) | {"locale": incoming.locale}
    file = files.store_file(
        session, user, _folder(settings), incoming.stream, incoming.name, limit_bytes=settings.upload_mb * 1_000_000
    )
    upload = ImportUpload(file_sha256=file.sha256, file_name=incoming.name, options=options, user_id=user.id)
    session.add(upload)
    session.flush()
    _now_or_later(session, settings, upload, file)
    return upload


def confirm_upload(session: Session, settings: Settings, upload: ImportUpload) -> None:
    """Import a file that has been checked.

    Raises
    ------
    ImportRefusedError
        It has not been checked, or has been imported already.
    """
    if upload.state != "checked":
        raise ImportRefusedError(f"{upload.file_name} is {upload.state}; only a checked file can be imported.")
    upload.state = "importing"
    session.flush()
    _now_or_later(session, settings, upload, session.get_one(StoredFile, upload.file_sha256))


def find_upload(session: Session, code: str) -> ImportUpload:
    """The upload with this code.

    Raises
    ------
    NotFoundError
        There is none.
    """
    upload = session.scalar(select(ImportUpload).where(ImportUpload.code == code))
    if upload is None:
        raise NotFoundError(f"There is no upload {code!r}.")
    return upload


def advance(session: Session, settings: Settings, upload: ImportUpload) -> None:
    """Do what an upload waits for: the check, or the import. Its state says how it went."""
    if upload.state not in ("checking", "importing"):
        return
    is_check = upload.state == "checking"
    file = session.get_one(StoredFile, upload.file_sha256)
    try:
        with _under_its_name(files.path_of(_folder(settings), file), upload.file_name) as path:
            request = _request(path, settings, upload, dry_run=is_check)
            if is_check:
                rehearse(_rehearsal(request), upload.file_name)
            report = import_file(session, request)
    except (LouMapError, psycopg.Error, OperationalError, OSError) as error:
        if isinstance(error, OperationalError | OSError) and not is_disk_full(error):
            raise
        upload.state, upload.error = "failed", _said(error, upload.options["locale"])
    else:
        upload.state, upload.error = ("checked" if is_check else "done"), None
        upload.report = report.as_json(upload.options["locale"])
    session.flush()


def _said(error: BaseException, locale: str) -> str:
    if not is_disk_full(error):
        return str(error)
    _log.error("The disk is full: %s", error)
    return _NO_ROOM["zh" if locale.startswith("zh") else "en"]


def read_options(form: Mapping[str, str]) -> dict[str, Any]:
    """Read the form's fields.

    Raises
    ------
    BadParameterError
        One of them is not understood.
    """
    said = {name: text.strip() for name, text in form.items() if text.strip()}
    kind, secrecy = said.get("kind", EVERYTHING), said.get("source_secrecy")
    if kind not in KINDS:
        raise BadParameterError("kind", kind, ", ".join(KINDS))
    if secrecy and secrecy not in SECRECIES:
        raise BadParameterError("secrecy", secrecy, ", ".join(SECRECIES))
    about = ("name", "licence", "attribution", "attribution_en", "map_review_number", "secrecy")
    source: dict[str, Any] = {name: said[f"source_{name}"] for name in about if f"source_{name}" in said}
    if "dated_on" in said:
        source["dated_on"] = _day(said["dated_on"]).isoformat()
    if "publishable" in said:
        source["publishable"] = said["publishable"] == "yes"
    return {
        "kind": kind,
        "source": source,
        "mapping": _pairs("mapping", said.get("mapping", "")),
        "constants": _pairs("constants", said.get("constants", "")),
        **{name: said.get(name) for name in ("crs", "encoding", "layer")},
    }


def _request(path: Path, settings: Settings, upload: ImportUpload, *, dry_run: bool) -> ImportRequest:
    options = upload.options
    source = dict(options["source"])
    if "dated_on" in source:
        source["dated_on"] = date.fromisoformat(source["dated_on"])
    return ImportRequest(
        path=path,
        kind=None if options["kind"] == EVERYTHING else Kind(options["kind"]),
        today=settings.today(),
        crs=options["crs"],
        encoding=options["encoding"],
        layer=options["layer"],
        mapping=options["mapping"],
        constants=options["constants"],
        source=SourceDetails(**source),
        dry_run=dry_run,
        locale=options["locale"],
        file_name=upload.file_name,
        user_id=upload.user_id,
        own_indicators=settings.indicators,
    )


def _rehearsal(request: ImportRequest) -> Rehearsal:
    return Rehearsal(
        str(request.path),
        str(request.kind or Kind.BUILDINGS),
        request.crs,
        request.encoding,
        request.layer,
        request.mapping,
        request.constants,
    )


@contextmanager
def _under_its_name(path: Path, name: str) -> Iterator[Path]:
    """Give a stored file its ending back, by which some formats are known."""
    with tempfile.TemporaryDirectory(prefix="loumap-") as folder:
        link = Path(folder) / f"upload{''.join(PurePosixPath(name.lower()).suffixes[-2:])}"
        link.symlink_to(path.resolve())
        yield link


def _now_or_later(session: Session, settings: Settings, upload: ImportUpload, file: StoredFile) -> None:
    if file.size_bytes <= SMALL_BYTES:
        advance(session, settings, upload)
    else:
        jobs.enqueue(session, "advance_upload", lock="imports", upload_id=upload.id)


def _folder(settings: Settings) -> Path:
    return settings.data / "files"


def _pairs(name: str, text: str) -> dict[str, str]:
    pairs = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        left, equals, right = line.rpartition("=") if name == "mapping" else line.partition("=")
        if not equals:
            raise BadParameterError(name, line, "heading=field" if name == "mapping" else "field=value")
        pairs[left.strip()] = right.strip()
    return pairs


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadParameterError("dated_on", text, "a day as 2026-11-21") from None
