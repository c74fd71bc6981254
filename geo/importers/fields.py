"""The fields a file can fill, for each kind of import, with the type that says how their values are read."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What `--as` names."""

    BUILDINGS = "buildings"
    UNITS = "units"
    ENTERPRISES = "enterprises"
    AMENITIES = "amenities"
    AREAS = "areas"
    GROUND = "ground"
    TAXONOMY = "taxonomy"
    FIGURES = "figures"
    TARGETS = "targets"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its type in `geo.importers.values`, and whether rows without it are rejected."""

    name: str
    type: str = "text"
    required: bool = False


_PLACE = (
    Field("source_id", "code"),
    Field("name"),
    Field("name_zh"),
    Field("name_en"),
    Field("address"),
    Field("lon", "coordinate"),
    Field("lat", "coordinate"),
    Field("position", "position"),
    Field("wkt", "wkt"),
)

_BUILDINGS = (
    *_PLACE,
    Field("house_number"),
    Field("alias"),
    Field("gross_area_m2", "area_m2"),
    Field("leasable_area_m2", "area_m2"),
    Field("typical_floor_area_m2", "area_m2"),
    Field("floors_above", "storeys"),
    Field("floors_below", "storeys"),
    Field("floors", "storeys_both"),
    Field("height_m", "height_m"),
    Field("base_height_m", "base_height_m"),
    Field("storey_height_m", "length_m"),
    Field("clear_height_m", "length_m"),
    Field("completed_year", "year"),
    Field("grade", "grade"),
    Field("star", "star"),
    Field("theme", "list"),
    Field("status", "building_status"),
    Field("rent", "rent"),
    Field("property_fee", "rent"),
    Field("parking_spaces", "count"),
    Field("lifts", "count"),
    Field("air_conditioning"),
    Field("owner"),
    Field("operator"),
    Field("property_manager"),
    Field("contact"),
    Field("phone"),
    Field("district"),
    Field("subdistrict"),
    Field("complex"),
    Field("part_of", "code"),
    Field("feature_kind"),
)

_UNITS = (
    Field("source_id", "code"),
    Field("building"),
    Field("building_id", "code"),
    Field("building_address"),
    Field("address"),
    Field("postcode"),
    Field("floor", "floor"),
    Field("label", "label"),
    Field("area_m2", "area_m2"),
    Field("min_area_m2", "area_m2"),
    Field("usable_area_m2", "area_m2"),
    Field("occupancy", "occupancy"),
    Field("vacant", "vacant"),
    Field("use"),
    Field("rent", "rent"),
    Field("property_fee", "rent"),
    Field("property_fee_included", "included"),
    Field("tax_included", "included"),
    Field("rent_free_months", "rent_free"),
    Field("rent_free_with_fee", "included"),
    Field("deposit_months", "deposit"),
    Field("escalation_pct", "percent"),
    Field("restoration_cny_m2", "per_m2"),
    Field("fitout", "fitout"),
    Field("available_on", "date"),
    Field("reported_on", "date"),
    Field("tenant"),
    Field("owner"),
    Field("rateable_value", "count"),
    Field("contact"),
    Field("phone"),
    Field("remark"),
    Field("lon", "coordinate"),
    Field("lat", "coordinate"),
    Field("position", "position"),
    Field("wkt", "wkt"),
)

_ENTERPRISES = (
    Field("source_id", "code"),
    Field("name", required=True),
    Field("name_en"),
    Field("credit_code", "credit_code"),
    Field("industry_code", "industry_code"),
    Field("industry"),
    Field("registered_capital_cny", "money"),
    Field("employees", "count"),
    Field("founded_on", "date"),
    Field("address"),
    Field("registered_address"),
    Field("building"),
    Field("floor", "floor"),
    Field("unit", "label"),
    Field("area_m2", "area_m2"),
    Field("is_individual", "yes_no"),
    Field("is_headquarters", "yes_no"),
    Field("is_foreign_funded", "yes_no"),
    Field("legal_form"),
    Field("representative"),
    Field("contact"),
    Field("phone"),
    Field("status"),
    Field("lon", "coordinate"),
    Field("lat", "coordinate"),
    Field("position", "position"),
    Field("wkt", "wkt"),
)

_AMENITIES = (
    *_PLACE,
    Field("category"),
    Field("subcategory"),
    Field("phone"),
    Field("opening_hours"),
    Field("is_subway", "yes_no"),
    Field("line"),
    Field("district"),
    Field("city"),
)

_AREAS = (
    *_PLACE[:4],
    Field("official_code", "code"),
    Field("level"),
    Field("parent_code", "code"),
    Field("wkt", "wkt"),
)

_GROUND = (
    Field("source_id", "code"),
    Field("name"),
    Field("name_zh"),
    Field("name_en"),
    Field("kind"),
    Field("class"),
    Field("bridge", "yes_no"),
    Field("tunnel", "yes_no"),
    Field("colour"),
    Field("wkt", "wkt"),
    Field("lon", "coordinate"),
    Field("lat", "coordinate"),
    Field("position", "position"),
)

_TAXONOMY = (
    Field("code", "code", required=True),
    Field("level", "count"),
    Field("section", "code"),
    Field("parent", "code"),
    Field("name", required=True),
    Field("name_en"),
)

_FIGURES = (
    Field("indicator", required=True),
    Field("place_kind"),
    Field("place"),
    Field("area"),
    Field("building"),
    Field("enterprise"),
    Field("credit_code"),
    Field("period", required=True),
    Field("value", required=True),
    Field("unit"),
    Field("scope"),
    Field("basis"),
    Field("one_off"),
    Field("attribution"),
    Field("contributors"),
    Field("largest_share"),
    Field("note"),
)

_TARGETS = (
    Field("area", required=True),
    Field("indicator", required=True),
    Field("year"),
    Field("scope"),
    Field("bound"),
    Field("value", required=True),
    Field("unit"),
    Field("note"),
)

FIELDS: dict[Kind, dict[str, Field]] = {
    kind: {field.name: field for field in fields}
    for kind, fields in (
        (Kind.BUILDINGS, _BUILDINGS),
        (Kind.UNITS, _UNITS),
        (Kind.ENTERPRISES, _ENTERPRISES),
        (Kind.AMENITIES, _AMENITIES),
        (Kind.AREAS, _AREAS),
        (Kind.GROUND, _GROUND),
        (Kind.TAXONOMY, _TAXONOMY),
        (Kind.FIGURES, _FIGURES),
        (Kind.TARGETS, _TARGETS),
    )
}
