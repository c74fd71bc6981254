"""Finds the area, building or enterprise that somebody names: by code, by credit code, or by its whole name."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import UnknownValueError
from geo.figures.kinds import PLACES
from geo.model import Area, Building, Enterprise

Place = Area | Building | Enterprise

_MODELS: dict[str, Any] = {"area": Area, "building": Building, "enterprise": Enterprise}
_TOLD = 5
PLACE_NAMES = {"area": "区域", "building": "楼宇", "enterprise": "企业"}


def find_place(session: Session, kind: str, words: str) -> Place:
    """The place that a code or a whole name means.

    Raises
    ------
    UnknownValueError
        None, or several; the message says which and what to write.
    """
    model, words = _MODELS[kind], words.strip()
    named = [model.code == words, *([Enterprise.credit_code == words] if model is Enterprise else [])]
    standing = model.withdrawn_at.is_(None)
    for condition in (*named, model.name == words):
        found = session.scalars(select(model).where(standing, condition).order_by(model.id).limit(_TOLD + 1)).all()
        if len(found) == 1:
            place: Place = found[0]
            return place
        if found:
            codes = "、".join(each.code for each in found[:_TOLD])
            raise UnknownValueError(f"There are several called {words!r}; write the code of one: {codes}.")
    raise UnknownValueError(f"There is no {kind} {words!r}; write its whole name or its code, as its page shows it.")


def place_of(figure: Any) -> tuple[str, int]:
    """What a figure is of: the kind of place, and its id."""
    return next((kind, ident) for kind in PLACES if (ident := getattr(figure, f"{kind}_id")) is not None)


def get_place(session: Session, kind: str, ident: int) -> Place:
    """The place with an id."""
    place: Place = session.get_one(_MODELS[kind], ident)
    return place
