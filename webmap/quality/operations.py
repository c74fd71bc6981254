"""Makes the board for those who look: which buildings they may see, which area they ask for, in which order."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import shapely
from psycopg.rows import namedtuple_row
from sqlalchemy import BigInteger, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from geo.db import query
from geo.errors import BadParameterError, NotFoundError
from geo.kept import Kept
from geo.looking_back import driver_of
from geo.model import Area, Building
from geo.quality.board import NO_DAY, Age, Board, Mask, Told, make_board
from geo.quality.reading import Held, read_held
from geo.quality.rules import REASONS, Rules
from geo.quality.work import Work, make_work
from geo.row_arrays import Array
from webmap.names import label
from webmap.permissions import User, may, may_somewhere, reach
from webmap.quality.stock_files import LARGE, stock_of

SEE = "see_quality"
KEPT_S = 60
"""Boards of large cities are kept for a minute."""

STAFF_REASONS = ("report", "contradicted", "disagree")
"""What visitors, staff and files say against a building is for staff alone."""


@dataclass(slots=True)
class Worked:
    """Boards of large cities that were made lately."""

    kept: Kept[object, Work] = field(default_factory=lambda: Kept(4))
    public: Kept[object, Board] = field(default_factory=lambda: Kept(1))
    sources: Kept[object, Sequence[Any]] = field(default_factory=lambda: Kept(4))


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area with what is known of its buildings."""

    area: Any
    told: Told
    fresh: Told
    age: Age
    buildings: int
    disputes: int
    worth: float


def work_for(session: Session, user: User, rules: Rules, today: date, worked: Worked) -> Work:
    """The board of all buildings that somebody may see, with the reasons to look at them."""
    ids = ids_within(session, user, SEE)
    key = _scope(user, ids, today)
    if found := worked.kept.get(key):
        return found
    stock = stock_of(today, staff=True) if ids is None else None
    held = read_held(session, today, rules, ids, staff=True, stock=stock)
    made = make_work(make_board(_seen(session, user, held), rules))
    return worked.kept.keep(key, made) if len(made.board.ids) >= LARGE else made


def sources_for(
    session: Session, user: User, work: Work, area: Any, among: Mask, today: date, worked: Worked
) -> Sequence[Any]:
    """What each source supplies to the buildings of an area, or to all of the board."""
    shown, rules = work.board.ids[among], work.board.rules
    if len(shown) < LARGE:
        return sources_of(session, today, rules, shown, staff=is_staff_of(session, user, shown))
    key = (_scope(user, ids_within(session, user, SEE), today), area.code if area else None)
    if found := worked.sources.get(key):
        return found
    return worked.sources.keep(key, sources_of(session, today, rules, shown, staff=is_staff_of(session, user, shown)))


def work_of(session: Session, user: User, building: Building, rules: Rules, today: date) -> Work:
    """The same of one building.

    Raises
    ------
    NotFoundError
        It is not listed.
    """
    held = _seen(session, user, read_held(session, today, rules, [building.id], staff=True))
    if not len(held.buildings):
        raise NotFoundError(f"The building {building.code!r} is not listed.")
    return make_work(make_board(held, rules))


