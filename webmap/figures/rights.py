"""Who sees and enters which figure: tax officers those of tax, for their buildings and areas; staff the others."""

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import Session

from geo.figures import FigureKind, figure_kinds
from geo.figures.places import Place
from geo.model import Area, Building, Enterprise, Figure
from webmap.permissions import ENTER_FIGURES, ENTER_TAX, Thing, Who, may, may_somewhere, reach, reach_areas

TAXES = tuple(kind.code for kind in figure_kinds() if kind.is_tax)


def kinds_for(who: Who) -> list[FigureKind]:
    """The kinds that somebody may enter of anything at all."""
    return [kind for kind in figure_kinds() if may_somewhere(who, action_of(kind))]


def action_of(kind: FigureKind) -> str:
    """The right that entering a kind takes."""
    return ENTER_TAX if kind.is_tax else ENTER_FIGURES


def may_enter(session: Session, who: Who, kind: FigureKind, place: Place) -> bool:
    """Whether somebody may enter a kind of a place; of an enterprise who may of the building it sits in."""
    return may(who, action_of(kind), thing_of(session, place))


def thing_of(session: Session, place: Place) -> Thing:
    """What the right to a place hangs on."""
    if isinstance(place, Enterprise):
        return session.get(Building, place.building_id) if place.building_id else None
    return place


def visible_to(who: Who) -> ColumnElement[bool]:
    """A condition on figures that are joined with their area, their building or that of their enterprise."""
    tax, other = _within(who, "see_tax"), _within(who, "see_staff_values")
    return or_(and_(Figure.indicator.in_(TAXES), tax), and_(Figure.indicator.not_in(TAXES), other))


def _within(who: Who, action: str) -> ColumnElement[bool]:
    if may(who, action):
        return true()
    held = and_(Building.id.is_not(None), reach(who, action))
    return or_(held, and_(Area.id.is_not(None), reach_areas(who, action)))
