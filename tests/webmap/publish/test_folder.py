"""The folder of a copy over several publications."""

from pathlib import Path

import pytest

from webmap.errors import FolderRefusedError
from webmap.publish.folder import Written, opened


def publication(path: Path, *, state: bytes, page: bytes, clean: bool = False) -> Written:
    with opened(path) as folder:
        name = folder.put_named("data/state", ".z", state)
        folder.put("index.html", page + name.encode())
        return folder.finish(clean=clean)


def test_what_is_as_it_was_is_kept(tmp_path: Path) -> None:
    first = publication(tmp_path / "copy", state=b"one", page=b"page")
    second = publication(tmp_path / "copy", state=b"one", page=b"page")
    assert (first.written, first.kept) == (2, 0)
    assert (second.written, second.kept, second.removed, second.written_bytes) == (0, 2, 0, 0)


def test_data_of_the_copy_before_stay_for_open_pages_and_go_with_the_next(tmp_path: Path) -> None:
    path = tmp_path / "copy"
    publication(path, state=b"one", page=b"")
    old = next((path / "data").iterdir())
    assert publication(path, state=b"two", page=b"").removed == 0
    assert old.exists()
    assert publication(path, state=b"two", page=b"").removed == 1
    assert not old.exists()


def test_a_clean_publication_leaves_nothing_of_the_copy_before(tmp_path: Path) -> None:
    path = tmp_path / "copy"
    publication(path, state=b"one", page=b"")
    assert publication(path, state=b"two", page=b"", clean=True).removed == 1
    assert len(list((path / "data").iterdir())) == 1


def test_a_page_that_is_no_longer_public_goes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "copy"
    with opened(path) as folder:
        folder.put("b/withdrawn.html", b"page")
        folder.finish()
    assert publication(path, state=b"one", page=b"").removed == 1
    assert not (path / "b/withdrawn.html").exists()


def test_a_file_that_somebody_took_away_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "copy"
    publication(path, state=b"one", page=b"")
    (path / "index.html").unlink()
    assert publication(path, state=b"one", page=b"").written == 1


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FolderRefusedError, match="other files"), opened(tmp_path):
        pass
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_two_publications_into_one_folder_do_not_meet(tmp_path: Path) -> None:
    path, refused = tmp_path / "copy", pytest.raises(FolderRefusedError, match="another process")
    with opened(path), refused, opened(path):
        pass
