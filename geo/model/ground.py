"""What lies around the buildings: amenities, streets, water, green and transit lines."""

from datetime import datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, DateTime, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.model.declarative import Base, Code, Key, Stamp, pixels, point, refers, ring_column


class Amenity(Base):
    """A place of use to people who work here, in one of the twenty categories of `data/taxonomies/amenities.csv`."""

    __tablename__ = "amenities"
    __table_args__ = (
        Index("ix_amenities_geom", "geom", postgresql_using="gist"),
        Index("ix_amenities_ring", "ring", postgresql_using="gist"),
        Index(None, "category"),
        Index(None, "source_id", "source_key", unique=True),
    )
    id: Mapped[Key]
    code: Mapped[Code]
    category: Mapped[str]
    name: Mapped[str | None]
    name_en: Mapped[str | None]
    address: Mapped[str | None]
    opening_hours: Mapped[str | None]
    open: Mapped[bool] = mapped_column(server_default="true")
    geom: Mapped[WKBElement] = mapped_column(point())
    ring: Mapped[WKBElement | None] = mapped_column(pixels(), ring_column("any"))
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    source_key: Mapped[str | None]
    publishable: Mapped[bool] = mapped_column(server_default="true")
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[Stamp]


class GroundFeature(Base):
    """A road, a water body, a green space or another piece of the ground drawn under the buildings.

    `foot` says whether people may walk there; `layer` is 0 on the ground, above it from 1, in tunnels below 0. Barriers
    (walls, fences, and gates as points, whose `foot` says whether they are open) are not drawn.
    """

    __tablename__ = "ground_features"
    __table_args__ = (
        CheckConstraint("kind IN ('road', 'water', 'green', 'rail', 'plaza', 'barrier')", name="kind"),
        Index("ix_ground_features_geom", "geom", postgresql_using="gist"),
        Index("ix_ground_features_major", "ring", postgresql_using="gist", postgresql_where=text("rank <= 2")),
        Index("ix_ground_features_ring", "ring", postgresql_using="gist"),
        Index(None, "source_id", "source_key", unique=True),
    )
    id: Mapped[Key]
    kind: Mapped[str]
    road_class: Mapped[str | None]
    rank: Mapped[int] = mapped_column(server_default="3")
    name: Mapped[str | None]
    name_en: Mapped[str | None]
    foot: Mapped[bool] = mapped_column(server_default="true")
    bridge: Mapped[bool] = mapped_column(server_default="false")
    layer: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    geom: Mapped[WKBElement] = mapped_column(Geometry("GEOMETRY", srid=4326, spatial_index=False))
    ring: Mapped[WKBElement | None] = mapped_column(pixels(), ring_column("polygon"))
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    source_key: Mapped[str | None]
    publishable: Mapped[bool] = mapped_column(server_default="true")
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class AmenityDistance(Base):
    """How far a building is from the nearest amenity of a category, by which method and when that was computed."""

    __tablename__ = "amenity_distances"
    __table_args__ = (
        CheckConstraint("method IN ('straight_line', 'walking')", name="method"),
        Index("ix_amenity_distances_near", "category", "metres", postgresql_include=["building_id"]),
    )
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True), primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    amenity_id: Mapped[int] = mapped_column(refers("amenities.id", cascade=True), index=True)
    metres: Mapped[int]
    minutes: Mapped[float | None]
    method: Mapped[str]
    computed_at: Mapped[Stamp]


class TransitLine(Base):
    """A metro, tram or rail line with its colour; its stations are amenities of the category 'metro'."""

    __tablename__ = "transit_lines"
    __table_args__ = (
        Index("ix_transit_lines_ring", "ring", postgresql_using="gist"),
        Index(None, "source_id", "source_key", unique=True),
    )
    id: Mapped[Key]
    code: Mapped[Code]
    mode: Mapped[str]
    name: Mapped[str | None]
    name_en: Mapped[str | None]
    colour: Mapped[str | None]
    geom: Mapped[WKBElement] = mapped_column(Geometry("MULTILINESTRING", srid=4326, spatial_index=False))
    ring: Mapped[WKBElement | None] = mapped_column(pixels(), ring_column("line"))
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    source_key: Mapped[str | None]
    publishable: Mapped[bool] = mapped_column(server_default="true")
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
