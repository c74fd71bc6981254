"""Reports: what one is of, how far it is, and the document that it is once it has been written."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, DateTime, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, deferred, mapped_column

from geo.model import Base
from geo.model.declarative import Code, Key, Stamp, refers
from geo.reports import Span, read_span


class Report(Base):
    """A report of a span of time.

    A draft may be written anew; what is frozen has a number, its document and the SHA-256 of that, and stays as it is.
    Only one for the public can be published. `steps_done` and `steps` say how far the worker is, `trouble` why it gave
    up.
    """

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint("kind IN ('month', 'quarter', 'year')", name="kind"),
        CheckConstraint("audience IN ('public', 'staff', 'tax')", name="audience"),
        CheckConstraint("state IN ('draft', 'frozen')", name="state"),
        CheckConstraint(
            "(state = 'frozen') = (number IS NOT NULL)"
            " AND num_nulls(number, frozen_at) IN (0, 2)"
            " AND (state = 'draft' OR num_nulls(document, sha256) = 0)",
            name="frozen",
        ),
        CheckConstraint("published_at IS NULL OR (state = 'frozen' AND audience = 'public')", name="published"),
        CheckConstraint("(document IS NULL) = (sha256 IS NULL)", name="document"),
        Index("ix_reports_published", "id", postgresql_where=text("published_at IS NOT NULL")),
    )
    id: Mapped[Key]
    code: Mapped[Code]
    kind: Mapped[str]
    span: Mapped[str]
    area_id: Mapped[int | None] = mapped_column(refers("areas.id", cascade=True), index=True)
    chapters: Mapped[list[str]] = mapped_column(ARRAY(Text))
    audience: Mapped[str]
    as_of: Mapped[date] = mapped_column(Date)
    known_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(server_default="draft")
    number: Mapped[str | None] = mapped_column(unique=True)
    titles: Mapped[dict[str, str]] = mapped_column(JSONB)
    document: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSONB(none_as_null=True)))
    sha256: Mapped[str | None]
    steps_done: Mapped[int] = mapped_column(Integer, server_default="0")
    steps: Mapped[int] = mapped_column(Integer, server_default="0")
    trouble: Mapped[str | None]
    user_id: Mapped[int | None] = mapped_column(refers("users.id"), index=True)
    made_at: Mapped[Stamp]
    written_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    frozen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def is_written(self) -> bool:
        """Whether there is a document."""
        return self.sha256 is not None

    @property
    def is_frozen(self) -> bool:
        """Whether it stays as it is."""
        return self.state == "frozen"

    def of(self) -> Span:
        """The span that it is about."""
        return read_span(self.span, self.as_of)
