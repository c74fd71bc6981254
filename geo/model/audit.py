"""The audit: who changed which row when, from where, what it was before and after; written by triggers alone."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.model.declarative import Base, Key, Stamp

_VIA = "coalesce(nullif(current_setting('loumap.via', true), ''), current_setting('application_name'))"
_ADDRESS = "nullif(current_setting('loumap.address', true), '')"
_NUMBER = (
    "CASE WHEN current_setting('loumap.{0}', true) ~ '^[0-9]{{1,18}}$' THEN current_setting('loumap.{0}')::bigint END"
)


class AuditEntry(Base):
    """One change of a row, or of `rows` rows that one statement changed alike (`row_keys`) or added in great number.

    `user_id`, `via` and `address` are what the transaction said of itself (`geo.audit`; else the name of the program),
    `login` is the login of the database. Of an update only the columns that differ are kept. Keys of two columns are
    joined by a comma.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        CheckConstraint("action IN ('insert', 'update', 'delete', 'truncate')", name="action"),
        Index(None, "at"),
        Index(None, "table_name", "row_key"),
        Index("ix_audit_log_several", "table_name", postgresql_where=text("rows > 1")),
        Index("ix_audit_log_building", "building_id", "id", postgresql_where=text("building_id IS NOT NULL")),
        Index("ix_audit_log_user", "user_id", "id", postgresql_where=text("user_id IS NOT NULL")),
        Index("ix_audit_log_run", "run_id", postgresql_where=text("run_id IS NOT NULL")),
    )
    id: Mapped[Key]
    at: Mapped[Stamp]
    transaction: Mapped[int] = mapped_column(BigInteger, server_default=func.txid_current())
    login: Mapped[str] = mapped_column(Text, server_default=text("session_user"))
    user_id: Mapped[int | None] = mapped_column(BigInteger, server_default=text(_NUMBER.format("user")))
    via: Mapped[str | None] = mapped_column(Text, server_default=text(_VIA))
    address: Mapped[str | None] = mapped_column(Text, server_default=text(_ADDRESS))
    run_id: Mapped[int | None] = mapped_column(BigInteger, server_default=text(_NUMBER.format("run")))
    table_name: Mapped[str]
    action: Mapped[str]
    row_key: Mapped[str | None]
    row_keys: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    rows: Mapped[int] = mapped_column(Integer, server_default="1")
    building_id: Mapped[int | None] = mapped_column(BigInteger)
    unit_id: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
