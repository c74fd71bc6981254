"""Pictures are added, described, put in order and deleted; bytes that no picture names any more leave the disk."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from geo.errors import BadParameterError, NotFoundError
from geo.model import Building, Floor, Unit
from webmap import files
from webmap.auth.models import User
from webmap.images import MOST_BYTES, read_image
from webmap.models import Picture, StoredFile

KINDS = ("photo", "plan", "tour")
TEXT_LENGTH = 300
URL_LENGTH = 1000


def places_in(session: Session, building: Building) -> tuple[Sequence[Floor], Sequence[Unit]]:
    """Floors from the top and units by their labels, of which there may be pictures."""
    floors = session.scalars(select(Floor).where(Floor.building_id == building.id).order_by(Floor.position.desc()))
    here = (Unit.building_id == building.id, Unit.withdrawn_at.is_(None))
    return floors.all(), session.scalars(select(Unit).where(*here).order_by(Unit.label)).all()


def all_pictures(session: Session, building: Building) -> Sequence[Picture]:
    """Every picture of a building in its order."""
    chosen = select(Picture).where(Picture.building_id == building.id)
    return session.scalars(chosen.order_by(Picture.place, Picture.id)).all()


def add(
    session: Session, user: User, folder: Path, building: Building, form: Mapping[str, str], image: BinaryIO | None
) -> Picture:
    """Add what the form says: a picture with its bytes, or the link of a tour.

    Raises
    ------
    BadParameterError
        A field is not understood.
    webmap.errors.FileRefusedError, webmap.errors.FileTooLargeError
        The picture is not taken.
    """
    kind = form.get("kind", "")
    if kind not in KINDS:
        raise BadParameterError("kind", kind, ", ".join(KINDS))
    picture = Picture(kind=kind, building_id=building.id, user_id=user.id)
    describe(picture, form)
    _put(session, picture, building, form.get("of", ""))
    if kind == "tour":
        picture.url = _tour(form.get("url", ""))
    elif image is None:
        raise BadParameterError("file", "", "a JPEG, PNG or WebP picture")
    else:
        _keep(session, user, folder, picture, image)
    session.add(picture)
    session.flush()
    return picture


def describe(picture: Picture, form: Mapping[str, str]) -> None:
    """Set the words and the place in the order.

    Raises
    ------
    BadParameterError
        What it shows or where it is from is not said, or something is too long.
    """
    for name in ("alt", "source", "caption"):
        text = " ".join(form.get(name, "").split())
        if len(text) > TEXT_LENGTH or (not text and name != "caption"):
            raise BadParameterError(name, text[:20], f"1 to {TEXT_LENGTH} characters")
        setattr(picture, name, text or None)
    place = form.get("place", "").strip() or "0"
    if not place.isascii() or not place.isdecimal() or len(place) > 4:
        raise BadParameterError("place", place[:20], "a number from 0 to 9999")
    picture.place = int(place)


def find(session: Session, code: str) -> Picture:
    """The picture of a code, for who may change it.

    Raises
    ------
    NotFoundError
        There is none.
    """
    picture = session.scalar(select(Picture).where(Picture.code == code))
    if picture is None:
        raise NotFoundError(f"There is no picture {code!r}.")
    return picture


def delete(session: Session, folder: Path, picture: Picture) -> list[Path]:
    """Delete a picture; gives the paths of bytes that nothing names any more, to be deleted after the commit."""
    hashes = [each for each in (picture.large_sha256, picture.small_sha256) if each]
    session.delete(picture)
    session.flush()
    gone = []
    for sha256 in hashes:
        named = select(Picture.id).where(or_(Picture.large_sha256 == sha256, Picture.small_sha256 == sha256))
        if session.scalar(named.limit(1)) is None and (file := session.get(StoredFile, sha256)):
            gone.append(files.forget_file(session, folder, file))
    return gone


def _put(session: Session, picture: Picture, building: Building, of: str) -> None:
    """Set whether it is of a floor, a unit or the building as a whole."""
    floors, units = places_in(session, building)
    picture.floor_id = next((floor.id for floor in floors if f"f{floor.id}" == of), None)
    picture.unit_id = next((unit.id for unit in units if unit.code == of), None)
    if of and picture.floor_id is None and picture.unit_id is None:
        raise BadParameterError("of", of, "a floor or unit of the building")


def _tour(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme != "https" or not parts.hostname or len(url) > URL_LENGTH or "@" in parts.netloc:
        raise BadParameterError("url", url[:50], "an address that begins with https://")
    return url.strip()


def _keep(session: Session, user: User, folder: Path, picture: Picture, image: BinaryIO) -> None:
    sizes = read_image(image)
    large, small = (
        files.store_file(session, user, folder, BytesIO(data), "picture.jpg", limit_bytes=MOST_BYTES)
        for data in (sizes.large, sizes.small)
    )
    picture.large_sha256, picture.small_sha256 = large.sha256, small.sha256
    picture.width, picture.height = sizes.width, sizes.height
