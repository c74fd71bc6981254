"""Splits and mergers of units as acts: who did which when, why, and what has to be known to take one back."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.model.declarative import Base, Code, Key, Stamp, refers


class UnitReshape(Base):
    """One split or merger; what became of what stands in `unit_lineage` until it is taken back.

    `details` names the units before and after, the states written, and what became of offers and tenancies.
    """

    __tablename__ = "unit_reshapes"
    __table_args__ = (CheckConstraint("kind IN ('split', 'merge')", name="kind"),)
    id: Mapped[Key]
    code: Mapped[Code]
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True), index=True)
    kind: Mapped[str]
    happened_on: Mapped[date]
    area_before_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    area_after_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    reason: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    made_at: Mapped[Stamp]
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by: Mapped[int | None] = mapped_column(BigInteger)
