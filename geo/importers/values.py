"""Turns the columns of a file into typed Arrow columns, field by field; each different text is read only once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.importers import value_numbers, value_terms, value_words
from geo.importers.batches import Column
from geo.importers.fields import Field
from geo.importers.report import IssueLog
from geo.importers.value_numbers import BLANK_TEXTS, BLANKS, Parsed, limits_of, plain_text
from geo.text import clean

Reader = Callable[[object, str | None], Parsed]
Outputs = tuple[tuple[str, pa.DataType], ...]


@dataclass(frozen=True, slots=True)
class FieldType:
    """How values of a type are read, and the columns they give: suffix to the field's name, "=name" for a name."""

    read: Reader
    outputs: Outputs


def parse_column(
    spec: Field, column: Column, rows: NDArray[np.int64], log: IssueLog, *, heading: str, unit: str | None = None
) -> dict[str, pa.Array]:
    """Return the typed columns that one column of a file gives, and report what cannot be read.

    Parameters
    ----------
    spec
        The field.
    column
        Its values, as Arrow array or list.
    rows
        The row numbers, for the report.
    log
        Where issues go.
    heading, unit
        What the file calls the column, and the unit stated there.
    """
    if spec.type in ("text", "code", "label", "wkt"):
        return {spec.name: text_column(column)}
    kind = _TYPES[spec.type]
    if not isinstance(column, pa.Array) and len(kind.outputs) == 1 and limits_of(spec.type):
        column = _plain_numbers(column)
    if isinstance(column, pa.Array) and _numeric(column.type):
        column = _without_markers(spec, column, log, heading)
    if isinstance(column, pa.Array) and _numeric(column.type) and (numbers := _fast(spec, column, unit)) is not None:
        return {spec.name + suffix: numbers for suffix, _ in kind.outputs}
    codes, words = _factorised(column)
    parsed = [_blank_or(kind.read, word, unit) for word in words]
    _report(parsed, words, codes, rows, log, heading)
    return _outputs(spec, kind, parsed, codes)


def text_column(column: Column) -> pa.Array:
    """Return texts as they are stored: trimmed, half-width, signs for nothing as null."""
    if isinstance(column, pa.Array):
        if not pa.types.is_string(column.type):
            column = column.to_pylist() if not _numeric(column.type) else _number_texts(column)
        if isinstance(column, pa.Array):
            return _clean_strings(column)
    try:
        return _clean_strings(pa.array(column, pa.string()))
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.array([_text(value) for value in column], pa.string())


def _clean_strings(column: pa.Array) -> pa.Array:
    """Clean only the texts that need it: most names of a city's footprints are null or tidy."""
    untidy = pc.match_substring_regex(column, _UNTIDY)
    if not pc.any(untidy).as_py():
        return column
    where = np.flatnonzero(untidy.fill_null(False).to_numpy(zero_copy_only=False))
    fixed = pa.array([_text(column[int(index)].as_py()) for index in where], pa.string())
    return pc.replace_with_mask(column, untidy.fill_null(False), fixed)


def _number_texts(column: pa.Array) -> pa.Array:
    if pa.types.is_floating(column.type):
        whole = pc.all(pc.or_kleene(pc.equal(pc.floor(column), column), pc.is_null(column))).as_py()
        if not whole:
            return pa.array([_text(value) for value in column.to_pylist()], pa.string())
        column = pc.cast(column, pa.int64(), safe=False)
    return column.cast(pa.string())


