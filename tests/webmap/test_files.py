"""Stored files are named by their bytes, written once and still the same later."""

import io
import stat
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import NotFoundError
from tests.factories import create_user
from webmap.errors import FileRefusedError, FileTooLargeError
from webmap.files import is_intact, path_of, store_file
from webmap.models import StoredFile

DATA = "楼宇名称,建筑面积\n云澜大厦,24000\n".encode()
MB = 1_000_000


def _store(session: Session, folder: Path, data: bytes = DATA, name: str = "units.csv") -> StoredFile:
    return store_file(session, None, folder, io.BytesIO(data), name, limit_bytes=MB)


def test_what_was_stored_is_read_back_byte_for_byte(session: Session, tmp_path: Path) -> None:
    user = create_user(session)
    file = store_file(session, user, tmp_path / "files", io.BytesIO(DATA), "空置周报.CSV", limit_bytes=MB)
    assert path_of(tmp_path / "files", file).read_bytes() == DATA
    assert (file.size_bytes, file.content_type, file.name) == (len(DATA), "text/csv", "空置周报.CSV")
    assert file.user_id == user.id


def test_the_same_bytes_are_kept_once(session: Session, tmp_path: Path) -> None:
    first, second = _store(session, tmp_path), _store(session, tmp_path, name="again.csv")
    assert first.sha256 == second.sha256
    assert len(session.scalars(select(StoredFile)).all()) == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_nobody_else_reads_and_nobody_changes_a_stored_file(session: Session, tmp_path: Path) -> None:
    path = path_of(tmp_path / "files", _store(session, tmp_path / "files"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert stat.S_IMODE((tmp_path / "files").stat().st_mode) == 0o700


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(session: Session, tmp_path: Path) -> None:
    with pytest.raises(FileTooLargeError, match=r"over 1 MB"):
        _store(session, tmp_path, b"x" * (MB + 1))
    assert list(tmp_path.rglob("*")) == []
    assert session.scalars(select(StoredFile)).all() == []


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "macro.xlsm", "noending", "script.csv.exe"])
def test_other_kinds_of_files_are_refused_with_what_is_allowed(session: Session, tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefusedError, match=r"allowed: .*\.xlsx"):
        _store(session, tmp_path, name=name)


@pytest.mark.parametrize("name", ["../../etc/units.csv", "C:\\Users\\li\\units.csv", "un\x00its\u202e.csv"])
def test_a_name_keeps_neither_folders_nor_invisible_signs(session: Session, tmp_path: Path, name: str) -> None:
    assert _store(session, tmp_path, name=name).name == "units.csv"


def test_a_changed_byte_on_the_disk_is_noticed(session: Session, tmp_path: Path) -> None:
    file = _store(session, tmp_path)
    assert is_intact(tmp_path, file)
    path = path_of(tmp_path, file)
    path.chmod(0o600)
    path.write_bytes(DATA + b"x")
    assert not is_intact(tmp_path, file)


def test_lost_bytes_are_named_with_the_remedy(session: Session, tmp_path: Path) -> None:
    file = _store(session, tmp_path)
    path_of(tmp_path, file).unlink()
    with pytest.raises(NotFoundError, match="backup"):
        path_of(tmp_path, file)
