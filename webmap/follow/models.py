"""Who wants to be told of what is new in a search, by mail."""

from datetime import datetime

from sqlalchemy import DateTime, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.model import Base
from geo.model.declarative import Code, Key, Stamp


class Alert(Base):
    """A search somebody follows; nothing is sent before `confirmed_at` or after `ended_at`.

    `told_until` is the instant up to which news has been sent.
    """

    __tablename__ = "alerts"
    __table_args__ = (Index("uq_alerts_email_query", text("lower(email)"), "query", unique=True),)
    id: Mapped[Key]
    code: Mapped[Code]
    email: Mapped[str]
    query: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[Stamp]
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    told_until: Mapped[Stamp]