def building_named(session: Session, code: str) -> Building:
    """The building of a code.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = session.scalar(select(Building).where(Building.code == code, Building.withdrawn_at.is_(None)))
    if found is None:
        raise NotFoundError(f"There is no building {code!r} here.")
    return found


def public_board(session: Session, rules: Rules, today: date, worked: Worked, versions: Any) -> Board:
    """What visitors are told of all listed buildings; made anew when the public state has a new version."""
    key = (versions.get("state"), versions.get("buildings"), today)
    if found := worked.public.get(key):
        return found
    rules = rules.for_visitors()
    held = read_held(session, today, rules, staff=False, stock=stock_of(today, staff=False))
    return worked.public.keep(key, make_board(held, rules))


def ids_within(session: Session, user: User, action: str, among: Sequence[int] | None = None) -> list[int] | None:
    """The buildings that somebody may do something to, out of some; None where it is all of all."""
    if may(user, action):
        return None if among is None else list(among)
    chosen = select(Building.id).where(reach(user, action))
    if among is not None:
        chosen = chosen.where(_is_any(), Building.id.is_not(None))
        return list(session.scalars(chosen, {"ids": list(among)}))
    return list(session.scalars(chosen))


def is_staff_of(session: Session, user: User, ids: Array) -> bool:
    """Whether somebody is staff for each of some buildings."""
    return len(ids_within(session, user, "see_staff_values", ids.tolist()) or ()) == len(ids)


def areas_of(session: Session, user: User, work: Work) -> list[AreaRow]:
    """Every area with a building of the board, the worst first within its level."""
    rows = []
    for area in session.execute(_areas_for(user)):
        inside = standing_in(work.board, area.geom)
        if inside.any():
            rows.append(_area_row(work, area, inside))
    levels = {level: place for place, level in enumerate(("city", "district", "subdistrict", "zone", "block"))}
    return sorted(rows, key=lambda row: (levels.get(row.area.level, 9), -row.worth))


def area_named(session: Session, user: User, code: str) -> Any:
    """The area of a code.

    Raises
    ------
    BadParameterError
        There is none.
    """
    found = session.execute(_areas_for(user).where(Area.code == code)).one_or_none()
    if found is None:
        raise BadParameterError("area", code[:20], "the code of an area")
    return found


def standing_in(board: Board, geom: Any) -> Mask:
    """Which buildings stand in an area."""
    outline = shapely.from_wkb(bytes(geom.data))
    shapely.prepare(outline)
    inside: Mask = shapely.contains_xy(outline, board.held.buildings["lon"], board.held.buildings["lat"])
    return inside


def in_order(work: Work, among: Mask, sort: str) -> Array:
    """The places of the marked buildings, what needs most first by worth, completeness, age or disputes."""
    board = work.board
    keys = {
        "worth": -work.worth.sum(axis=1),
        "completeness": np.nan_to_num(board.completeness, nan=2),
        "age": -board.median_days,
        "disputes": -work.disputes,
    }
    order = np.lexsort((-work.worth.sum(axis=1), keys[sort]))
    return order[among[order]]


def names_of(session: Session, ids: Array) -> dict[int, Any]:
    """Building → its code, names and address, with what pages call it as `label`."""
    columns = (Building.id, Building.code, Building.name, Building.name_en, Building.address)
    rows = session.execute(select(*columns).where(_is_any()), {"ids": ids.tolist()})
    return {row.id: row for row in rows}


def told_name(row: Any) -> str:
    """What pages call a building."""
    return label(row) or row.address or row.code


def fresh_units(board: Board, among: Mask) -> Told:
    """Units on which somebody has said a word lately."""
    return board.told([board.rules.fields[board.rules.place_of("vacancy_fresh")]], among)


def age_of_units(board: Board, among: Mask) -> Age:
    """How long ago somebody said a word on the units of some buildings."""
    return board.age([board.rules.fields[board.rules.place_of("vacancy_fresh")]], among)


def days_or_none(days: Any) -> int | None:
    """An age of the board, None where there is none."""
    return None if days == NO_DAY else int(days)


def sources_of(session: Session, today: date, rules: Rules, ids: Array | None, *, staff: bool) -> Sequence[Any]:
    """What each source supplies to some buildings, or to all."""
    values = {"today": today, "zone": rules.zone, "ids": None if ids is None else ids.tolist()}
    with driver_of(session).cursor(row_factory=namedtuple_row) as cursor:
        return cursor.execute(query("quality_sources", staff=staff), values).fetchall()


def _scope(user: User, ids: Sequence[int] | None, today: date) -> tuple[object, ...]:
    """Who sees the same in the same minute: those of the same buildings, or whoever sees all of all."""
    own = tuple(ids) if ids is not None else user.id if not may(user, "see_staff_values") else None
    return own, today, int(time.time() / KEPT_S)


def _seen(session: Session, user: User, held: Held) -> Held:
    """Without what is for staff alone, where somebody is none."""
    if may(user, "see_staff_values"):
        return held
    own = np.array(ids_within(session, user, "see_staff_values"), np.int64)
    secret = np.isin(held.disputes["reason"], [REASONS.index(code) + 1 for code in STAFF_REASONS])
    shown = ~secret | np.isin(held.disputes["building"], own)
    return replace(held, disputes=held.disputes[shown], edits=held.edits[np.isin(held.edits["building"], own)])


def _area_row(work: Work, area: Any, inside: Mask) -> AreaRow:
    board = work.board
    told, fresh = board.told(board.rules.fields, inside), fresh_units(board, inside)
    age, worth = age_of_units(board, inside), float(work.worth[inside].sum())
    return AreaRow(area, told, fresh, age, int(inside.sum()), int(work.disputes[inside].sum()), worth)


def _areas_for(user: User) -> Any:
    """The areas that somebody may hear of: staff of any place of all, others of the public ones."""
    return _AREAS if may_somewhere(user, "see_staff_values") else _AREAS.where(Area.publishable)


def _is_any() -> Any:
    # One parameter however many they are: a statement takes 65,535.
    return Building.id == any_(bindparam("ids", type_=ARRAY(BigInteger)))


_AREAS = select(Area.id, Area.code, Area.level, Area.name, Area.name_en, Area.geom).where(Area.withdrawn_at.is_(None))
