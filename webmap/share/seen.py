"""How often links were opened, by day, and what was looked at through them: shown to who made them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.conditions import shown
from geo.exports.svg_chart import Point, draw_chart
from geo.model import Building, Unit
from webmap import reads
from webmap.names import hant, label
from webmap.numbers import number
from webmap.share.models import ShortLink

DAYS = 30
MOST_THINGS = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """Openings of the last `days` days and of each of them, and what was looked at: path, name, how often."""

    days: int
    opened: int
    by_day: dict[date, int]
    chart: Markup
    things: Sequence[tuple[str, str, int]]


def openings(session: Session, links: Sequence[ShortLink], today: date) -> dict[int, int]:
    """Link id → how often it was opened in the last `DAYS` days."""
    return reads.by_thing(session, reads.LINK, _first(today), thing_ids=[link.id for link in links]) if links else {}


def seen_through(session: Session, public: Session, link: ShortLink, today: date) -> Seen:
    """What is known of the readers of a link: numbers, nobody's name; `public` decides what may be named."""
    by_day = reads.by_day(session, reads.LINK, [link.id], _first(today))
    return Seen(DAYS, sum(by_day.values()), by_day, _chart(by_day, today), _things(session, public, link, today))


def _first(today: date) -> date:
    return today - timedelta(days=DAYS - 1)


def _chart(by_day: dict[date, int], today: date) -> Markup:
    days = [_first(today) + timedelta(days=each) for each in range(DAYS)]
    points = [Point(f"{day:%m-%d}", float(by_day.get(day, 0))) for day in days]
    return Markup(draw_chart(points, title=gettext("每天打开的次数"), say=number, colour="#14508f"))


def _things(session: Session, public: Session, link: ShortLink, today: date) -> list[tuple[str, str, int]]:
    units = reads.by_thing(session, reads.UNIT, _first(today), link_id=link.id)
    houses = reads.by_thing(session, reads.BUILDING, _first(today), link_id=link.id)
    named = [("/u/", units, _units(public, units)), ("/b/", houses, _buildings(public, houses))]
    found = [
        (f"{path}{names[ident][0]}", names[ident][1], often)
        for path, counted, names in named
        for ident, often in counted.items()
        if ident in names
    ]
    return sorted(found, key=lambda each: -each[2])[:MOST_THINGS]


def _units(public: Session, ids: dict[int, int]) -> dict[int, tuple[str, str]]:
    columns = (Unit.id, Unit.code, Unit.label, Building.name, Building.name_en, Building.address)
    chosen = select(*columns).join(Building, Building.id == Unit.building_id)
    rows = public.execute(chosen.where(Unit.id.in_(ids), *shown(Unit, False), *shown(Building, False)))
    return {row.id: (row.code, f"{label(row) or hant(row.address)} {row.label}") for row in rows}


def _buildings(public: Session, ids: dict[int, int]) -> dict[int, tuple[str, str]]:
    chosen = select(Building.id, Building.code, Building.name, Building.name_en, Building.address)
    rows = public.execute(chosen.where(Building.id.in_(ids), *shown(Building, False)))
    return {row.id: (row.code, label(row) or hant(row.address)) for row in rows}
