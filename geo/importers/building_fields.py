"""Turns the columns of a file of buildings into those of our table: names, search keys, lists, what is followed."""

import re
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from geo.importers.load_sql import LIST_SEPARATOR
from geo.importers.loading import joined_lists, texts_of
from geo.taxonomy.rents import DAYS_PER_MONTH
from geo.text import building_keys, fold

Columns = Mapping[str, pa.Array]

_PLAIN = (
    *("name", "name_en", "address", "status", "height_m", "base_height_m", "floors_above", "floors_below"),
    *("typical_floor_area_m2", "gross_area_m2", "leasable_area_m2", "completed_year", "grade", "grade_scheme", "star"),
    *("parking_spaces", "lifts"),
)
# Who says any of these of a building looks after it; heights and storeys every map has.
_FOLLOWED = (
    *("gross_area_m2", "leasable_area_m2", "typical_floor_area_m2", "grade", "star", "themes", "rent_low"),
    *("property_fee_low",),
)
_BETWEEN_ALIASES = re.compile(r"[;；、|]|,\s")

FACTS = ("storey_height_m", "clear_height_m", "air_conditioning", "rent_text")
"""Columns that are kept as facts of a building."""

NOT_KEPT = ("owner", "operator", "property_manager", "contact", "phone", "district", "subdistrict", "complex")
"""Columns that are understood but that nothing is made of yet."""


def building_columns(columns: Columns, count: int, source_word: str) -> dict[str, pa.Array]:
    """Return the columns of `buildings` that a file has something for; `source_word` says where names come from."""
    made = {name: columns[name] for name in _PLAIN if name in columns}
    for name in ("gross_area_m2", "leasable_area_m2", "typical_floor_area_m2"):
        if name in made:
            made[name] = _positive(made[name])
    if "themes" in columns:
        made["themes"] = joined_lists(columns["themes"])
    if "alias" in columns or "name_zh" in columns:
        made["aliases"] = _aliases(columns, count)
    if "property_fee_low" in columns:
        made["property_fee_cny_m2_month"] = _monthly(columns["property_fee_low"], columns["property_fee_unit"])
    if "name" in columns:
        made["name_source"] = pc.if_else(columns["name"].is_valid(), source_word, None)
    made["managed"] = _followed(columns, count)
    if made.keys() & {"name", "name_en", "aliases", "address"}:
        made["search_text"] = search_texts(made, count)
    return made


def search_texts(columns: Columns, count: int) -> pa.Array:
    """Return what each building is found by: keys of its names, and its folded address."""
    rows = zip(*(texts_of(columns, name, count) for name in ("name", "name_en", "aliases", "address")), strict=True)
    addresses = _folded(columns.get("address", pa.nulls(count, pa.string()))).to_pylist()
    # Most buildings of a city have no name: nothing is to be spelled out then.
    texts = (search_text(*row) if any(row[:3]) else address for row, address in zip(rows, addresses, strict=True))
    return pa.array(texts, pa.string())


def search_text(name: str | None, name_en: str | None, aliases: str | None, address: str | None) -> str | None:
    """Return what one building is found by, None when it has neither name nor address."""
    return building_keys(name, name_en, (aliases or "").split(LIST_SEPARATOR), address)


def _folded(column: pa.Array) -> pa.Array:
    """Return texts as `fold` does, each different one once."""
    encoded = column.dictionary_encode()
    return pa.array([fold(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _aliases(columns: Columns, count: int) -> pa.Array:
    """Other names: those of the file, and the Chinese one where the name is in another language."""
    rows = zip(*(texts_of(columns, name, count) for name in ("alias", "name_zh", "name")), strict=True)
    return pa.array([_listed(*row) for row in rows], pa.string())


def _listed(alias: str | None, chinese: str | None, name: str | None) -> str:
    others = [part.strip() for part in _BETWEEN_ALIASES.split(alias or "")] + [chinese or ""]
    return LIST_SEPARATOR.join(dict.fromkeys(other for other in others if other and other != name))


def _positive(column: pa.Array) -> pa.Array:
    return pc.if_else(pc.greater(column, 0), column, None)


def _followed(columns: Columns, count: int) -> pa.Array:
    followed = pa.array([False] * count)
    for name in _FOLLOWED:
        if name in columns:
            said = columns[name].is_valid()
            if pa.types.is_list(columns[name].type):
                said = pc.fill_null(pc.greater(pc.list_value_length(columns[name]), 0), False)
            followed = pc.or_(followed, said)
    return followed


def _monthly(fee: pa.Array, unit: pa.Array) -> pa.Array:
    """A property fee per m² and month; one in another unit is left out."""
    factor = {"cny_m2_month": 1.0, "cny_m2_day": DAYS_PER_MONTH, "cny_m2_year": 1 / 12}
    factors = pa.array([factor.get(word or "") for word in unit.to_pylist()], pa.float64())
    return pc.multiply(fee, factors)
