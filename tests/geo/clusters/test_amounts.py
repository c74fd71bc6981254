"""Residents weighed by what they use or pay: sums, quotients and indices by hand, and PySAL's Gi* of the same sums."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from esda import G_Local
from libpysal.weights import WSP
from psycopg.types.range import Range
from scipy import sparse
from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.clusters.amounts import Amounts, load_areas, load_taxes
from geo.clusters.analysis import Question, analyse
from geo.clusters.indices import ellison_glaeser
from geo.looking_back import Moment, driver_of
from geo.model import Building, Enterprise, Tenancy
from tests.factories import create_building, create_enterprise, create_figure, create_floor, create_unit, square

INDUSTRIES = [("finance", "6620"), ("it", "6510"), ("trade", None)]


def amounts_of(seed: int, firms: int = 900, buildings: int = 120) -> Amounts:
    """Firms of three industries with sizes as skewed as real ones, in buildings over two kilometres."""
    random = np.random.default_rng(seed)
    lon, lat = (start + random.integers(0, 20_000, buildings) for start in (121_450_000, 31_220_000))
    building = np.sort(random.integers(0, buildings, firms))
    size = np.round(random.lognormal(5.5, 1.2, firms), 2)
    return Amounts(
        *(np.arange(1, buildings + 1), lon, lat, building, np.arange(firms) + 1),
        *(random.choice(3, firms, p=[0.2, 0.5, 0.3]), size, INDUSTRIES),
    )


def now() -> Moment:
    return Moment(date.today(), datetime.now(UTC))


def test_quotients_of_areas_are_shares_of_square_metres_by_hand() -> None:
    some = amounts_of(3)
    found = analyse(some.residents, Question("finance", by="area", statistic="gi", cell_m=500, rings=0))
    assert found is not None
    finance = some.amount * (some.industry == 0)
    within = found.cells.of[some.building]
    for cell in range(len(found.here)):
        here, everything = finance[within == cell].sum(), some.amount[within == cell].sum()
        by_hand = here / everything / (finance.sum() / some.amount.sum())
        assert found.quotient[cell] == pytest.approx(by_hand, rel=1e-9)
    assert (found.total, found.firms) == (round(finance.sum()), int((some.industry == 0).sum()))


@pytest.mark.parametrize("rings", [1, 2])
def test_gi_star_of_areas_equals_that_of_pysal(rings: int) -> None:
    some = amounts_of(4)
    found = analyse(some.residents, Question("it", by="area", statistic="gi", cell_m=250, rings=rings))
    assert found is not None
    near = found.cells.around(rings)
    weights = WSP(near - sparse.eye_array(len(found.here))).to_W(silence_warnings=True)
    theirs = G_Local(found.here, weights, transform="B", permutations=0, star=True)
    np.testing.assert_allclose(found.z, theirs.Zs, rtol=1e-9, atol=1e-9)


def test_sizes_of_firms_make_the_herfindahl_of_ellison_and_glaeser() -> None:
    some = amounts_of(5)
    found = analyse(some.residents, Question("trade", by="area", statistic="gi", cell_m=500))
    assert found is not None
    sizes = some.amount[some.industry == 2]
    counts = np.column_stack([found.all_here - found.here, found.here])
    by_hand = ellison_glaeser(counts, [0.5, ((sizes / sizes.sum()) ** 2).sum()])[1]
    assert found.ellison_glaeser == pytest.approx(by_hand, rel=1e-9)
    share, everything = found.here / found.here.sum(), found.all_here / found.all_here.sum()
    left, lumps = 1 - (everything**2).sum(), ((sizes / sizes.sum()) ** 2).sum()
    gamma = (((share - everything) ** 2).sum() - left * lumps) / (left * (1 - lumps))
    assert found.ellison_glaeser == pytest.approx(gamma, rel=1e-9)


def test_few_firms_are_flagged_however_large_they_are() -> None:
    some = amounts_of(6)
    found = analyse(some.residents, Question("finance", by="area", statistic="gi", cell_m=500, rings=0))
    assert found is not None
    within, finance = found.cells.of[some.building], some.industry == 0
    firms = np.bincount(within[finance], minlength=len(found.here))
    assert (found.small == (firms < 5)).all()
    assert found.clusters == []


def test_the_area_of_a_stay_is_its_own_or_that_of_a_unit_nobody_shares(session: Session) -> None:
    tower = create_building(session)
    floor = create_floor(session, tower)
    alone, shared = create_unit(session, floor, area_m2=120), create_unit(session, floor, area_m2=300)
    stated, of_unit, one, other, elsewhere = (create_enterprise(session, tower) for _ in range(5))
    _stay(session, stated, area_m2=80, unit_id=alone.id)
    _stay(session, of_unit, unit_id=create_unit(session, floor, area_m2=55).id)
    for firm in (one, other):
        _stay(session, firm, unit_id=shared.id)
    _stay(session, elsewhere, valid=Range(None, date(2020, 1, 1)))
    create_enterprise(session, tower, publishable=False)
    create_enterprise(session, tower, is_individual=True)
    found = load_areas(driver_of(session), now())
    assert dict(zip(found.enterprise.tolist(), found.amount.tolist(), strict=True)) == {stated.id: 80, of_unit.id: 55}
    assert found.unknown == 2


def test_areas_are_read_of_the_buildings_asked_for_alone(session: Session) -> None:
    towers = [create_building(session, square(121.4 + at / 100)) for at in range(2)]
    for tower in towers:
        _stay(session, create_enterprise(session, tower), area_m2=10)
    assert load_areas(driver_of(session), now(), [towers[1].id]).building_ids.tolist() == [towers[1].id]
    assert len(load_areas(driver_of(session), now(), []).amount) == 0


def test_taxes_are_read_by_firm_and_sums_without_firms_are_told_apart(session: Session) -> None:
    towers = [create_building(session, square(121.4 + at / 100)) for at in range(2)]
    firms = [create_enterprise(session, tower) for tower in towers]
    for firm, value in zip(firms, (3_000, 5_000), strict=True):
        _tax(session, value, enterprise_id=firm.id)
    other = create_building(session, square(121.5))
    _tax(session, 700, building_id=other.id)
    refunded = create_enterprise(session, towers[0])
    _tax(session, -200, enterprise_id=refunded.id)
    found = load_taxes(session, 2025, [towers[0].id, other.id], None)
    assert found.amount.tolist() == [3_000]
    assert found.enterprise.tolist() == [firms[0].id]
    assert found.unplaced == 700
    assert len(load_taxes(session, 2024, [tower.id for tower in towers], None).amount) == 0


def _stay(session: Session, firm: Enterprise, **values: object) -> None:
    session.execute(update(Tenancy).where(Tenancy.enterprise_id == firm.id).values(**values))


def _tax(session: Session, value: int, **place: int) -> None:
    create_figure(session, indicator="tax", value=value, **place)


def test_a_building_without_anybody_gives_nothing(session: Session) -> None:
    assert isinstance(create_building(session), Building)
    assert load_areas(driver_of(session), now()).residents.building_ids.tolist() == []
