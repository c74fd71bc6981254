"""What staff saw on the spot, and random samples of units to be looked at; never public."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Date, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geo.model import Base, Unit
from geo.model.declarative import Key, Stamp, refers


class AuditSample(Base):
    """Units drawn at random out of `population`, so that they speak for all; the seed draws the same ones again."""

    __tablename__ = "audit_samples"
    __table_args__ = (CheckConstraint("cardinality(unit_ids) BETWEEN 1 AND population", name="size"),)
    id: Mapped[Key]
    area_id: Mapped[int | None] = mapped_column(refers("areas.id", cascade=True), index=True)
    drawn_on: Mapped[date] = mapped_column(Date)
    seed: Mapped[int] = mapped_column(BigInteger)
    population: Mapped[int]
    unit_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    user_id: Mapped[int | None] = mapped_column(refers("users.id"), index=True)
    created_at: Mapped[Stamp]


class SpotCheck(Base):
    """A look at one unit on a day: as reported or not, with what was found and a photo where one was taken."""

    __tablename__ = "spot_checks"
    __table_args__ = (CheckConstraint("as_reported OR found IS NOT NULL", name="found"),)
    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(refers("units.id", cascade=True), index=True)
    sample_id: Mapped[int | None] = mapped_column(refers("audit_samples.id", cascade=True), index=True)
    checked_on: Mapped[date] = mapped_column(Date)
    as_reported: Mapped[bool]
    reported: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    found: Mapped[str | None]
    note: Mapped[str | None]
    photo_sha256: Mapped[str | None] = mapped_column(refers("files.sha256"), index=True)
    user_id: Mapped[int | None] = mapped_column(refers("users.id"), index=True)
    created_at: Mapped[Stamp]

    unit: Mapped[Unit] = relationship()
