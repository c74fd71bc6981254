"""A file that an administrator has uploaded: how it is to be imported, what the check said, what became of it."""

from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.model import Base
from geo.model.declarative import Code, Key, Stamp, refers


class ImportUpload(Base):
    """One upload. `report` is that of the dry run first, that of the import afterwards; `error` why there is none."""

    __tablename__ = "import_uploads"
    __table_args__ = (CheckConstraint("state IN ('checking', 'checked', 'importing', 'done', 'failed')", name="state"),)
    id: Mapped[Key]
    code: Mapped[Code]
    file_sha256: Mapped[str] = mapped_column(refers("files.sha256"), index=True)
    file_name: Mapped[str]
    options: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(server_default="checking")
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    error: Mapped[str | None]
    user_id: Mapped[int | None] = mapped_column(refers("users.id"), index=True)
    created_at: Mapped[Stamp]
