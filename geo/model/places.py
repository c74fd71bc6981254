"""Areas, complexes, buildings with sections and floors, and the units in them."""

from datetime import date, datetime
from decimal import Decimal

from geoalchemy2 import WKBElement
from psycopg.types.range import Range
from sqlalchemy import BigInteger, CheckConstraint, Computed, Date, DateTime, Index, Numeric, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE
from sqlalchemy.orm import Mapped, mapped_column

from geo.model.declarative import Base, Code, Key, Stamp, pixels, point, polygon, refers, ring_column

SHOWN = text("publishable AND withdrawn_at IS NULL")
"""What any public outlet may show of a place."""

_CROWD = f"{SHOWN.text} AND NOT managed AND name IS NULL"
_LISTED = text(f"{SHOWN.text} AND (managed OR name IS NOT NULL)")
# The city around listed buildings, by the sizes that tiles of zoom 13, or only of 14, show (`geo.tiles.LEAST_PX`).
_LARGE_CROWD = text(f"{_CROWD} AND ST_Area(ring) >= 14000")
_SMALL_CROWD = text(f"{_CROWD} AND ST_Area(ring) >= 2000 AND ST_Area(ring) < 14000")

_SEARCHED = (
    *("id", "floor_id", "area_m2", "min_area_m2", "rent_cny_m2_day", "fitout", "available_on", "public_status"),
    *("reported_on", "valid", "publishable", "verified_on"),
)
"""Of a unit: what searches ask about and order by, so that they read an index instead of the rows."""


class Area(Base):
    """A named polygon with a level; areas nest or overlap."""

    __tablename__ = "areas"
    __table_args__ = (
        Index("ix_areas_geom", "geom", postgresql_using="gist"),
        Index("ix_areas_ring", "ring", postgresql_using="gist"),
        Index(None, "source_id", "source_key", unique=True),
    )
    id: Mapped[Key]
    code: Mapped[Code]
    official_code: Mapped[str | None]
    level: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(refers("areas.id"))
    geom: Mapped[WKBElement] = mapped_column(polygon())
    ring: Mapped[WKBElement | None] = mapped_column(pixels(), ring_column("polygon"))
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    source_key: Mapped[str | None]
    publishable: Mapped[bool] = mapped_column(server_default="true")
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[Stamp]


class Complex(Base):
    """Several buildings under one name (项目, 园区, 综合体)."""

    __tablename__ = "complexes"
    id: Mapped[Key]
    code: Mapped[Code]
    name: Mapped[str]
    name_en: Mapped[str | None]
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    source_key: Mapped[str | None]
    publishable: Mapped[bool] = mapped_column(server_default="true")


class ComplexBuilding(Base):
    """Membership of a building in a complex."""

    __tablename__ = "complex_buildings"
    complex_id: Mapped[int] = mapped_column(refers("complexes.id", cascade=True), primary_key=True)
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True), primary_key=True, index=True)


class ComplexPart(Base):
    """A complex that lies inside another."""

    __tablename__ = "complex_parts"
    __table_args__ = (CheckConstraint("whole_id <> part_id", name="not_itself"),)
    whole_id: Mapped[int] = mapped_column(refers("complexes.id", cascade=True), primary_key=True)
    part_id: Mapped[int] = mapped_column(refers("complexes.id", cascade=True), primary_key=True)


