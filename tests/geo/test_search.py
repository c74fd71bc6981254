"""Search: SQL and the state file agree, pages go on where they stopped, nobody sees what is not theirs."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from geo import facets, taxonomy
from geo.access import store_distances
from geo.columns import unpack
from geo.errors import BadParameterError
from geo.filters import Filters, choices
from geo.model import Cluster
from geo.search import UNIT_SORTS, Asked, find_buildings, find_units, unit_start
from geo.search_places import find_enterprises
from geo.snapshot import build
from geo.stamps import stale_before
from geo.state_search import Search, Table
from geo.state_search.pages import WALKED, building_page, unit_page
from tests.factories import (
    HERE,
    _add,
    _shape,
    create_amenity,
    create_area,
    create_building,
    create_enterprise,
    create_floor,
    create_unit,
    square,
)
from tests.geo.test_filters import any_filters

TODAY = date(2026, 3, 10)
STALE_DAYS = 60
BEFORE = stale_before(TODAY, STALE_DAYS)
ASKED = Asked(TODAY, limit=500, stale_before=BEFORE)
LEAST = Asked(TODAY, limit=1, stale_before=BEFORE)


def pick(rng: np.random.Generator, words: list) -> object:
    return words[rng.integers(len(words))]


@pytest.fixture(scope="module")
def district(database) -> tuple[Session, Table]:
    """Thirty varied buildings with their units, in a transaction of the module's own."""
    rng = np.random.default_rng(7)
    with database.connect() as connection, connection.begin() as transaction:
        session = Session(connection, join_transaction_mode="create_savepoint")
        create_area(session, square(lon=121.47, half=0.03), code="area0001")
        create_area(session, square(lon=121.50, half=0.03), code="area0002")
        figures = {"enterprises": 9, "expected": 2.0, "quotient": 4.5, "z": 5.0, "method": "m", "computed_on": TODAY}
        _add(session, Cluster(code="clus0001", industry_group="it", geom=_shape(square(half=0.02)), **figures))
        for number in range(12):
            create_amenity(session, HERE[0] + number * 0.006, HERE[1], category=["metro", "hotel"][number % 2])
        for number in range(30):
            add_building(session, rng, number)
        store_distances(session)
        built = build(connection.connection.driver_connection, TODAY, stale_days=STALE_DAYS)
        yield session, Table(unpack(built.data), built.unit_ids)
        transaction.rollback()


def add_building(session: Session, rng: np.random.Generator, number: int) -> None:
    names = ["云澜大厦", "金融中心", "国际中心A座", "长乐坊", None]
    place = square(HERE[0] + float(rng.uniform(-0.05, 0.06)), HERE[1] + float(rng.uniform(-0.03, 0.03)))
    building = create_building(
        session,
        place,
        name=pick(rng, names),
        name_en=None,
        grade=pick(rng, [*choices()["grade"], None]),
        star=pick(rng, [None, 3, 4, 5]),
        themes=[str(word) for word in rng.choice(choices()["theme"], 2, replace=False)],
        status=pick(rng, list(choices()["status"])),
    )
    for _ in range(rng.integers(0, 3)):
        create_enterprise(session, building, industry_group=pick(rng, list(choices()["industry"])))
    for position in rng.choice([-1, 1, 2, 5, 12, 30], 3, replace=False).tolist():
        floor = create_floor(session, building, position)
        for _ in range(3):
            add_unit(session, rng, floor)


