"""Columns reach PostgreSQL through binary COPY as they were."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
import shapely

from geo.importers.pgcopy import HEADER, TRAILER, cells, frame


def test_every_kind_of_value_arrives_as_it_was(connection):
    driver = connection.connection.driver_connection
    driver.execute(
        "CREATE TEMP TABLE arrived (name text, n int4, big int8, x float8, yes bool, day date, geom geometry(Point))"
    )
    points = shapely.to_wkb(shapely.points([[121.5, 31.2], [0, 0], [1, 1]]))
    columns = [
        cells(["金融中心", None, ""], "text"),
        cells([1, None, -3], "int4"),
        cells(np.array([2**40, 0, -1]), "int8"),
        cells(np.array([1.5, np.nan, -0.25]), "float8"),
        cells([True, None, False], "bool"),
        cells([date(2026, 3, 2), None, date(1999, 12, 31)], "date"),
        cells([points[0], None, points[2]], "bytes"),
    ]
    with driver.cursor().copy("COPY arrived FROM STDIN (FORMAT BINARY)") as copy:
        for part in (HEADER, frame(columns), TRAILER):
            copy.write(part)
    rows = driver.execute("SELECT name, n, big, x, yes, day, ST_AsText(geom) FROM arrived").fetchall()
    assert rows == [
        ("金融中心", 1, 2**40, 1.5, True, date(2026, 3, 2), "POINT(121.5 31.2)"),
        (None, None, 0, None, None, None, None),
        ("", -3, -1, -0.25, False, date(1999, 12, 31), "POINT(1 1)"),
    ]


def test_arrow_columns_and_slices_of_them_arrive_too(connection):
    driver = connection.connection.driver_connection
    driver.execute("CREATE TEMP TABLE arrived (name text, n int4)")
    names, numbers = pa.array(["甲", "乙", None, "丁"]).slice(1), pa.array([1, 2, None, 4]).slice(1)
    with driver.cursor().copy("COPY arrived FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(HEADER)
        copy.write(frame([cells(names, "text"), cells(numbers, "int4")]))
        copy.write(TRAILER)
    assert driver.execute("SELECT name, n FROM arrived").fetchall() == [("乙", 2), (None, None), ("丁", 4)]


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        frame([cells(["a"], "text"), cells([1, 2], "int4")])
