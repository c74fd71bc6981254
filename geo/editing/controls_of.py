"""The fields of each table that people may set, in the order of the forms."""

from geo import taxonomy
from geo.editing.controls import Control, a_day, choice, choices, decimal, real, several, whole, words, yes
from geo.editing.outline_texts import outline
from geo.errors import UnknownFieldError
from geo.history import UNIT_USES

_AREA = ("0.01", "9999999999.99", "m²")

_CONTROLS: dict[str, tuple[Control, ...]] = {
    "buildings": (
        words("name"),
        words("name_en"),
        several("aliases"),
        words("address"),
        words("address_en"),
        choice("status", [each.code for each in taxonomy.building_statuses()], "status"),
        whole("floors_above", 0, 300),
        whole("floors_below", 0, 30),
        real("height_m", "0", "999", "m"),
        decimal("gross_area_m2", *_AREA),
        decimal("leasable_area_m2", *_AREA),
        decimal("typical_floor_area_m2", *_AREA),
        whole("completed_year", 1800, 2100),
        choice("grade", list(dict.fromkeys(each.code for each in taxonomy.grades())), "grade", optional=True),
        choice("grade_scheme", list(dict.fromkeys(g.scheme for g in taxonomy.grades())), "scheme", optional=True),
        whole("star", 1, 5),
        choices("themes", [each.code for each in taxonomy.themes()], "theme"),
        decimal("property_fee_cny_m2_month", "0", "99999999.99", "元/m²·月"),
        whole("parking_spaces", 0, 100_000),
        whole("lifts", 0, 500),
        yes("publishable"),
        outline("geom"),
    ),
    "complexes": (words("name", optional=False), words("name_en"), yes("publishable")),
    "sections": (
        choice("kind", ("podium", "tower", "basement", "part"), "part"),
        words("name"),
        real("base_height_m", "0", "999", "m", optional=False),
        real("height_m", "0", "999", "m", optional=False),
        whole("floor_from", -30, 300),
        whole("floor_to", -30, 300),
        outline("geom"),
    ),
    "floors": (
        words("label", 20, optional=False),
        choice("use", UNIT_USES, "use"),
        decimal("area_m2", *_AREA),
        real("storey_height_m", "0.5", "100", "m"),
        real("clear_height_m", "0.5", "100", "m"),
        real("load_kn_m2", "0.1", "1000", "kN/m²"),
    ),
    "units": (words("label", 40, optional=False),),
    "building_facts": (
        words("value", 500, optional=False),
        words("unit", 40),
        a_day("dated_on"),
        yes("publishable"),
    ),
    "parties": (
        choice("kind", ("company", "office", "person"), "party"),
        words("name", optional=False),
        words("name_en"),
        words("business_phone", 60),
        words("business_email", 200),
        yes("contact_consent"),
    ),
}


def controls_of(table: str) -> tuple[Control, ...]:
    """The fields of a table that a form may set.

    Raises
    ------
    UnknownFieldError
        Nothing of this table is set by hand.
    """
    try:
        return _CONTROLS[table]
    except KeyError:
        raise UnknownFieldError(f"Nothing of {table} is set by hand.") from None


def control_of(table: str, field: str) -> Control:
    """One field. Raises as `controls_of`, also where the table has no such field."""
    for control in controls_of(table):
        if control.name == field:
            return control
    allowed = ", ".join(control.name for control in controls_of(table))
    raise UnknownFieldError(f"{field!r} of {table} is not set by hand; allowed: {allowed}.")