def add_unit(session: Session, rng: np.random.Generator, floor) -> None:
    area = round(float(rng.uniform(50, 4000)), 2)
    rent = pick(rng, [None, 3.5, 4.2, 5, 8])
    create_unit(
        session,
        floor,
        area_m2=area,
        min_area_m2=pick(rng, [None, None, round(area / 2, 2)]),
        rent_amount=rent,
        rent_cny_m2_day=rent,
        fitout=pick(rng, [*choices()["fitout"], None]),
        public_status=pick(rng, list(choices()["occupancy"])),
        available_on=pick(rng, [None, date(2026, 6, 1), date(2027, 1, 1)]),
        reported_on=pick(rng, [None, date(2026, 3, 2), date(2026, 1, 9), date(2026, 1, 8), date(2025, 3, 2)]),
        verified_on=pick(rng, [None, None, date(2026, 3, 2), date(2026, 1, 8), date(2025, 1, 2)]),
    )


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(filters=any_filters())
def test_sql_and_state_file_give_the_same_answer(district, filters: Filters) -> None:
    session, table = district
    search = Search(table, filters)
    units = find_units(session, filters, ASKED)
    buildings = find_buildings(session, filters, ASKED)
    assert unit_page(search, "", None, 500).ids == [row.id for row in units.rows]
    assert building_page(search, "", None, 500).ids == [row[0].id for row in buildings.rows]
    assert (search.unit_count, search.building_count) == (units.total, buildings.total)
    assert search.stale_count == units.stale
    assert buildings.stale == (units.stale if filters.asks_of_units else 0)
    assert search.area_m2 == pytest.approx(sum(float(row.area_m2) for row in units.rows))


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(filters=any_filters(), field=st.sampled_from(list(facets.VOCABULARIES)))
def test_a_count_beside_a_filter_is_what_choosing_it_gives_in_sql(district, filters: Filters, field: str) -> None:
    session, table = district
    counts = facets.facets(Search(table, filters))
    assert list(counts) == list(facets.VOCABULARIES)
    for count in counts[field]:
        chosen = replace(filters, **{field: (count.value,)})
        totals = [find(session, chosen, LEAST).total for find in (find_buildings, find_units)]
        assert [count.buildings, count.units] == totals, count


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(filters=any_filters(), data=st.data())
def test_counts_are_the_same_whichever_way_they_are_made(district, filters: Filters, data: st.DataObject) -> None:
    _, table = district
    counts = facets.facets(Search(table, filters))
    field = data.draw(st.sampled_from(list(facets.VOCABULARIES)))
    for count in counts[field]:
        chosen = Search(table, replace(filters, **{field: (count.value,)}))
        assert (count.buildings, count.units) == (chosen.building_count, chosen.unit_count), count


@pytest.mark.parametrize("walked", [1, WALKED])
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    filters=any_filters(),
    sort=st.sampled_from(["", *UNIT_SORTS, *(f"-{name}" for name in UNIT_SORTS)]),
    limit=st.sampled_from([1, 2, 7]),
)
def test_pages_go_on_alike_from_the_same_keys(
    district, monkeypatch: pytest.MonkeyPatch, walked: int, filters: Filters, sort: str, limit: int
) -> None:
    """Also where there are so many units that they are walked in their order."""
    monkeypatch.setattr("geo.state_search.pages.WALKED", walked)
    session, table = district
    search, after, start = Search(table, filters), "", None
    for _ in range(4):
        page = find_units(session, filters, Asked(TODAY, sort=sort, after=after, limit=limit, stale_before=BEFORE))
        found = unit_page(search, sort, start, limit)
        assert (found.ids, found.more) == ([row.id for row in page.rows], page.next is not None)
        if page.next is None:
            break
        after = page.next
        start = unit_start(Asked(TODAY, sort=sort, after=after))


@pytest.mark.parametrize("sort", ["", "area", "-area", "rent", "-rent", "floor", "available_on", "-reported_on"])
def test_pages_together_are_the_whole_list_once(district, sort: str) -> None:
    session, table = district
    unit_ids = table.unit_ids
    seen, after = [], ""
    while True:
        page = find_units(session, Filters(), Asked(TODAY, sort=sort, after=after, limit=37))
        seen.extend(page.rows)
        assert page.total == len(unit_ids)
        if page.next is None:
            break
        after = page.next
    assert sorted(unit.id for unit in seen) == sorted(unit_ids.tolist())
    if sort.endswith("area"):
        areas = [unit.area_m2 for unit in seen]
        assert all(a >= b if sort == "-area" else a <= b for a, b in pairwise(areas))


