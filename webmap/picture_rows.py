"""The pictures that visitors may see: those of public buildings, and of units that stand there today."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from geo.conditions import shown, standing
from geo.model import Building, Unit
from webmap.models import Picture

_COLUMNS = (
    *(Picture.code, Picture.kind, Picture.floor_id, Picture.unit_id, Picture.alt, Picture.caption, Picture.source),
    *(Picture.url, Picture.width, Picture.height, Picture.large_sha256, Picture.small_sha256),
)


def pictures_of(session: Session, building_id: int, today: date) -> Sequence[Any]:
    """All pictures of a building, its floors and units, in their order."""
    return session.execute(_seen(today).where(Picture.building_id == building_id)).all()


def picture_with(session: Session, code: str, today: date) -> Any:
    """The picture of a code, or nothing where it may not be seen."""
    return session.execute(_seen(today).where(Picture.code == code)).one_or_none()


def _seen(today: date) -> Any:
    there = select(Unit.id).where(Unit.id == Picture.unit_id, *standing(today)).exists()
    return (
        select(*_COLUMNS)
        .join(Building, Building.id == Picture.building_id)
        .where(*shown(Building, False), or_(Picture.unit_id.is_(None), there))
        .order_by(Picture.place, Picture.id)
    )
