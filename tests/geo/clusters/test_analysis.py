"""A planner asks where an industry gathers: the answer is in cells, with every number it rests on."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from psycopg.types.range import Range
from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.clusters.analysis import STATISTICS, Question, Statistic, analyse
from geo.clusters.residents import Residents, load_residents
from geo.looking_back import driver_of
from geo.model import Tenancy
from geo.snapshot import Moment
from geo.taxonomy import map_groups
from tests.factories import create_building, create_enterprise, create_source, square

NOW = Moment(date(2026, 5, 1), datetime(2030, 1, 1, tzinfo=UTC))
INDUSTRIES = [("finance", "6760"), ("it", "6510"), ("business", "7231"), ("other", None)]


def residents(seed: int = 3, *, gathered: int = 120) -> Residents:
    """400 buildings with ten firms each, and finance gathered in one place."""
    random = np.random.default_rng(seed)
    lon, lat = 121.47 + random.uniform(-0.02, 0.02, 400), 31.23 + random.uniform(-0.015, 0.015, 400)
    building = np.repeat(np.arange(400), 4)
    numbers = random.multinomial(10, [0.1, 0.3, 0.3, 0.3], 400).ravel()
    middle = np.hypot((lon - 121.475) * 0.855, lat - 31.235) < 0.003
    finance = np.flatnonzero(middle[building] & (np.tile(np.arange(4), 400) == 0))
    np.add.at(numbers, random.choice(finance, gathered), 1)
    places = (np.rint(each * 1e6).astype(np.int32) for each in (lon, lat))
    return Residents(np.arange(400) + 7000, *places, building, np.tile(np.arange(4), 400), numbers, INDUSTRIES)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_where_an_industry_was_gathered_cells_are_hot_and_hardly_any_elsewhere(statistic: Statistic) -> None:
    found = analyse(residents(), Question("J", statistic))
    assert found is not None
    assert found.hot.any()
    away = [np.hypot((o.centroid.x - 121.475) * 0.855, o.centroid.y - 31.235) for o in found.outlines[found.hot]]
    assert np.median(away) < 0.004
    assert np.mean(np.array(away) > 0.0075) < 0.2


def test_the_numbers_of_a_cell_can_be_worked_out_again() -> None:
    found = analyse(residents(), Question("finance"))
    assert found is not None
    assert found.here.sum() == found.total
    assert found.all_here.sum() == found.everything
    assert found.expected == pytest.approx(found.all_near * found.total / found.everything)
    assert found.quotient == pytest.approx(found.near / found.expected)
    assert found.z == pytest.approx((found.near - found.expected) / np.sqrt(found.expected))
    assert (found.q >= found.p).all()
    assert (found.small == (found.expected < 5)).all()
    assert (found.near >= found.here).all()


def test_without_neighbours_a_cell_stands_for_itself() -> None:
    found = analyse(residents(), Question("finance", rings=0))
    assert found is not None
    assert (found.near == found.here).all()


def test_chance_alone_is_hardly_ever_called_hot() -> None:
    called = [analyse(residents(seed, gathered=0), Question("finance")) for seed in range(20)]
    assert sum(bool(found is not None and (found.hot | found.cold).any()) for found in called) <= 5


def test_the_cells_stay_where_they_are_when_somebody_moves_in() -> None:
    now, then = residents(), residents(gathered=0)
    cells = [{outline.centroid.wkt for outline in _outlines(each)} for each in (now, then)]
    assert cells[0] == cells[1]


def test_the_leading_industry_is_the_one_with_the_most_enterprises() -> None:
    found = analyse(residents(gathered=4000), Question("finance", rings=0))
    assert found is not None
    groups = [group.code for group in map_groups()]
    assert groups[found.leading[found.here.argmax()]] == "finance"


def test_each_cell_names_its_building_with_most_of_the_industry() -> None:
    some = residents(gathered=4000)
    found = analyse(some, Question("finance", rings=0))
    assert found is not None
    of_it = some.of("finance")
    most = np.bincount(some.building[of_it], some.enterprises[of_it], 400)
    assert found.chief[found.here.argmax()] - 7000 in np.flatnonzero(most > 0)
    assert len({*found.chief.tolist()}) == len(found.chief)
    assert most.argmax() + 7000 in found.chief


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("finance", [0]), ("J", [0]), ("67", [0]), ("legal", [2]), ("L", [2]), ("7231", [2]), ("other", [3]), ("A", [])],
)
def test_an_industry_is_asked_for_by_group_section_division_or_code(asked: str, expected: list[int]) -> None:
    some = residents()
    assert sorted({*some.industry[some.of(asked)].tolist()}) == expected


def test_in_an_empty_district_there_is_nothing_to_find() -> None:
    nobody = Residents(*(np.zeros(0, int) for _ in range(6)), [])
    assert analyse(nobody, Question("finance")) is None
    assert analyse(residents(), Question("A")) is None


def test_residents_are_those_of_the_day_as_known_then(session: Session) -> None:
    tower = create_building(session, square())
    stays = create_enterprise(session, tower, industry_group="finance", industry_code="6760")
    create_enterprise(session, tower, industry_group="finance", industry_code="6760")
    left = create_enterprise(session, tower, industry_group="it", industry_code="6510")
    _between(session, left.id, valid=Range(date(2025, 1, 1), date(2026, 3, 1)))
    corrected = create_enterprise(session, tower, industry_group="it", industry_code="6420")
    _between(session, corrected.id, known=Range(datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)))
    found = load_residents(driver_of(session), NOW)
    assert _told(found) == {("finance", "6760"): 2}
    assert found.building_ids.tolist() == [tower.id]
    earlier = Moment(date(2026, 2, 1), datetime(2026, 2, 1, tzinfo=UTC))
    _between(session, stays.id, known=Range(datetime(2020, 1, 1, tzinfo=UTC), None))
    _between(session, left.id, known=Range(datetime(2020, 1, 1, tzinfo=UTC), None))
    assert _told(load_residents(driver_of(session), earlier)) == {
        ("finance", "6760"): 1,
        ("it", "6420"): 1,
        ("it", "6510"): 1,
    }


def test_an_enterprise_with_two_rooms_counts_once_and_an_individual_trader_not_at_all(session: Session) -> None:
    tower = create_building(session, square())
    firm = create_enterprise(session, tower, industry_group="it", industry_code="6510")
    session.add(Tenancy(enterprise_id=firm.id, building_id=tower.id, source_id=firm.source_id))
    create_enterprise(session, tower, industry_group="trade", industry_code="5212", is_individual=True)
    session.flush()
    assert _told(load_residents(driver_of(session), NOW)) == {("it", "6510"): 1}


def test_what_is_not_public_is_not_among_the_residents(session: Session) -> None:
    tower = create_building(session, square())
    create_enterprise(session, tower, publishable=False)
    create_enterprise(session, tower, withdrawn_at=datetime(2026, 1, 1, tzinfo=UTC))
    create_enterprise(session, tower, source_id=create_source(session, publishable=False).id)
    create_enterprise(session, create_building(session, square(121.48), publishable=False))
    assert _told(load_residents(driver_of(session), NOW)) == {}


def _told(found: Residents) -> dict[tuple[str, str | None], int]:
    return {found.industries[at]: int(n) for at, n in zip(found.industry, found.enterprises, strict=True)}


def _between(session: Session, enterprise_id: int, **ranges: Range) -> None:
    session.execute(update(Tenancy).where(Tenancy.enterprise_id == enterprise_id).values(**ranges))


def _outlines(some: Residents) -> np.ndarray:
    found = analyse(some, Question("finance"))
    assert found is not None
    return found.outlines