@pytest.mark.parametrize("typed", ["金融", "金融中心", "jinrong", "jr", "JR", "金 融", "ｊｒ"])
def test_a_name_is_found_however_it_is_typed(session: Session, typed: str) -> None:
    building = create_building(session, name="金融中心", name_en=None)
    create_building(session, name="云澜大厦", name_en=None)
    assert [row[0].id for row in find_buildings(session, Filters(q=typed), ASKED).rows] == [building.id]


def test_traditional_characters_find_a_simplified_name(session: Session) -> None:
    building = create_building(session, name="云澜大厦", name_en=None)
    assert [row[0].id for row in find_buildings(session, Filters(q="雲瀾大廈"), ASKED).rows] == [building.id]


def test_wildcards_in_a_search_are_letters_like_any_other(session: Session) -> None:
    create_building(session, name="云澜大厦")
    assert find_buildings(session, Filters(q="%"), ASKED).total in (0, 1)
    assert find_buildings(session, Filters(q="a%b_c"), ASKED).total == 0


def test_a_divisible_unit_is_found_by_the_part_it_can_give(session: Session) -> None:
    create_unit(session, area_m2=2000, min_area_m2=300)
    assert find_units(session, Filters(area_max=500), ASKED).total == 1
    assert find_units(session, Filters(area_min=2500), ASKED).total == 0


def test_rent_by_the_month_is_held_against_rent_by_the_day(session: Session) -> None:
    create_unit(session, rent_cny_m2_day=4 * 12 / 365 * 30, rent_amount=120, rent_unit="cny_m2_month")
    create_unit(session, rent_cny_m2_day=None, rent_amount=None, rent_unit=None)
    assert find_units(session, Filters(rent_max=120, rent_unit="cny_m2_month"), ASKED).total == 1
    assert find_units(session, Filters(rent_max=119, rent_unit="cny_m2_month"), ASKED).total == 0


def test_visitors_see_neither_unpublishable_buildings_nor_individual_traders(session: Session) -> None:
    hidden = create_building(session, name="内部大厦", publishable=False)
    create_unit(session, create_floor(session, hidden))
    create_enterprise(session, name="张三便利店", is_individual=True)
    assert find_buildings(session, Filters(), ASKED).total == 0
    assert find_units(session, Filters(), ASKED).total == 0
    assert find_enterprises(session, Filters(), ASKED).total == 0
    assert find_buildings(session, Filters(), Asked(TODAY, staff=True)).total == 1


def test_units_of_an_internal_list_stay_inside_even_in_a_public_building(session: Session) -> None:
    create_unit(session, create_floor(session), publishable=False)
    assert find_units(session, Filters(), ASKED).total == 0
    assert find_buildings(session, Filters(area_min=1), ASKED).total == 0
    assert find_units(session, Filters(), Asked(TODAY, staff=True)).total == 1


@pytest.mark.parametrize(
    "after", ["x", "W10", "WzEsMiwzXQ", "bnVsbA", "[1]", "WyJhYmMiXQ", "WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTk5Il0"]
)
def test_a_made_up_page_key_is_refused(session: Session, after: str) -> None:
    with pytest.raises(BadParameterError, match="after"):
        find_units(session, Filters(), Asked(TODAY, after=after))


def test_an_unknown_order_is_refused_with_the_known_ones(session: Session) -> None:
    with pytest.raises(BadParameterError, match="-area"):
        find_units(session, Filters(), Asked(TODAY, sort="beauty"))


def test_every_word_of_a_filter_is_in_the_taxonomy() -> None:
    assert choices()["near"] == tuple(category.code for category in taxonomy.amenity_categories())
