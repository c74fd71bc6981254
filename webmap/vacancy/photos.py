"""A photo with a line of a return: what its sender wants staff to see before they decide."""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from geo.errors import EditConflictError, NotFoundError
from webmap import files
from webmap.images import MOST_BYTES, read_image
from webmap.permissions import User
from webmap.vacancy.models import ReturnLine


def find_line(session: Session, number: int) -> ReturnLine:
    """The line of a number.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = session.get(ReturnLine, number) if number < 2**63 else None
    if found is None:
        raise NotFoundError(f"There is no line {number}.")
    return found


def add_photo(session: Session, user: User, folder: Path, line: ReturnLine, photo: BinaryIO) -> None:
    """Put a photo beside a line that nobody has decided on, instead of one that was there.

    Raises
    ------
    EditConflictError
        Staff have decided on the line since.
    webmap.errors.FileRefusedError, webmap.errors.FileTooLargeError
        The photo is not taken.
    """
    if line.outcome != "waiting":
        raise EditConflictError("The line has been decided on; report once more to add a photo.")
    data = BytesIO(read_image(photo).large)
    stored = files.store_file(session, user, folder, data, "line.jpg", limit_bytes=MOST_BYTES)
    line.photo_sha256 = stored.sha256
    session.flush()
