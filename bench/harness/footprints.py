"""Files of footprints as people give them: the buildings of an invented city, under plain English headings."""

import json
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
from pyogrio import write_arrow

DRIVERS = {"gpkg": "GPKG", "fgb": "FlatGeobuf", "parquet": None}
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("name", pa.string()),
        ("address", pa.string()),
        ("height_m", pa.float64()),
        ("floors_above", pa.int32()),
        ("floors_below", pa.int32()),
        ("completed_year", pa.int32()),
        ("grade", pa.string()),
        ("gross_area_m2", pa.float64()),
        ("geometry", pa.binary()),
    ]
)
_ROWS = """
    SELECT source_key, name, address, height_m, floors_above::int, floors_below::int, completed_year::int, grade,
           gross_area_m2::float8, ST_AsBinary(geom)
    FROM buildings WHERE withdrawn_at IS NULL ORDER BY id LIMIT %s"""
_GEO = {"version": "1.0.0", "primary_column": "geometry"}
_GEO |= {"columns": {"geometry": {"encoding": "WKB", "geometry_types": ["MultiPolygon"]}}}
_BATCH = 50_000


def written(dsn: str, path: Path, rows: int | None) -> int:
    """Write so many buildings of a database (None: all) as a file of the kind that its ending names; gives how many."""
    batches = []
    with psycopg.connect(dsn) as connection, connection.cursor("buildings") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(_ROWS, [rows])
        while found := cursor.fetchmany(_BATCH):
            columns = zip(*found, strict=True)
            batches.append(pa.record_batch([pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], SCHEMA))
    table = pa.Table.from_batches(batches, SCHEMA)
    driver = DRIVERS[path.suffix.removeprefix(".")]
    if driver is None:
        pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(_GEO)}), path, row_group_size=65_536)
    else:
        about = {"layer": path.stem, "geometry_name": "geometry", "geometry_type": "MultiPolygon", "crs": "EPSG:4326"}
        write_arrow(table, path, driver=driver, SPATIAL_INDEX="NO", **about)
    return table.num_rows
