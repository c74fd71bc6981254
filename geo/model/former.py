"""What rows were before they were changed, for who looks back: written by triggers alone (`geo/looking_back`)."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Index, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.model.declarative import Base, Key


class FormerRow(Base):
    """The public columns of a row as they were known `until` an instant; without them it was not there until then.

    `row_id` and `part` are the key of the row; only distances have a part, their category.
    """

    __tablename__ = "former_rows"
    __table_args__ = (
        Index("ix_former_rows_row", "table_name", "row_id", "until"),
        Index("ix_former_rows_until", "table_name", "until"),
    )
    id: Mapped[Key]
    table_name: Mapped[str]
    row_id: Mapped[int] = mapped_column(BigInteger)
    part: Mapped[str] = mapped_column(Text, server_default="")
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    kept: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
