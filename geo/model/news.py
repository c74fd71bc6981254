"""What became public of units lately: written by a trigger with the change itself, kept for sixty days."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.model.declarative import Base, Key, refers


class UnitNews(Base):
    """A unit that came on the market, changed there, or left it: its public columns before and after."""

    __tablename__ = "unit_news"
    __table_args__ = (
        CheckConstraint("before IS NOT NULL OR after IS NOT NULL", name="something"),
        Index(None, "happened_at"),
        Index(None, "unit_id"),
    )
    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(refers("units.id", cascade=True))
    happened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
