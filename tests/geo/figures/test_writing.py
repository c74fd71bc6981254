"""A correction keeps what was said before, with who and when; the same said again changes nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.errors import EditConflictError, FigureRefusedError
from geo.figures import (
    Counted,
    FigureEntry,
    Period,
    TargetEntry,
    enter_figure,
    period_from_text,
    said_before,
    set_target,
    withdraw,
)
from geo.history import Author
from geo.model import Figure
from tests.factories import create_area, create_building, create_figure, create_source

TODAY = date(2026, 11, 22)


@pytest.fixture
def entry(session: Session) -> FigureEntry:
    building = create_building(session)
    period, counted = Period.year(2025), Counted()
    return FigureEntry(
        indicator="tax", place="building", place_id=building.id, period=period, counted=counted, value=Decimal(100)
    )


@pytest.fixture
def author(session: Session) -> Author:
    return Author(create_source(session, publishable=False, secrecy="internal").id, 7)


def test_a_correction_keeps_what_was_said_and_by_whom(session: Session, entry: FigureEntry, author: Author) -> None:
    first = enter_figure(session, entry, author, TODAY)
    second = enter_figure(session, replace(entry, value=Decimal(120)), Author(author.source_id, 8), TODAY)
    told = said_before(session, second)
    assert [(row.value, row.entered_by, row.ended_by) for row in told] == [(120, 8, None), (100, 7, 8)]
    assert told[1].known.upper == told[0].known.lower
    assert first.code != second.code


def test_the_same_said_again_changes_nothing(session: Session, entry: FigureEntry, author: Author) -> None:
    first = enter_figure(session, entry, author, TODAY)
    assert enter_figure(session, replace(entry, value=Decimal("100.00")), author, TODAY) is first
    assert len(said_before(session, first)) == 1


def test_another_period_scope_or_source_is_another_figure(session: Session, entry: FigureEntry, author: Author) -> None:
    enter_figure(session, entry, author, TODAY)
    enter_figure(session, replace(entry, period=period_from_text("2025Q1")), author, TODAY)
    enter_figure(session, replace(entry, counted=Counted(scope="local")), author, TODAY)
    enter_figure(session, entry, Author(create_source(session).id), TODAY)
    rows = session.scalars(select(Figure)).all()
    assert len(rows) == 4
    assert all(row.known.upper is None for row in rows)


def test_who_was_overtaken_is_told(session: Session, entry: FigureEntry, author: Author) -> None:
    first = enter_figure(session, entry, author, TODAY, seen=None)
    enter_figure(session, replace(entry, value=Decimal(110)), author, TODAY, seen=first.code)
    with pytest.raises(EditConflictError):
        enter_figure(session, replace(entry, value=Decimal(120)), author, TODAY, seen=first.code)


def test_what_was_entered_by_mistake_is_taken_back_and_stays_readable(
    session: Session, entry: FigureEntry, author: Author
) -> None:
    row = enter_figure(session, entry, author, TODAY)
    withdraw(session, row, 9)
    assert [(each.value, each.ended_by) for each in said_before(session, row)] == [(100, 9)]
    with pytest.raises(EditConflictError):
        withdraw(session, row, 9)
    again = enter_figure(session, entry, author, TODAY)
    assert again.id != row.id


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"period": Period.year(2026)}, "has not ended"),
        ({"counted": None}, "how it was counted"),
        ({"indicator": "employees", "counted": None, "value": Decimal(-1)}, "not negative"),
        ({"indicator": "star_buildings", "counted": None}, "area"),
        ({"indicator": "occupancy_rate", "counted": None, "value": Decimal(85)}, "100 %"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(
    session: Session, entry: FigureEntry, author: Author, change: dict, told: str
) -> None:
    with pytest.raises(FigureRefusedError, match=told):
        enter_figure(session, replace(entry, **change), author, TODAY)


def test_the_database_itself_refuses_two_values_known_at_once(session: Session) -> None:
    building = create_building(session)
    values = {"building_id": building.id, "source_id": building.source_id}
    create_figure(session, **values)
    with pytest.raises(IntegrityError, match="ex_figures_known"), session.begin_nested():
        create_figure(session, value=5, **values)


def test_a_target_without_a_year_stays_without_one(session: Session, author: Author) -> None:
    area = create_area(session)
    whole = TargetEntry(area_id=area.id, indicator="occupancy_rate", bound="at_least", value=Decimal("0.9"))
    some = set_target(session, whole, author)
    set_target(session, replace(whole, year=2026, value=Decimal("0.85")), author)
    later = set_target(session, replace(whole, value=Decimal("0.92")), author)
    assert (later.year, [row.value for row in said_before(session, later)]) == (None, [Decimal("0.92"), Decimal("0.9")])
    assert some.known.upper is not None
