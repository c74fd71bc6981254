"""The larger part of the board comes out of its file as it went in, and patched as it would be read anew."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session

from geo.looking_back import driver_of
from geo.model import Building
from geo.quality.reading import Stock, read_stock
from geo.quality.stock_file import opened, packed, replaced
from tests.factories import create_building, create_floor, create_unit, square

TODAY = date(2026, 11, 22)


def read(session: Session, *buildings: Building) -> Stock:
    session.flush()
    return read_stock(driver_of(session), TODAY, [building.id for building in buildings], staff=True)


def kept(folder: Path, stock: Stock) -> Stock:
    path = folder / "file"
    path.write_bytes(packed(stock, 7, TODAY).data)
    return opened(path)


def same(one: Stock, other: Stock) -> bool:
    """Whether both say the same of every building, row by row in any order."""
    return one.keys() == other.keys() and all(np.array_equal(np.sort(one[name]), np.sort(other[name])) for name in one)


@pytest.fixture
def towers(session: Session) -> list[Building]:
    towers = [create_building(session, square(121.4 + n / 100), name=f"{n}座") for n in range(3)]
    for tower in towers:
        for number in (2, 1):
            create_unit(session, create_floor(session, tower, number))
    return towers


def test_what_is_written_is_read_in_the_order_of_the_buildings(
    session: Session, towers: list[Building], tmp_path: Path
) -> None:
    stock = read(session, *towers)
    found = kept(tmp_path, stock)
    assert same(found, stock)
    assert len(found["units"]) == 6
    assert (np.diff(found["units"]["building"]) >= 0).all()


def test_a_file_of_nothing_can_be_opened(session: Session, tmp_path: Path) -> None:
    assert [len(rows) for rows in kept(tmp_path, read(session)).values()] == [0, 0, 0, 0]


def test_changed_buildings_are_replaced_and_unlisted_ones_gone(
    session: Session, towers: list[Building], tmp_path: Path
) -> None:
    before = kept(tmp_path, read(session, *towers))
    create_unit(session, create_floor(session, towers[1], 3))
    towers[2].name, towers[2].managed = None, False
    changed = [tower.id for tower in towers[1:]]
    after = replaced(before, read(session, *towers[1:]), changed)
    assert same(kept(tmp_path, after), read(session, *towers))
    assert [len(after[name]) for name in ("buildings", "units")] == [2, 5]
