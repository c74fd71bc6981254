"""Enterprises, where they sit, the parties around a building, and industry clusters."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from geoalchemy2 import WKBElement
from psycopg.types.range import Range
from sqlalchemy import CheckConstraint, Date, DateTime, Index, Numeric, Text, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE
from sqlalchemy.orm import Mapped, mapped_column

from geo.model.declarative import Base, Code, Key, Stamp, pixels, point, polygon, refers, ring_column


class Enterprise(Base):
    """A legal entity or branch. `industry_group` is the map group of its GB/T 4754 code."""

    __tablename__ = "enterprises"
    __table_args__ = (
        Index(None, "building_id"),
        Index("ix_enterprises_geom", "geom", postgresql_using="gist"),
        Index(None, "credit_code"),
        Index(None, "source_id", "source_key", unique=True),
    )
    id: Mapped[Key]
    code: Mapped[Code]
    name: Mapped[str]
    name_en: Mapped[str | None]
    credit_code: Mapped[str | None]
    industry_code: Mapped[str | None]
    industry_group: Mapped[str] = mapped_column(Text, server_default="other")
    is_individual: Mapped[bool] = mapped_column(server_default="false")
    is_headquarters: Mapped[bool] = mapped_column(server_default="false")
    is_foreign_funded: Mapped[bool | None]
    registered_capital_cny: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    employees: Mapped[int | None]
    founded_on: Mapped[date | None] = mapped_column(Date)
    address: Mapped[str | None]
    registered_address: Mapped[str | None]
    building_id: Mapped[int | None] = mapped_column(refers("buildings.id"))
    geom: Mapped[WKBElement | None] = mapped_column(point())
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    source_key: Mapped[str | None]
    publishable: Mapped[bool] = mapped_column(server_default="true")
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[Stamp]


class Tenancy(Base):
    """An enterprise operating in a building (where known, a unit) over a time; room and lease end are not public."""

    __tablename__ = "tenancies"
    __table_args__ = (Index(None, "enterprise_id"), Index(None, "building_id"), Index(None, "unit_id"))
    id: Mapped[Key]
    enterprise_id: Mapped[int] = mapped_column(refers("enterprises.id", cascade=True))
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True))
    unit_id: Mapped[int | None] = mapped_column(refers("units.id", cascade=True))
    area_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE, server_default="(,)")
    known: Mapped[Range[datetime]] = mapped_column(
        TSTZRANGE, server_default=func.tstzrange(func.clock_timestamp(), None)
    )
    lease_end_on: Mapped[date | None] = mapped_column(Date)
    room_public: Mapped[bool] = mapped_column(server_default="false")
    source_id: Mapped[int] = mapped_column(refers("sources.id"))


class Party(Base):
    """An owner, operator, property manager, agent or office; the business contact is public only by consent."""

    __tablename__ = "parties"
    __table_args__ = (CheckConstraint("kind IN ('company', 'office', 'person')", name="kind"),)
    id: Mapped[Key]
    code: Mapped[Code]
    kind: Mapped[str] = mapped_column(Text, server_default="company")
    name: Mapped[str]
    name_en: Mapped[str | None]
    business_phone: Mapped[str | None]
    business_email: Mapped[str | None]
    contact_consent: Mapped[bool] = mapped_column(server_default="false")
    personal_phone: Mapped[str | None]
    source_id: Mapped[int] = mapped_column(refers("sources.id"))


class PartyRole(Base):
    """What a party is to a building, floor or unit, from when to when."""

    __tablename__ = "party_roles"
    __table_args__ = (
        CheckConstraint(
            "role IN ('owner', 'operator', 'manager', 'agent', 'sublessor', 'chief', 'promotion')", name="role"
        ),
        Index(None, "building_id"),
    )
    id: Mapped[Key]
    party_id: Mapped[int] = mapped_column(refers("parties.id", cascade=True))
    role: Mapped[str]
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True))
    floor_id: Mapped[int | None] = mapped_column(refers("floors.id", cascade=True))
    unit_id: Mapped[int | None] = mapped_column(refers("units.id", cascade=True))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE, server_default="(,)")


class Cluster(Base):
    """Where an industry gathers more than the density of all enterprises explains, with the figures that say so."""

    __tablename__ = "clusters"
    __table_args__ = (Index("ix_clusters_ring", "ring", postgresql_using="gist"), Index(None, "industry_group"))
    id: Mapped[Key]
    code: Mapped[Code]
    industry_group: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(polygon())
    ring: Mapped[WKBElement | None] = mapped_column(pixels(), ring_column("polygon"))
    enterprises: Mapped[int]
    expected: Mapped[float]
    quotient: Mapped[float]
    z: Mapped[float]
    method: Mapped[str]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    computed_on: Mapped[date]
    computed_at: Mapped[Stamp]
