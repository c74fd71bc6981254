"""Reads a report as people send it in chats: "A座 12楼 1203 已租；15楼 整层 空置 1,480平 4.2元".

Nothing is written: every line comes back with the units it means and what it says of them, or with what is wrong, for a
preview in which the sender confirms.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import islice

from geo.returns.pasted_places import Rooms
from geo.returns.pasted_words import Word, words_of
from geo.returns.said import EMPTY, Said
from geo.returns.standing import UnitNow
from geo.text import fold_building_name

MOST_SIGNS = 20_000
MOST_STATEMENTS = 500
_SAME_AREA = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class PastedUnit:
    """A unit that a line means, and what the line makes of it."""

    unit: UnitNow
    said: Said
    since: date | None


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One statement with its units; `problems` say why there are none, `notes` what was taken for granted."""

    text: str
    units: tuple[PastedUnit, ...]
    problems: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Statement:
    """What was read so far of one statement."""

    texts: list[str] = field(default_factory=list)
    building: str | None = None
    floor: str | None = None
    own_floor: bool = False
    whole: bool = False
    rooms: str | None = None
    state: str | None = None
    area: Decimal | None = None
    rent: str | None = None
    free_on: date | None = None
    since: date | None = None
    tenant: str | None = None
    unread: list[str] = field(default_factory=list)

    @property
    def placed(self) -> bool:
        return self.rooms is not None or self.whole

    @property
    def says(self) -> bool:
        return any(each is not None for each in (self.state, self.area, self.rent, self.free_on, self.tenant))


def read_pasted(text: str, units: Sequence[UnitNow], names: Iterable[str], today: date) -> list[PastedLine]:
    """The statements of a text about the units of one building, which is called `names`."""
    called, rooms = [fold_building_name(name) for name in names if name], Rooms(units)
    statements = list(islice(_statements(words_of(text[:MOST_SIGNS], today)), MOST_STATEMENTS + 1))
    lines = [_line(each, rooms, called) for each in statements[:MOST_STATEMENTS]]
    too_many = (("too_many", str(MOST_STATEMENTS)),)
    return lines + [PastedLine(" ".join(each.texts), (), too_many) for each in statements[MOST_STATEMENTS:]]


def _statements(words: Iterable[Word]) -> Iterator[_Statement]:
    """Statements end with the sentence, or where a new place begins after something was said of the last."""
    now = _Statement()
    for word in words:
        begins = word.kind in ("floor", "rooms", "whole", "building") and now.placed and now.says
        if word.kind == "end" or begins:
            if now.texts:
                yield now
            now = _Statement(building=now.building, floor=now.floor)
        if word.kind != "end":
            _take(now, word)
    if now.texts:
        yield now


def _take(now: _Statement, word: Word) -> None:
    now.texts.append(word.text.strip())
    match word.kind:
        case "building":
            now.building = word.value
        case "floor":
            now.floor, now.own_floor = word.value, True
        case "whole":
            now.whole = True
        case "rooms":
            now.rooms = f"{now.rooms} {word.value}" if now.rooms else word.value
        case "state":
            now.state = now.state or word.value
        case "area":
            now.area = Decimal(word.value)
        case "rent":
            now.rent = word.value
        case "free_on":
            now.free_on = date.fromisoformat(word.value)
        case "since":
            now.since = date.fromisoformat(word.value)
        case "tenant":
            now.tenant = word.value
        case _:
            now.unread.append(word.text)


def _line(said: _Statement, rooms: Rooms, called: Sequence[str]) -> PastedLine:
    text = " ".join(said.texts)
    if said.building and called and not any(fold_building_name(said.building) in name for name in called):
        return PastedLine(text, (), (("other_building", said.building),))
    found, missing = _units(said, rooms)
    problems = [("no_room", label) for label in missing]
    if not said.placed:
        problems.append(("no_place", ""))
    if not said.says:
        problems.append(("nothing_said", ""))
    if problems or not found:
        return PastedLine(text, (), tuple(problems or [("no_room", said.floor or "")]))
    notes = [("unread", each) for each in said.unread] + _notes(said, found)
    return PastedLine(text, tuple(_unit(said, unit, len(found)) for unit in found), (), tuple(notes))


def _units(said: _Statement, rooms: Rooms) -> tuple[list[UnitNow], list[str]]:
    """The units a statement means, and the labels that no unit has."""
    if said.rooms is not None:
        return rooms.called(said.rooms, said.floor)
    return (rooms.on(said.floor) if said.whole and said.floor else []), []


def _unit(said: _Statement, unit: UnitNow, count: int) -> PastedUnit:
    """What a statement makes of a unit: what it does not mention stays as it is held."""
    made = replace(unit.said, state=said.state or unit.said.state)
    moved = made.state != unit.said.state
    if moved and made.state not in EMPTY:
        made = replace(made, offered=False)
    if said.free_on is not None:
        made = replace(made, offered=True, available_on=said.free_on)
    if said.rent is not None and (made.state in EMPTY or made.offered):
        amount, rent_unit = said.rent.split()[:2]
        made = replace(made, offered=True, rent_amount=Decimal(amount), rent_unit=rent_unit)
    if said.tenant is not None or moved:
        made = replace(made, tenant=said.tenant)
    if said.area is not None and count == 1:
        made = replace(made, area_m2=said.area)
    return PastedUnit(unit, made.whole(), said.since)


def _notes(said: _Statement, units: Sequence[UnitNow]) -> list[tuple[str, str]]:
    notes = [("rent_unit", said.rent.split()[1])] if said.rent and said.rent.endswith("assumed") else []
    whole = sum((unit.area_m2 or Decimal(0) for unit in units), Decimal(0))
    if said.area is not None and whole and abs(said.area - whole) > whole * _SAME_AREA:
        notes.append(("area", f"{whole:,.0f}"))
    return notes
