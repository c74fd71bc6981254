"""A record on disk: a header, then its arrays, mapped into memory and shared by all processes that read it.

Layout: ``LMR1``, the header's length as uint32, the header (JSON) padded with spaces to a multiple of eight bytes, then
the arrays at eight-byte aligned offsets counted from the end of the header. Figures of tax are in no file.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from geo.columns import Buffer
from geo.errors import LouMapError
from geo.indicators.record import Record, Staff
from geo.indicators.rows import Column, Rows
from geo.looking_back import Moment

MAGIC = b"LMR1"
_TABLES = ("buildings", "spaces", "stays", "offers", "reports", "lineage")
_OF_STAFF = ("people", "returns", "areas")
_ARRAYS = ("answers", "services")
_ALIGNED = 8


class BadRecordFileError(LouMapError):
    """This is not the file of a record, or it is cut off."""


def packed(record: Record) -> Sequence[Buffer]:
    """The bytes of a record's file in pieces to be written one after the other."""
    described: dict[str, Any] = {}
    parts: list[Buffer] = []
    at = 0
    for name, array in _arrays_of(record):
        described[name] = (array.dtype.str, array.shape, at)
        parts += [array.data.cast("B") if array.size else b"", b"\0" * (-array.nbytes % _ALIGNED)]
        at += array.nbytes + -array.nbytes % _ALIGNED
    moment = record.moment
    header = {"as_of": moment.as_of.isoformat(), "known_at": moment.known_at.isoformat(), "arrays": described}
    text = json.dumps(header).encode()
    text += b" " * (-(len(MAGIC) + 4 + len(text)) % _ALIGNED)
    return [MAGIC + len(text).to_bytes(4, "little") + text, *parts]


def opened(path: Path) -> Record:
    """The record of a file; nothing is read before it is asked for.

    Raises
    ------
    BadRecordFileError
        It is no such file.
    """
    body = np.memmap(path, np.uint8, "r")
    if bytes(body[:4]) != MAGIC:
        raise BadRecordFileError(f"{path} is not the file of a record.")
    begins = 8 + int.from_bytes(bytes(body[4:8]), "little")
    header = json.loads(bytes(body[8:begins]))
    arrays = {name: _array(body[begins:], *each) for name, each in header["arrays"].items()}
    moment = Moment(date.fromisoformat(header["as_of"]), datetime.fromisoformat(header["known_at"]))
    told: dict[str, Any] = {name: _table(name, arrays) for name in _TABLES}
    told |= {name: arrays[name] for name in _ARRAYS}
    of_staff = {name: _table(name, arrays) for name in _OF_STAFF}
    return Record(moment, **told, staff=Staff(**of_staff) if of_staff["people"].names else None)


def _arrays_of(record: Record) -> Iterator[tuple[str, Column]]:
    tables: list[tuple[str, Rows]] = [(name, getattr(record, name)) for name in _TABLES]
    if record.staff:
        tables += [(name, getattr(record.staff, name)) for name in _OF_STAFF]
    for table, rows in tables:
        for name in rows.names:
            yield f"{table}.{name}", np.ascontiguousarray(rows[name])
    for name in _ARRAYS:
        yield name, np.ascontiguousarray(getattr(record, name))


def _array(body: Column, kind: str, shape: Sequence[int], at: int) -> Column:
    many = int(np.prod(shape))
    found: Column = np.frombuffer(body, kind, many, at).reshape(shape) if many else np.zeros(shape, kind)
    return found


def _table(name: str, arrays: Mapping[str, Column]) -> Rows:
    begin = f"{name}."
    return Rows({key.removeprefix(begin): array for key, array in arrays.items() if key.startswith(begin)})
