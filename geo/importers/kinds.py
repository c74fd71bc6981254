"""Completes the columns of each kind: what the fields of a row say together and one column alone cannot."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.errors import UnknownValueError
from geo.importers.fields import Kind
from geo.importers.osm_tags import barrier_of, ground_of
from geo.importers.report import IssueLog
from geo.taxonomy import amenity_from_text, amenity_of_amap, amenity_of_osm, area_level_from_text, industry_from_text

Columns = dict[str, pa.Array]
Rows = NDArray[np.int64]

_AMENITY_KEYS = ("amenity", "shop", "tourism", "leisure", "office", "railway", "highway", "healthcare")
_SUFFIX = r"[(（](地铁站|公交站|轻轨站|火车站)[)）]$"
_UNFINISHED = "在建|未开通|规划中|建设中"


def completed(kind: str, columns: Columns, rows: Rows, log: IssueLog, hint: str = "") -> Columns:
    """Return the columns of a kind with what follows from several of them; `hint` is the file's name.

    OSM batches have no kind here: their tags were read as a whole, only names and addresses are left to complete.
    """
    _fill(columns, "name", "name_zh")
    _address(columns)
    if complete := _COMPLETE.get(kind):
        complete(columns, rows, log, hint)
    return columns


def _buildings(columns: Columns, rows: Rows, log: IssueLog, hint: str) -> None:
    for name in ("gross_area_m2", "leasable_area_m2", "typical_floor_area_m2"):
        _lower_end(columns, name, rows, log)


def _units(columns: Columns, rows: Rows, log: IssueLog, hint: str) -> None:
    """ "150-800㎡" is a unit of 800 m² that is let from 150 m² on."""
    low, high = columns.pop("area_m2_low", None), columns.get("area_m2")
    _lower_end(columns, "min_area_m2", rows, log)
    _lower_end(columns, "usable_area_m2", rows, log)
    if low is not None and high is not None:
        divisible = pc.if_else(pc.less(low, high), low, None)
        given = columns.get("min_area_m2", divisible)
        columns["min_area_m2"] = pc.coalesce(given, divisible)
    _fill(columns, "address", "building_address")


def _enterprises(columns: Columns, rows: Rows, log: IssueLog, hint: str) -> None:
    _lower_end(columns, "area_m2", rows, log)
    _fill(columns, "address", "registered_address")
    if "industry" in columns:
        found = _looked_up(columns["industry"], _industry_code)
        columns["industry_code"] = pc.coalesce(columns["industry_code"], found) if "industry_code" in columns else found
        unknown = pc.and_(columns["industry"].is_valid(), columns["industry_code"].is_null())
        _say(unknown, columns["industry"], rows, log, "industry_unknown", "industry")
    _flag(columns, "is_individual", "个体", {"credit_code": "^92"})
    _flag(columns, "is_foreign_funded", "外商|外资|港澳台|中外", {})


def _amenities(columns: Columns, rows: Rows, log: IssueLog, hint: str) -> None:
    texts = columns.get("category")
    if texts is None:
        texts = pa.nulls(len(rows), pa.string())
    category = _looked_up(texts, amenity_code)
    for name in ("subcategory", "line"):
        if name in columns:
            category = pc.coalesce(category, _looked_up(columns[name], _line_code if name == "line" else amenity_code))
    if "is_subway" in columns:
        metro = pc.and_kleene(pc.equal(category, "rail"), columns.pop("is_subway"))
        category = pc.if_else(metro.fill_null(False), "metro", category)
    _say(category.is_null(), texts, rows, log, "amenity_other", "category")
    columns["category"] = category
    texts_of = [columns[name].fill_null("") for name in ("name", "address") if name in columns]
    columns["open"] = _open([text.to_pylist() for text in texts_of], rows, log)
    if "name" in columns:
        columns["name"] = pc.replace_substring_regex(columns["name"], _SUFFIX, "")


def _areas(columns: Columns, rows: Rows, log: IssueLog, hint: str) -> None:
    if "official_code" in columns:
        _fill(columns, "source_id", "official_code")
    lengths = (
        pc.utf8_length(columns["official_code"]) if "official_code" in columns else pa.nulls(len(rows), pa.int32())
    )
    by_code = pa.array([_LEVEL_BY_LENGTH.get(length) for length in lengths.to_pylist()], pa.string())
    if "level" in columns:
        said = _looked_up(columns["level"], _area_level)
        _say(
            pc.and_(columns["level"].is_valid(), said.is_null()), columns["level"], rows, log, "level_unknown", "level"
        )
        by_code = pc.coalesce(said, by_code)
    columns["level"] = by_code


def _ground(columns: Columns, rows: Rows, log: IssueLog, hint: str) -> None:
    """Settle kind, class and rank from the words of the file, or from its name where it has no words."""
    nothing = pa.nulls(len(rows), pa.string())
    kinds, classes = columns.get("kind", nothing).to_pylist(), columns.get("class", nothing).to_pylist()
    settled: dict[tuple[str | None, str | None], Any] = {}
    made = []
    for pair in zip(kinds, classes, strict=True):
        if pair not in settled:
            settled[pair] = ground_words(*pair, hint)
        made.append(settled[pair] or (None, None, None, None))
    kind, kind_class, rank, foot = zip(*made, strict=True) if made else ((), (), (), ())
    columns["kind"] = pa.array(kind, pa.string())
    columns["class"] = pa.array(kind_class, pa.string())
    columns["rank"], columns["foot"] = pa.array(rank, pa.int32()), pa.array(foot, pa.bool_())
    if "tunnel" in columns:
        tunnel = columns.pop("tunnel").fill_null(False)
        columns["layer"] = pc.if_else(tunnel, pa.scalar(-1, pa.int32()), pa.scalar(0, pa.int32()))
    said = pa.array([word or other for word, other in zip(kinds, classes, strict=True)], pa.string())
    _say(columns["kind"].is_null(), said, rows, log, "ground_other", "kind")


def amenity_code(text: str) -> str | None:
    """Return the amenity category of a type text of AMap, a word in Chinese or English, or an OSM value."""
    found = [code for code in map(amenity_of_amap, text.split("|")) if code]
    if found:
        # A hotel with a restaurant is listed under both, in either order.
        return "hotel" if "hotel" in found else found[0]
    try:
        return amenity_from_text(text).code
    except UnknownValueError:
        word = text.strip().lower().replace(" ", "_").removeprefix("railway_")
        tags = ({key: word} for key in _AMENITY_KEYS)
        return next((code for code in map(amenity_of_osm, tags) if code), None)


def ground_words(kind: str | None, kind_class: str | None, hint: str) -> tuple[str, str | None, int, bool] | None:
    """Return (kind, class, rank, on foot) of a piece of ground by the words of a file, None when it is none."""
    words = [word.strip().lower() for word in (kind_class, kind) if word]
    for word in words:
        word = _SYNONYMS.get(word, word)
        for key in ("highway", "railway", "natural", "waterway", "leisure", "landuse", "place"):
            if found := ground_of({key: word}, closed=False):
                return found.kind, found.kind_class, found.rank, found.foot
        if found := barrier_of({"barrier": word}):
            return found.kind, found.kind_class, found.rank, found.foot
    for text in (*words, *(() if words else (hint.lower(),))):
        for part, answer in _PARTS_OF_WORDS:
            if part in text:
                return answer
    return None


def _address(columns: Columns) -> None:
    """Join street and house number in the order of their language."""
    number = columns.pop("house_number", None)
    street = columns.get("address")
    if number is None or street is None:
        return
    chinese = pc.match_substring_regex(street, r"\p{Han}")
    ended = pc.if_else(pc.match_substring_regex(number, r"\d$"), pc.binary_join_element_wise(number, "号", ""), number)
    joined = pc.if_else(
        chinese, pc.binary_join_element_wise(street, ended, ""), pc.binary_join_element_wise(street, number, " ")
    )
    columns["address"] = pc.coalesce(joined, street)


def _open(texts: list[list[str]], rows: Rows, log: IssueLog) -> pa.Array:
    """Say of each amenity whether it is open: not when every line it lists, or its name, is under construction."""
    marks = tuple(_UNFINISHED.split("|"))
    flags = []
    for row, values in zip(rows, zip(*texts, strict=True) if texts else ((),) * len(rows), strict=True):
        marked = [[any(mark in piece for mark in marks) for piece in value.split(";")] for value in values]
        closed = any(all(pieces) for pieces in marked)
        flags.append(not closed)
        if any(map(any, marked)):
            log.add("amenity_unfinished" if closed else "amenity_partly_open", row=int(row), value=values[0])
    return pa.array(flags, pa.bool_())


def _lower_end(columns: Columns, name: str, rows: Rows, log: IssueLog) -> None:
    """Keep the lower end where a range stands in a column that takes one number."""
    low, high = columns.pop(f"{name}_low", None), columns.get(name)
    if low is None or high is None:
        return
    for index in np.flatnonzero(pc.less(low, high).fill_null(False).to_numpy(zero_copy_only=False)):
        ends = low[int(index)].as_py(), high[int(index)].as_py()
        log.add(
            "value_a_range", row=int(rows[index]), column=name, value="{:g}-{:g}".format(*ends), result=f"{ends[0]:g}"
        )
    columns[name] = low


def _fill(columns: Columns, name: str, other: str) -> None:
    """Fill the gaps of one column from another."""
    if other in columns:
        columns[name] = pc.coalesce(columns[name], columns[other]) if name in columns else columns[other]


def _flag(columns: Columns, name: str, words: str, others: Mapping[str, str]) -> None:
    """Set a flag where the legal form has a word for it, unless the file says it itself."""
    found = [
        pc.match_substring_regex(columns[column], pattern)
        for column, pattern in {"legal_form": words, **others}.items()
        if column in columns
    ]
    if found:
        either = found[0] if len(found) == 1 else pc.or_kleene(*found)
        columns[name] = pc.coalesce(columns[name], either) if name in columns else either


def _looked_up(column: pa.Array, look_up: Callable[[str], str | None]) -> pa.Array:
    """Look every different text of a column up once."""
    encoded = column.dictionary_encode()
    return pa.array([look_up(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _say(where: pa.Array, texts: pa.Array, rows: Rows, log: IssueLog, code: str, column: str) -> None:
    for index in np.flatnonzero(where.fill_null(False).to_numpy(zero_copy_only=False)):
        log.add(code, row=int(rows[index]), column=column, value=texts[int(index)].as_py())


def _industry_code(text: str) -> str | None:
    try:
        return industry_from_text(text)
    except UnknownValueError:
        return None


def _area_level(text: str) -> str | None:
    try:
        return area_level_from_text(text).code
    except UnknownValueError:
        return None


def _line_code(text: str) -> str | None:
    rail = any(word in text.lower() for word in ("地铁", "轨道", "轻轨", "metro", "subway"))
    return "metro" if rail else ("bus" if "路" in text or "bus" in text.lower() else None)


_LEVEL_BY_LENGTH = {4: "city", 6: "district", 9: "subdistrict", 12: "zone"}
_SYNONYMS = {
    "major_road": "primary",
    "minor_road": "residential",
    "path": "path",
    "lake": "water",
    "ocean": "water",
    "riverbank": "water",
    "natural_wood": "wood",
    "国道": "trunk",
    "高速公路": "motorway",
    "快速路": "trunk",
    "主干路": "primary",
    "主干道": "primary",
    "次干路": "secondary",
    "次干道": "secondary",
    "支路": "residential",
    "步行街": "pedestrian",
}
_PARTS_OF_WORDS: tuple[tuple[str, tuple[str, str | None, int, bool]], ...] = (
    *((word, ("rail", "subway", 2, False)) for word in ("地铁", "轨道", "轻轨", "metro", "subway")),
    *((word, ("rail", "rail", 2, False)) for word in ("铁路", "rail")),
    *((word, ("road", None, 3, True)) for word in ("道路", "路网", "街", "road", "street")),
    *((word, ("water", None, 2, False)) for word in ("水", "河", "湖", "water", "river")),
    *((word, ("green", None, 2, False)) for word in ("绿", "公园", "park", "green")),
    *((word, ("plaza", None, 3, True)) for word in ("广场", "plaza", "square", "pedestrian")),
)
_COMPLETE: dict[str, Callable[[Columns, Rows, IssueLog, str], None]] = {
    Kind.BUILDINGS: _buildings,
    Kind.UNITS: _units,
    Kind.ENTERPRISES: _enterprises,
    Kind.AMENITIES: _amenities,
    Kind.AREAS: _areas,
    Kind.GROUND: _ground,
}