class Building(Base):
    """A counted thing with storeys.

    `managed` ones are followed floor by floor, the others are the city around them; a `sectioned` one is drawn as its
    sections instead of its own outline.
    """

    __tablename__ = "buildings"
    __table_args__ = (
        CheckConstraint("status IN ('operating', 'under_construction', 'planned')", name="status"),
        CheckConstraint("height_m >= 0 AND height_m < 1000", name="height"),
        CheckConstraint("star BETWEEN 1 AND 5", name="star"),
        Index("ix_buildings_geom", "geom", postgresql_using="gist"),
        Index("ix_buildings_ring", "ring", postgresql_using="gist"),
        Index("ix_buildings_ring_listed", "ring", postgresql_using="gist", postgresql_where=_LISTED),
        Index("ix_buildings_ring_large", "ring", postgresql_using="gist", postgresql_where=_LARGE_CROWD),
        Index("ix_buildings_ring_small", "ring", postgresql_using="gist", postgresql_where=_SMALL_CROWD),
        Index("ix_buildings_morton", "morton", postgresql_include=["managed"], postgresql_where=SHOWN),
        Index(
            "ix_buildings_search", "search_text", postgresql_using="gin", postgresql_ops={"search_text": "gin_trgm_ops"}
        ),
        Index("ix_buildings_managed", "id", postgresql_where=text("managed")),
        # Of most buildings nothing but the outline is known: what searches ask about is in few of many wide rows.
        Index("ix_buildings_grade", "grade", "id", postgresql_where=text("grade IS NOT NULL")),
        Index("ix_buildings_star", "star", "id", postgresql_where=text("star IS NOT NULL")),
        Index("ix_buildings_themes", "themes", postgresql_using="gin", postgresql_where=text("themes <> '{}'")),
        Index("ix_buildings_hidden", "id", postgresql_where=text("NOT publishable OR withdrawn_at IS NOT NULL")),
        Index(None, "source_id", "source_key", unique=True),
    )
    id: Mapped[Key]
    code: Mapped[Code]
    name: Mapped[str | None]
    name_en: Mapped[str | None]
    name_source: Mapped[str | None]
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    search_text: Mapped[str | None]
    address: Mapped[str | None]
    address_en: Mapped[str | None]
    status: Mapped[str] = mapped_column(Text, server_default="operating")
    managed: Mapped[bool] = mapped_column(server_default="false")
    sectioned: Mapped[bool] = mapped_column(server_default="false")
    geom: Mapped[WKBElement] = mapped_column(polygon())
    ring: Mapped[WKBElement | None] = mapped_column(pixels(), ring_column("polygon"))
    morton: Mapped[int | None] = mapped_column(BigInteger, Computed("loumap_morton(geom)", persisted=True))
    entrance: Mapped[WKBElement | None] = mapped_column(point())
    height_m: Mapped[float | None]
    base_height_m: Mapped[float | None]
    floors_above: Mapped[int | None] = mapped_column(SmallInteger)
    floors_below: Mapped[int | None] = mapped_column(SmallInteger)
    typical_floor_area_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    gross_area_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    leasable_area_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    completed_year: Mapped[int | None] = mapped_column(SmallInteger)
    grade: Mapped[str | None]
    grade_scheme: Mapped[str | None]
    star: Mapped[int | None] = mapped_column(SmallInteger)
    themes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    property_fee_cny_m2_month: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    parking_spaces: Mapped[int | None]
    lifts: Mapped[int | None] = mapped_column(SmallInteger)
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    source_key: Mapped[str | None]
    publishable: Mapped[bool] = mapped_column(server_default="true")
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[Stamp]


class BuildingFact(Base):
    """One dated condition of a building (lifts, air conditioning hours, power, parking, certificates…)."""

    __tablename__ = "building_facts"
    __table_args__ = (Index(None, "building_id", "fact"),)
    id: Mapped[Key]
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True))
    fact: Mapped[str]
    value: Mapped[str]
    unit: Mapped[str | None]
    scheme: Mapped[str | None]
    dated_on: Mapped[date | None]
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    publishable: Mapped[bool] = mapped_column(server_default="true")


class Section(Base):
    """Part of a building with an outline and floor range of its own: podium, tower, basement."""

    __tablename__ = "sections"
    __table_args__ = (
        CheckConstraint("kind IN ('podium', 'tower', 'basement', 'part')", name="kind"),
        Index(None, "building_id"),
        Index("ix_sections_ring", "ring", postgresql_using="gist"),
    )
    id: Mapped[Key]
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True))
    kind: Mapped[str]
    name: Mapped[str | None]
    geom: Mapped[WKBElement] = mapped_column(polygon())
    ring: Mapped[WKBElement | None] = mapped_column(pixels(), ring_column("polygon"))
    base_height_m: Mapped[float] = mapped_column(server_default="0")
    height_m: Mapped[float]
    floor_from: Mapped[int | None] = mapped_column(SmallInteger)
    floor_to: Mapped[int | None] = mapped_column(SmallInteger)
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    source_key: Mapped[str | None]


