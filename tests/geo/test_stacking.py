"""The stacking plan: what a visitor sees of a building, floor by floor."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from geo.stacking import Cell, Part, Room, StackingPlan, Storey, Table, natural_order, stacking_plan


def floor(position: int, label: str | None = None, **fields: object) -> Storey:
    return Storey(position, position, label or str(position), **fields)  # type: ignore[arg-type]


def unit(key: int, storey: int | None, area: int | None = 100, status: str = "vacant", **fields: object) -> Room:
    label = str(fields.pop("label", key))
    return Room(key, storey, label, None if area is None else Decimal(area), status, **fields)  # type: ignore[arg-type]


def kinds(cells: tuple[Cell, ...]) -> list[tuple[str, int]]:
    return [(cell.kind, cell.columns) for cell in cells]


def widths_by_row(table: Table) -> list[int]:
    """Columns of every row, counting the cells that reach down from above."""
    widths = [0] * len(table.rows)
    for index, row in enumerate(table.rows):
        for cell in row.cells:
            for reached in range(index, index + cell.rows):
                widths[reached] += cell.columns
    return widths


def test_floors_run_from_the_top_down_whatever_their_order_and_labels():
    plan = stacking_plan([floor(2), floor(-1, "B1"), floor(3, "3A"), floor(1, "G")], [])
    assert [row.storey.label for row in plan.tables[0].rows] == ["3A", "2", "G", "B1"]


def test_units_are_as_wide_as_their_area_and_in_the_order_of_their_numbers():
    plan = stacking_plan(
        [floor(1, area_m2=Decimal(600))],
        [unit(1, 1, 300, label="110"), unit(2, 1, 200, label="109"), unit(3, 1, 100, label="101")],
    )
    row = plan.tables[0].rows[0]
    assert [(cell.room.label, cell.columns) for cell in row.cells if cell.room] == [
        ("101", 10),
        ("109", 20),
        ("110", 30),
    ]


def test_a_smaller_floor_is_drawn_shorter_than_the_widest_one():
    plan = stacking_plan([floor(1), floor(2)], [unit(1, 1, 1000), unit(2, 2, 500)])
    assert kinds(plan.tables[0].rows[0].cells) == [("unit", 30), ("gap", 30)]


def test_area_that_no_unit_covers_is_shown_as_such():
    plan = stacking_plan([floor(1, area_m2=Decimal(1000))], [unit(1, 1, 700)])
    rest = plan.tables[0].rows[0].cells[1]
    assert (rest.kind, rest.columns, rest.area_m2) == ("rest", 18, Decimal(300))


def test_a_rounding_between_floor_and_units_is_not_called_uncovered():
    plan = stacking_plan([floor(1, area_m2=Decimal(1000))], [unit(1, 1, 960)])
    assert [cell.kind for cell in plan.tables[0].rows[0].cells] == ["unit", "gap"]


def test_unknown_area_is_drawn_like_a_typical_unit_and_never_counted_as_zero():
    plan = stacking_plan([floor(1)], [unit(1, 1, 100), unit(2, 1, None), unit(3, 1, 100)])
    row = plan.tables[0].rows[0]
    assert [cell.columns for cell in row.cells] == [20, 20, 20]
    assert (row.area_m2, row.area_unknown) == (Decimal(200), 1)
    assert plan.totals["vacant"].area_unknown == 1


def test_a_duplex_takes_the_same_columns_on_both_floors_and_counts_once():
    plan = stacking_plan(
        [floor(1), floor(2)],
        [unit(1, 1, 400, top_storey=2), unit(2, 1, 200), unit(3, 2, 200)],
    )
    top, bottom = plan.tables[0].rows
    assert kinds(top.cells) == [("unit", 30), ("unit", 30)] and top.cells[0].rows == 2
    assert kinds(bottom.cells) == [("unit", 30)]
    assert top.area_m2 + bottom.area_m2 == Decimal(800)


def names(plan: StackingPlan) -> list[list[str | None]]:
    return [[table.part.name if table.part else None for table in tier] for tier in plan.tiers]


def test_towers_stand_side_by_side_on_their_podium_over_the_basement():
    parts = [Part(1, "podium", "裙房"), Part(2, "tower", "A"), Part(3, "tower", "B"), Part(4, "basement", "地下")]
    storeys = [Storey(10, 1, "1", 1), Storey(20, 2, "2", 2), Storey(21, 3, "3", 2), Storey(30, 2, "2", 3)]
    plan = stacking_plan([*storeys, Storey(40, -1, "B1", 4)], [], parts)
    assert names(plan) == [["A", "B"], ["裙房"], ["地下"]]


def test_a_crown_stands_on_its_tower_and_not_beside_it():
    parts = [Part(1, "tower", "塔楼"), Part(2, "tower", "塔冠")]
    plan = stacking_plan([Storey(1, 1, "1", 1), Storey(2, 2, "2", 1), Storey(3, 3, "3", 2)], [], parts)
    assert names(plan) == [["塔冠"], ["塔楼"]]


def test_floors_of_no_section_are_a_table_of_their_own_at_their_height():
    plan = stacking_plan([floor(1), Storey(20, 2, "2", 7)], [], [Part(7, "tower", "A")])
    assert names(plan) == [["A"], [None]]


def test_skipped_labels_are_named_and_missing_storeys_counted():
    plan = stacking_plan([floor(12), floor(13, "15"), floor(17, "19"), floor(1), floor(-1, "B1")], [])
    rows = plan.tables[0].rows
    assert [row.skipped for row in rows] == [(), ("13", "14"), (), (), ()]
    assert [row.missing for row in rows] == [3, 0, 10, 0, 0]


def test_a_plant_floor_shows_its_use_and_an_unreported_floor_says_nothing_is_listed():
    plan = stacking_plan([floor(1), floor(2, use="refuge")], [])
    assert [row.cells[0].kind for row in plan.tables[0].rows] == ["service", "rest"]


def test_a_large_car_park_does_not_squeeze_the_office_floors():
    plan = stacking_plan([floor(1), floor(-1, use="parking", area_m2=Decimal(5000))], [unit(1, 1, 1000)])
    assert [kinds(row.cells) for row in plan.tables[0].rows] == [[("unit", 60)], [("service", 60)]]


def test_units_without_a_floor_are_kept_apart_but_counted():
    plan = stacking_plan([floor(1)], [unit(1, 1), unit(2, None), unit(3, 99)])
    assert [room.key for room in plan.loose] == [2, 3]
    assert plan.totals["vacant"].units == 3


def test_totals_follow_the_legend_and_leave_out_what_does_not_occur():
    plan = stacking_plan([floor(1)], [unit(1, 1, 10, "unknown"), unit(2, 1, 20, "in_use"), unit(3, 1, 30)])
    assert list(plan.totals) == ["vacant", "in_use", "unknown"]


def test_a_market_hall_of_a_hundred_stalls_still_has_a_cell_for_each():
    plan = stacking_plan([floor(1)], [unit(key, 1, 5 + key) for key in range(100)])
    table = plan.tables[0]
    assert table.columns == 100 and [cell.columns for cell in table.rows[0].cells] == [1] * 100


def test_on_market_area_of_a_floor_counts_vacant_and_soon():
    plan = stacking_plan([floor(1)], [unit(1, 1, 10), unit(2, 1, 20, "soon"), unit(3, 1, 40, "in_use")])
    assert plan.tables[0].rows[0].on_market_m2 == Decimal(30)


def test_numbers_in_labels_sort_as_numbers():
    assert sorted(["1210", "B2", "12A", "9", "1202"], key=natural_order) == ["9", "12A", "1202", "1210", "B2"]


@st.composite
def buildings(draw: st.DrawFn) -> tuple[list[Storey], list[Room]]:
    height = draw(st.integers(1, 8))
    areas = st.none() | st.decimals(1, 5000, places=2)
    storeys = [floor(position, area_m2=draw(areas)) for position in range(1, height + 1)]
    rooms = []
    for key in range(draw(st.integers(0, 40))):
        low, high = sorted((draw(st.integers(1, height)), draw(st.integers(1, height))))
        top = high if draw(st.booleans()) else None
        rooms.append(Room(key, low, str(key), draw(areas), draw(st.sampled_from(["vacant", "in_use"])), top))
    return storeys, rooms


@given(buildings())
def test_every_row_fills_the_table_and_every_unit_is_drawn_once(building):
    storeys, rooms = building
    table = stacking_plan(storeys, rooms).tables[0]
    assert set(widths_by_row(table)) == {table.columns}
    assert sorted(cell.room.key for row in table.rows for cell in row.cells if cell.room) == [
        room.key for room in rooms
    ]
    assert all(cell.columns > 0 for row in table.rows for cell in row.cells)
