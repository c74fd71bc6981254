"""Windows: a small district is there whole, of a large one the best; the city is counted as the page counts it."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session

from geo import window, window_counts
from geo.columns import Columns, unpack
from geo.errors import BadParameterError
from geo.filters import MARKET, Filters
from geo.snapshot import build
from geo.state_search import Search, Table
from geo.state_search.classes import codes
from geo.state_search.conditions import boxed
from geo.window import WindowQuery, cut, read_query
from geo.window_counts import AREA_EDGES_M2, RENT_EDGES, CityAnswer, Question
from tests.factories import HERE, create_building
from tests.geo.test_search import STALE_DAYS, TODAY, add_building

PAGE = Path(__file__).parents[2] / "static" / "src" / "map"
EVERYWHERE = (121.0, 31.0, 122.0, 31.5)
WEST = (121.0, 31.0, HERE[0], 31.5)


@pytest.fixture(scope="module")
def table(database) -> Table:
    """Forty varied buildings with their units."""
    rng = np.random.default_rng(11)
    with database.connect() as connection, connection.begin() as transaction:
        session = Session(connection, join_transaction_mode="create_savepoint")
        for number in range(40):
            add_building(session, rng, number)
        built = build(connection.connection.driver_connection, TODAY, stale_days=STALE_DAYS)
        transaction.rollback()
    return Table(unpack(built.data), built.unit_ids)


def opened(table: Table, query: WindowQuery) -> Columns:
    return unpack(cut(CityAnswer(table, query.question), query))


def rows_of(state: Columns, table: str) -> list[tuple]:
    """The rows of a table, one after the other; units with the id of their building instead of its row."""
    columns = []
    for name, column in state.tables[table].items():
        if name == "b":
            columns.append(state.array("buildings", "id")[state.array("units", "b")].tolist())
        elif isinstance(column, np.ndarray):
            columns.append([None if value != value else value for value in column.tolist()])
        elif hasattr(column, "row"):
            columns.append([column.row(row).tolist() for row in range(len(column.ends))])
        else:
            columns.append(list(column))
    return list(zip(*columns, strict=True))


def test_the_window_of_a_small_district_is_the_state_file_restricted_to_it(table: Table) -> None:
    found = opened(table, WindowQuery(WEST, Question(Filters(grade=("a",))), "area"))
    inside = set(table.building("id")[boxed(table, WEST)].tolist())
    assert 0 < len(inside) < table.building_count
    assert found.header["complete"] is True
    assert found.header["words"] == table.words
    for name, ident in (("buildings", 0), ("units", list(table.columns.tables["units"]).index("b"))):
        assert rows_of(found, name) == [row for row in rows_of(table.columns, name) if row[ident] in inside]


def test_a_window_is_read_as_the_state_file_is(table: Table) -> None:
    found = opened(table, WindowQuery(EVERYWHERE, Question(), "area"))
    assert rows_of(found, "buildings") == rows_of(table.columns, "buildings")
    assert rows_of(found, "units") == rows_of(table.columns, "units")
    assert {name: found.header[name] for name in ("version", "as_of", "known_at")} == {
        name: table.columns.header[name] for name in ("version", "as_of", "known_at")
    }


@pytest.mark.parametrize("sort", ["area", "rent", "rent_desc", "newest", "floors", "name"])
def test_where_there_is_too_much_the_best_come_in_the_order_asked_for(
    table: Table, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "MOST_UNITS", 100)
    monkeypatch.setattr(window, "MOST_BUILDINGS", 5)
    filters = Filters(area_min=Decimal(300))
    found = opened(table, WindowQuery(EVERYWHERE, Question(filters), sort))
    assert found.header["complete"] is False
    matching = Search(table, replace(filters, occupancy=MARKET))
    keys = {ident: key(table, matching, row, sort) for row, ident in enumerate(table.building("id").tolist())}
    order = sorted((keys[ident], ident) for ident in table.building("id")[matching.buildings].tolist())
    assert found.array("buildings", "id").tolist() == sorted(ident for _, ident in order[:5])
    assert np.all(np.diff(found.array("units", "b").astype(int)) >= 0)


def key(table: Table, search: Search, row: int, sort: str) -> object:
    """What `static/src/map/results-model.js` sorts a building by."""
    units = [
        {name: float(group.column(name)[unit]) for name in ("area", "rent", "reported")}
        for group, rows in ((hits.group, np.arange(len(hits.group.rows))[hits.chosen]) for hits in search.units)
        for unit in rows
        if group.buildings[unit] == row
    ]
    rents = [unit["rent"] for unit in units if unit["rent"] == unit["rent"]]
    if sort == "name":
        return table.name_ranks[row]
    return {
        "area": -sum(unit["area"] for unit in units),
        "rent": min(rents, default=np.inf),
        "rent_desc": -max(rents, default=-np.inf),
        "newest": -max((unit["reported"] for unit in units), default=0),
        "floors": -int(table.building("floors")[row]),
    }[sort]


def test_a_window_never_holds_more_units_than_a_browser_is_sent(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "MOST_UNITS", 20)
    found = opened(table, WindowQuery(EVERYWHERE, Question(), "area"))
    assert 0 < len(found.array("units", "b")) <= 20


def test_the_sums_tell_the_box_from_the_city(table: Table) -> None:
    filters = Filters(grade=("a",))
    totals = opened(table, WindowQuery(WEST, Question(filters), "area")).header["totals"]
    for place, box in (("box", WEST), ("city", None)):
        search = Search(table, replace(filters, occupancy=MARKET, bbox=box))
        assert totals[place]["buildings"] == search.building_count
        assert totals[place]["units"] == search.unit_count
        assert totals[place]["stale"] == search.stale_count > 0
        assert totals[place]["area_m2"] == pytest.approx(search.area_m2, abs=0.01)


def test_counts_beside_filters_are_units_on_the_market(table: Table) -> None:
    header = CityAnswer(table, Question(Filters(grade=("a",), near=("metro",)))).header
    for code, count in header["facets"]["grade"].items():
        assert count == Search(table, Filters(grade=(code,), near=("metro",), occupancy=MARKET)).unit_count
    for code, count in header["facets"]["occupancy"].items():
        assert count == Search(table, Filters(grade=("a",), near=("metro",), occupancy=(code,))).unit_count


def test_a_category_of_amenities_counts_beside_those_asked_for(table: Table) -> None:
    header = CityAnswer(table, Question(Filters(near=("metro",)))).header
    for code, count in header["facets"]["near"].items():
        assert count == Search(table, Filters(near=("metro", code), occupancy=MARKET)).unit_count


def test_bars_of_the_sliders_count_units_without_their_own_limits(table: Table) -> None:
    limits = {"area_max": Decimal(1000), "rent_min": Decimal(120), "rent_unit": "cny_m2_month"}
    spreads = CityAnswer(table, Question(Filters(**limits))).header["spreads"]
    assert spreads["area"]["edges"] == list(AREA_EDGES_M2)
    assert (
        sum(spreads["area"]["counts"])
        == Search(table, replace(Filters(**limits), area_max=None, occupancy=MARKET)).unit_count
    )
    below = Search(table, replace(Filters(**limits), rent_min=None, rent_max=Decimal("119.9"), occupancy=MARKET))
    assert sum(spreads["rent"]["counts"][:7]) == below.unit_count


def test_the_legend_counts_matching_buildings_of_each_class(table: Table) -> None:
    for legend in ("vacancy", "grade", "star", "industry", "age"):
        everything = CityAnswer(table, Question(legend=legend)).header["classes"]
        assert list(everything["counts"]) == list(codes(table, legend))
        assert sum(everything["counts"].values()) == Search(table, Filters(occupancy=MARKET)).building_count
        code = max(everything["counts"], key=everything["counts"].get)
        chosen = CityAnswer(table, Question(legend=legend, only=(code,)))
        assert chosen.search.building_count == everything["counts"][code]
        if legend not in ("grade", "star"):
            assert chosen.header["classes"] == everything


def test_an_empty_answer_says_what_to_give_up(table: Table) -> None:
    filters = Filters(grade=("a",), area_min=Decimal(9000))
    answer = CityAnswer(table, Question(filters))
    without = Search(table, replace(filters, area_min=None, occupancy=MARKET)).unit_count
    assert answer.totals()["units"] == 0
    assert answer.header["relaxations"] == [{"names": ["area"], "gain": without}]
    assert CityAnswer(table, Question()).header["relaxations"] == []


def test_an_answer_is_empty_only_because_nobody_confirmed_what_would_fit(table: Table) -> None:
    largest = max(float(group.column("area").max()) for group in table.market((True,)))
    filters = Filters(area_min=Decimal(str(largest)) - Decimal("0.01"))
    old = Search(table, replace(filters, occupancy=MARKET)).stale_count
    answer = CityAnswer(table, Question(filters))
    assert {"names": ["stale"], "gain": old} in answer.header["relaxations"]


def test_where_nothing_is_followed_buildings_are_counted(session: Session) -> None:
    for grade in ("a", "a", "b"):
        create_building(session, grade=grade)
    built = build(session.connection().connection.driver_connection, TODAY)
    bare = Table(unpack(built.data), built.unit_ids)
    found = opened(bare, WindowQuery(EVERYWHERE, Question(Filters(area_min=Decimal(5), grade=("a",))), "area"))
    assert found.header["bare"] is True
    assert found.header["totals"]["city"] == {"buildings": 2, "units": 0, "area_m2": 0, "stale": 0}
    assert found.header["facets"]["grade"] == {"a": 2, "b": 1}


def test_a_query_is_read_once_and_refused_by_name() -> None:
    query = read_query(
        {"bbox": "121,31,122,32", "filter_bbox": "121.1,31,122,32", "grade": "a", "by": "age", "only": "week"}
    )
    assert query.box == (121, 31, 122, 32)
    assert query.question == Question(Filters(grade=("a",), bbox=(121.1, 31, 122, 32)), "age", ("week",))
    for wrong in ({"sort": "beauty"}, {"by": "beauty"}, {"filter_bbox": "1,2"}, {"beauty": "1"}, {"bbox": ""}):
        with pytest.raises(BadParameterError, match=next(iter(wrong))):
            read_query({"bbox": "121,31,122,32", **wrong})


def test_the_page_and_the_server_have_the_same_bars() -> None:
    text = (PAGE / "filter-controls.js").read_text("utf-8")
    assert json.loads(re.search(r"const AREAS = (\[.*?\])", text)[1]) == list(AREA_EDGES_M2)
    for unit, edges in RENT_EDGES.items():
        assert json.loads(re.search(rf"{unit}: (\[.*?\])", text)[1]) == list(edges)


def test_the_page_and_the_server_have_the_same_classes_and_orders(table: Table) -> None:
    text = (PAGE / "colours.js").read_text("utf-8")
    named = re.findall(r"code: '(\w+)', colour: '#\w+', upTo: ([\d.]+|Infinity)", text)
    assert [code for code, _ in named] == [*codes(table, "vacancy")[:-1], *codes(table, "age")[:-1]]
    orders = re.search(r"SORTS = \[(.*?)\]", (PAGE / "state.js").read_text("utf-8"))[1]
    assert re.findall(r"'(\w+)'", orders) == list(window.ORDERS)
    rules = re.findall(r"name: '(\w+)', of:|name: '(\w+)',\n\s+of:", (PAGE / "filters.js").read_text("utf-8"))
    sent = [a or b for a, b in rules if a != "in_view"]  # what is looked at is the window's own box
    assert sent == [*window_counts.BUILDING_RULES, "occupancy", *window_counts.UNIT_RULES]