class Floor(Base):
    """One storey. `position` is the physical order (ground floor 1, first basement -1); the label may skip numbers."""

    __tablename__ = "floors"
    __table_args__ = (
        CheckConstraint("position <> 0", name="position"),
        Index(
            "uq_floors_place", "building_id", "section_id", "position", unique=True, postgresql_nulls_not_distinct=True
        ),
    )
    id: Mapped[Key]
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True))
    section_id: Mapped[int | None] = mapped_column(refers("sections.id", cascade=True))
    position: Mapped[int] = mapped_column(SmallInteger)
    label: Mapped[str]
    use: Mapped[str] = mapped_column(Text, server_default="office")
    area_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    storey_height_m: Mapped[float | None]
    clear_height_m: Mapped[float | None]
    load_kn_m2: Mapped[float | None]


class Unit(Base):
    """The smallest space let or sold, with its present public state for search; the history is in `unit_states`.

    Rent, fit-out and availability (to the month) come from the published offer alone.
    """

    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint("area_m2 > 0", name="area"),
        CheckConstraint("extract(day FROM available_on) = 1", name="available_month"),
        CheckConstraint(
            "public_status IN ('vacant', 'soon', 'in_use', 'own_use', 'unknown')",
            name="public_status",
        ),
        Index(None, "building_id"),
        Index(None, "floor_id"),
        Index(
            "ix_units_on_market",
            "building_id",
            postgresql_include=_SEARCHED,
            postgresql_where=text("withdrawn_at IS NULL AND public_status IN ('vacant', 'soon')"),
        ),
        Index(
            "ix_units_standing",
            "building_id",
            postgresql_include=_SEARCHED,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(None, "source_id", "source_key", unique=True),
    )
    id: Mapped[Key]
    code: Mapped[Code]
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True))
    floor_id: Mapped[int | None] = mapped_column(refers("floors.id", cascade=True))
    top_floor_id: Mapped[int | None] = mapped_column(refers("floors.id", cascade=True))
    label: Mapped[str]
    use: Mapped[str] = mapped_column(Text, server_default="office")
    valid: Mapped[Range[date]] = mapped_column(DATERANGE, server_default="(,)")
    area_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    area_basis: Mapped[str] = mapped_column(Text, server_default="gross")
    occupancy: Mapped[str] = mapped_column(Text, server_default="unknown")
    public_status: Mapped[str] = mapped_column(Text, server_default="unknown")
    offer_id: Mapped[int | None] = mapped_column(refers("offers.id"))
    rent_amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    rent_unit: Mapped[str | None]
    rent_cny_m2_day: Mapped[float | None]
    fitout: Mapped[str | None]
    available_on: Mapped[date | None] = mapped_column(Date)
    min_area_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    reported_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[Stamp]
    verified_on: Mapped[date | None] = mapped_column(Date)
    state_source_id: Mapped[int | None] = mapped_column(refers("sources.id"))
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    source_key: Mapped[str | None]
    publishable: Mapped[bool] = mapped_column(server_default="true")
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class UnitLineage(Base):
    """Which unit came out of which: a split or a merger, so that 1201-1203 never counts 1201 twice."""

    __tablename__ = "unit_lineage"
    __table_args__ = (CheckConstraint("kind IN ('split', 'merge')", name="kind"),)
    parent_id: Mapped[int] = mapped_column(refers("units.id", cascade=True), primary_key=True)
    child_id: Mapped[int] = mapped_column(refers("units.id", cascade=True), primary_key=True, index=True)
    kind: Mapped[str]
    happened_on: Mapped[date]
