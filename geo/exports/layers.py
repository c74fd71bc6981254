"""A layer of a search as a stream of Arrow batches, read by the visitors' login, whatever the number of rows.

PostgreSQL sends CSV, which Arrow parses in C: a million rows take seconds, and only a few batches are ever in memory.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from psycopg import Connection
from psycopg.rows import TupleRow
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import psycopg as dialects

from geo.exports.fields import Field, building_fields, unit_fields
from geo.exports.rows import Rows, building_rows, unit_rows
from geo.exports.sent import Sent
from geo.filters import Filters
from geo.model import Building, Floor, Unit
from geo.search import Asked, matching_buildings, matching_units

GEOMETRY = "geometry"
BATCH_BYTES = 8 << 20
"""Of CSV, for one batch: about 20,000 buildings."""

_TYPES = {"text": pa.string(), "whole": pa.int32(), "number": pa.float64(), "day": pa.date32(), "yes_no": pa.bool_()}


@dataclass(frozen=True, slots=True)
class Layer:
    """One kind of thing: its columns, what its outlines are, and its names."""

    name: str
    title: str
    title_en: str
    shapes: str
    fields: tuple[Field, ...]

    @property
    def schema(self) -> pa.Schema:
        """The columns, then the geometry as WKB."""
        columns = [pa.field(field.name, _TYPES[field.kind]) for field in self.fields]
        return pa.schema([*columns, pa.field(GEOMETRY, pa.binary())])


BUILDINGS = Layer("buildings", "楼宇", "Buildings", "MultiPolygon", building_fields())
UNITS = Layer("units", "单元", "Units", "Point", unit_fields())
LAYERS = {layer.name: layer for layer in (BUILDINGS, UNITS)}


def read_batches(
    connection: Connection[TupleRow], layer: Layer, filters: Filters, asked: Asked
) -> Generator[pa.RecordBatch]:
    """The rows of a layer that match, in batches of `layer.schema`; to be closed by who does not take all of them.

    Parameters
    ----------
    connection
        A psycopg connection with the visitors' login; all rows come out of one statement, and so of one snapshot.
    filters, asked
        As for lists; order and limit of `asked` do not count.
    """
    text, values = _statement(layer, filters, asked)
    with connection.cursor() as cursor, cursor.copy(f"COPY ({text}) TO STDOUT (FORMAT CSV)", values) as copy:
        options = pyarrow.csv.ConvertOptions(
            column_types={name: pa.string() if name == GEOMETRY else kind for name, kind in _columns(layer)},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        )
        reading = pyarrow.csv.ReadOptions(column_names=layer.schema.names, block_size=BATCH_BYTES)
        parsing = pyarrow.csv.ParseOptions(newlines_in_values=True)
        sent = Sent(copy)
        try:
            reader = pyarrow.csv.open_csv(sent, reading, parsing, options)
        except pa.ArrowInvalid:  # there is not one row
            return
        try:
            for batch in reader:
                yield _with_wkb(batch, layer)
        finally:  # whoever stops early must not leave Arrow's thread reading a connection that is being closed
            sent.close()
            reader.close()


def count_rows(connection: Connection[TupleRow], layer: Layer, filters: Filters, asked: Asked, most: int) -> int:
    """How many rows match, counted no further than `most` + 1."""
    ids = _chosen(layer, filters, asked).with_only_columns(_ident(layer)).order_by(None).limit(most + 1).subquery()
    text, values = _compiled(select(func.count()).select_from(ids))
    row = connection.execute(text, values).fetchone()
    assert row is not None
    return int(row[0])


def _columns(layer: Layer) -> Iterator[tuple[str, pa.DataType]]:
    yield from zip(layer.schema.names, layer.schema.types, strict=True)


def _with_wkb(batch: pa.RecordBatch, layer: Layer) -> pa.RecordBatch:
    """The same with the last column, which came as hexadecimal digits, as bytes."""
    digits = batch.column(batch.num_columns - 1)
    _, offsets, data = digits.buffers()
    at = np.frombuffer(offsets, np.int32)[digits.offset : digits.offset + len(digits) + 1]
    packed = bytes.fromhex(memoryview(data)[at[0] : at[-1]].tobytes().decode("ascii"))
    halves = ((at - at[0]) // 2).astype(np.int32)
    wkb = pa.Array.from_buffers(pa.binary(), len(digits), [None, pa.py_buffer(halves), pa.py_buffer(packed)])
    return pa.RecordBatch.from_arrays([*batch.columns[:-1], wkb], schema=layer.schema)


def _statement(layer: Layer, filters: Filters, asked: Asked) -> tuple[str, dict[str, Any]]:
    return _compiled(_chosen(layer, filters, asked))


def _compiled(chosen: Select[Any]) -> tuple[str, dict[str, Any]]:
    dialect = dialects.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy gives it none
    compiled = chosen.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return str(compiled), dict(compiled.params)


def _chosen(layer: Layer, filters: Filters, asked: Asked) -> Select[Any]:
    return _buildings(filters, asked) if layer is BUILDINGS else _units(filters, asked)


def _ident(layer: Layer) -> Any:
    return Building.id if layer is BUILDINGS else Unit.id


def _hex(geometry: Any) -> ColumnElement[str]:
    return func.encode(func.ST_AsBinary(geometry, "NDR"), "hex")


def _selected(rows: Rows) -> Select[Any]:
    return select(*rows.columns.values(), _hex(rows.outline)).select_from(rows.tables)


def _buildings(filters: Filters, asked: Asked) -> Select[Any]:
    chosen = _selected(building_rows(asked)).where(*matching_buildings(filters, asked))
    return chosen.order_by(Building.morton)


def _units(filters: Filters, asked: Asked) -> Select[Any]:
    chosen = _selected(unit_rows(asked)).where(Unit.id.in_(matching_units(filters, asked)))
    return chosen.order_by(Building.morton, Floor.position, Unit.label, Unit.id)
