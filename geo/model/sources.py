"""Where facts come from: sources, import runs with before-images, and staff edits that outrank imports."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.model.declarative import Base, Code, Key, Stamp, refers


class Source(Base):
    """A file, register or office that facts are taken from, with what may be done with it."""

    __tablename__ = "sources"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("secrecy IN ('public', 'internal', 'secret')", name="secrecy"),
        CheckConstraint("NOT publishable OR secrecy = 'public'", name="publishable_is_public"),
    )
    id: Mapped[Key]
    code: Mapped[Code]
    name: Mapped[str]
    name_en: Mapped[str | None]
    licence: Mapped[str | None]
    attribution: Mapped[str | None]
    attribution_en: Mapped[str | None]
    url: Mapped[str | None]
    datum: Mapped[str | None]
    dated_on: Mapped[date | None]
    map_review_number: Mapped[str | None]
    secrecy: Mapped[str] = mapped_column(Text, server_default="internal")
    publishable: Mapped[bool] = mapped_column(server_default="false")
    invented: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[Stamp]


class ImportRun(Base):
    """One import: which file, what became of it, and whether it was taken back."""

    __tablename__ = "import_runs"
    __table_args__ = (CheckConstraint("state IN ('running', 'done', 'undone')", name="state"),)
    id: Mapped[Key]
    code: Mapped[Code]
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    kind: Mapped[str]
    file_name: Mapped[str]
    file_sha256: Mapped[str | None]
    state: Mapped[str] = mapped_column(Text, server_default="running")
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    started_at: Mapped[Stamp]
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ImportChange(Base):
    """What one run did to one row: `before` holds the fields it overwrote, nothing when it added the row.

    Of many added rows whose ids follow one another there is one note, from `row_id` to `last_row_id`.
    """

    __tablename__ = "import_changes"
    __table_args__ = (Index(None, "run_id"), Index(None, "table_name", "row_id"))
    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(refers("import_runs.id", cascade=True))
    table_name: Mapped[str]
    row_id: Mapped[int] = mapped_column(BigInteger)
    last_row_id: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class SourceKey(Base):
    """(source, its own key) → our code; outlives undo, so that a code never comes to mean another thing."""

    __tablename__ = "source_keys"
    source_id: Mapped[int] = mapped_column(refers("sources.id"), primary_key=True)
    table_name: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]


class FieldEdit(Base):
    """A field that a person corrected: what it was, what it is now, who and when.

    Imports leave the field alone until the edit has ended: replaced by a later one, released, or undone. What a file
    would have set is kept beside it, so that nothing a source says is lost.
    """

    __tablename__ = "field_edits"
    __table_args__ = (
        CheckConstraint("ended_as IN ('replaced', 'released', 'undone')", name="ended_as"),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended"),
        Index(None, "table_name", "row_id"),
        Index(
            "uq_field_edits_standing",
            "table_name",
            "row_id",
            "field",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[Key]
    table_name: Mapped[str]
    row_id: Mapped[int] = mapped_column(BigInteger)
    field: Mapped[str]
    before: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    reason: Mapped[str | None]
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    edited_at: Mapped[Stamp]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_as: Mapped[str | None]
    ended_by: Mapped[int | None] = mapped_column(BigInteger)
    file_value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    file_run_id: Mapped[int | None] = mapped_column(refers("import_runs.id"))
