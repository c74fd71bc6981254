"""Values are written for COPY just as PostgreSQL itself would turn them into the column's type."""

import numpy as np
import pyarrow as pa
import pytest
import shapely

from geo.errors import ImportRefusedError
from geo.importers.load_sql import LIST_SEPARATOR
from geo.importers.pgcopy import HEADER, TRAILER, frame
from geo.importers.pgvalues import column_cells
from geo.model import Building

COLUMNS = Building.__table__.c
DOUBTFUL = [0.005, 1.005, 2.675, 0.125, 0.115, 30250.129, 1234567890.125, 9999999999.99, 0.0, 1e-9, 4503599.625, -1.005]


def arrived(connection, name, kind, values):
    """Copy the values of a column of buildings into a table and read them back, with their ordinal."""
    driver = connection.connection.driver_connection
    driver.execute(f"CREATE TEMP TABLE arrived (value {kind}) ON COMMIT DROP")
    with driver.cursor().copy("COPY arrived FROM STDIN (FORMAT BINARY)") as copy:
        for part in (HEADER, frame([column_cells(COLUMNS[name], values)]), TRAILER):
            copy.write(part)
    return [value for (value,) in driver.execute("SELECT value FROM arrived")]


def test_areas_are_rounded_as_the_database_rounds_them(connection):
    drawn = np.random.default_rng(7).uniform(0, 50_000, 20_000)
    numbers = [*DOUBTFUL, *drawn.tolist(), *np.round(drawn, 3).tolist(), *(np.floor(drawn) + 0.125).tolist(), None]
    found = arrived(connection, "gross_area_m2", "numeric(12,2)", pa.array(numbers, pa.float64()))
    driver = connection.connection.driver_connection
    wanted = driver.execute(
        "SELECT v::numeric(12,2) FROM unnest(%s::float8[]) WITH ORDINALITY u (v, n) ORDER BY n", [numbers]
    )
    assert found == [value for (value,) in wanted]


def test_lists_arrive_as_lists_and_the_default_fills_gaps(connection):
    texts = pa.array(["甲" + LIST_SEPARATOR + "Tower, {A}", "", None, "乙"], pa.string())
    assert arrived(connection, "aliases", "text[]", texts) == [["甲", "Tower, {A}"], [], [], ["乙"]]


def test_what_must_be_said_gets_its_default(connection):
    assert arrived(connection, "status", "text", pa.array(["planned", None])) == ["planned", "operating"]


def test_flags_that_are_not_stated_get_their_default(connection):
    assert arrived(connection, "managed", "bool", pa.array([True, None])) == [True, False]


def test_single_outlines_become_multiple_ones(connection):
    square, holes = shapely.box(0, 0, 1, 1), shapely.box(0, 0, 9, 9) - shapely.box(1, 1, 2, 2)
    shapes = [square, shapely.MultiPolygon([square, shapely.box(3, 3, 4, 4)]), holes]
    found = arrived(connection, "geom", "geometry(MultiPolygon, 4326)", shapely.to_wkb(np.array(shapes, object)))
    read = shapely.from_wkb(found)
    assert [shapely.get_num_geometries(shape) for shape in read] == [1, 2, 1]
    assert all(shapely.equals(read, shapes))
    assert set(shapely.get_srid(read)) == {4326}


@pytest.mark.parametrize(
    ("name", "number"), [("lifts", 70_000), ("gross_area_m2", 1e13), ("gross_area_m2", float("inf"))]
)
def test_numbers_that_no_column_holds_are_refused_by_name(name, number):
    with pytest.raises(ImportRefusedError, match="more than the database can hold"):
        column_cells(COLUMNS[name], pa.array([1, number]))