def _plain_numbers(column: Column) -> Column:
    """Return a list of plain decimal numbers, written as texts, as numbers; any other list as it is."""
    try:
        texts = pa.array(column, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return column
    if not pc.all(pc.match_substring_regex(texts, r"^-?\d{1,15}(\.\d+)?$"), min_count=0).as_py():
        return column
    return texts.cast(pa.float64())


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = clean(value if isinstance(value, str) else _written(value))
    return None if text.casefold() in BLANK_TEXTS else text


def _written(value: object) -> str:
    return value.isoformat(sep=" ")[:10] if hasattr(value, "hour") else plain_text(value)  # type: ignore[attr-defined]


def _numeric(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _without_markers(spec: Field, column: pa.Array, log: IssueLog, heading: str) -> pa.Array:
    """Return numbers without the -1, -99, -9999 that stand for "not known" where nothing below zero can stand."""
    low = (limits_of(spec.type) or (-1, 0))[0]
    marked = pc.is_in(column, value_set=pa.array(_MARKERS, column.type)) if low >= 0 else None
    if marked is None or not pc.any(marked, min_count=0).as_py():
        return column
    log.add_once("number_means_nothing", column=heading)
    return pc.if_else(marked, pa.scalar(None, column.type), column)


def _fast(spec: Field, column: pa.Array, unit: str | None) -> pa.Array | None:
    """Return a numeric column as it stands when all of it lies within limits and its unit is the field's own."""
    limits, output = limits_of(spec.type), _TYPES[spec.type].outputs
    if limits is None or len(output) != 1 + (spec.type in _RANGES) or spec.type in _NEED_A_UNIT:
        return None
    if unit not in _OWN_UNITS:
        return None
    span = pc.min_max(column)
    low, high = span["min"].as_py(), span["max"].as_py()
    if low is not None and not (limits[0] <= low <= high <= limits[1]):
        return None
    target = output[0][1]
    if pa.types.is_integer(target) and pa.types.is_floating(column.type):
        if not pc.all(pc.equal(pc.floor(column), column), skip_nulls=True).as_py():
            return None
        column = column.fill_null(0) if column.null_count == 0 else column
    return column.cast(target, safe=False)


def _factorised(column: Column) -> tuple[NDArray[np.int64], list[object]]:
    """Return for each row the index of its value, -1 for nothing, and the values."""
    if isinstance(column, pa.Array):
        encoded = column.dictionary_encode()
        return encoded.indices.fill_null(-1).to_numpy().astype(np.int64), encoded.dictionary.to_pylist()
    places: dict[tuple[type, object], int] = {}
    codes = np.fromiter(
        (-1 if value is None else places.setdefault((type(value), value), len(places)) for value in column),
        dtype=np.int64,
        count=len(column),
    )
    return codes, [word for _, word in places]


def _blank_or(read: Reader, value: object, unit: str | None) -> Parsed:
    if isinstance(value, float) and np.isnan(value):
        return Parsed(None)
    if isinstance(value, str) and plain_text(value).casefold() in BLANKS:
        return Parsed(None) if read not in (value_words.occupancy, value_words.vacant) else read(value, unit)
    return read(value, unit)


def _report(
    parsed: Sequence[Parsed],
    words: Sequence[object],
    codes: NDArray[np.int64],
    rows: NDArray[np.int64],
    log: IssueLog,
    heading: str,
) -> None:
    bad = np.array([found.issue is not None for found in parsed] or [False])
    for index in np.flatnonzero(bad[codes] & (codes >= 0)):
        found = parsed[codes[index]]
        log.add(str(found.issue), row=int(rows[index]), column=heading, value=words[codes[index]], **found.more)


def _outputs(spec: Field, kind: FieldType, parsed: Sequence[Parsed], codes: NDArray[np.int64]) -> dict[str, pa.Array]:
    places = pa.array(codes, mask=codes < 0)
    columns = {}
    for part, (suffix, data_type) in enumerate(kind.outputs):
        values = [_part(found.value, part, len(kind.outputs)) for found in parsed]
        name = suffix[1:] if suffix.startswith("=") else spec.name + suffix
        columns[name] = pa.array(values, data_type).take(places)
    return columns


def _part(value: Any, part: int, parts: int) -> Any:
    return value if value is None or parts == 1 else value[part]


# Anything but printable ASCII, common Chinese and Latin letters and Chinese punctuation; a space at an end or twice; a
# lone sign for nothing.
_UNTIDY = (
    r"^\s|\s$|\s\s|[^\x20-\x7e\x{c0}-\x{24f}\x{4e00}-\x{9fff}\x{b7}"
    r"\x{3001}-\x{3011}\x{ff08}\x{ff09}\x{ff0c}\x{ff1a}\x{ff1b}]|^(?i:\[\]|\{\}|nan|null|none|n/a|#n/a|-+|/|\\)?$"
)

_NEED_A_UNIT = {"money"}
_RANGES = {"area_m2"}  # given as their lower and upper end, which are the same for a plain number
_OWN_UNITS = {None, "m", "m2", "㎡", "米", "平方米", "层", "个", "部"}
_MARKERS = (-1, -9, -99, -999, -9999, -99999)
_NUMBER, _WHOLE, _WORD = pa.float64(), pa.int32(), pa.string()
_RENT_OUTPUTS: Outputs = (("_low", _NUMBER), ("_high", _NUMBER), ("_unit", _WORD), ("_text", _WORD))
_TYPES: dict[str, FieldType] = {
    "area_m2": FieldType(value_numbers.area, (("_low", _NUMBER), ("", _NUMBER))),
    "height_m": FieldType(lambda v, u: value_numbers.metres(v, u, "height_m"), (("", _NUMBER),)),
    "base_height_m": FieldType(lambda v, u: value_numbers.metres(v, u, "base_height_m"), (("", _NUMBER),)),
    "length_m": FieldType(value_numbers.metres, (("", _NUMBER),)),
    "storeys": FieldType(value_numbers.storeys, (("", _WHOLE),)),
    "storeys_both": FieldType(value_numbers.storeys_both, (("=floors_above", _WHOLE), ("=floors_below", _WHOLE))),
    "year": FieldType(value_numbers.year, (("", _WHOLE),)),
    "count": FieldType(value_numbers.count, (("", _WHOLE),)),
    "coordinate": FieldType(value_numbers.coordinate, (("", _NUMBER),)),
    "position": FieldType(value_numbers.position, (("=lon", _NUMBER), ("=lat", _NUMBER))),
    "money": FieldType(value_numbers.money, (("", _NUMBER),)),
    "rent": FieldType(value_numbers.rent, _RENT_OUTPUTS),
    "date": FieldType(value_words.day, (("", pa.date32()),)),
    "layer": FieldType(lambda v, u: Parsed(int(str(v))), (("", _WHOLE),)),
    "flag": FieldType(lambda v, u: Parsed(bool(v)), (("", pa.bool_()),)),
    "yes_no": FieldType(value_words.yes_no, (("", pa.bool_()),)),
    "rent_free": FieldType(value_terms.rent_free, (("", _WHOLE), ("=rent_free_fee_waived", pa.bool_()))),
    "deposit": FieldType(value_terms.deposit, (("", _WHOLE),)),
    "percent": FieldType(value_terms.percent, (("", _NUMBER),)),
    "per_m2": FieldType(value_terms.per_m2, (("", _NUMBER),)),
    "included": FieldType(value_terms.included, (("", pa.bool_()),)),
    "occupancy": FieldType(value_words.occupancy, (("", _WORD),)),
    "vacant": FieldType(value_words.vacant, (("=occupancy", _WORD),)),
    "floor": FieldType(value_words.floor, (("", _WORD), ("_number", _WHOLE), ("_top", _WORD))),
    "star": FieldType(value_words.star, (("", _WHOLE),)),
    "grade": FieldType(value_words.grade, (("", _WORD), ("_scheme", _WORD))),
    "building_status": FieldType(value_words.building_status, (("", _WORD),)),
    "fitout": FieldType(value_words.fitout, (("", _WORD),)),
    "list": FieldType(value_words.theme_list, (("s", pa.list_(_WORD)),)),
    "industry_code": FieldType(value_words.industry, (("", _WORD),)),
    "credit_code": FieldType(value_words.credit_code, (("", _WORD),)),
}
