"""Tables of the web side that no single capability owns: stored files, mail, the site's own settings."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.model import Base
from geo.model.declarative import Key, Stamp, refers


class StoredFile(Base):
    """A file under the data home, named by the SHA-256 of its bytes and never changed."""

    __tablename__ = "files"
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint("size_bytes >= 0", name="size"),
    )
    sha256: Mapped[str] = mapped_column(primary_key=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str]
    name: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(refers("users.id"), index=True)
    created_at: Mapped[Stamp]


class Mail(Base):
    """A message to be sent, written with the change it tells of, so that neither exists without the other."""

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'kept', 'failed')", name="state"),
        Index("ix_mails_waiting", "id", postgresql_where=text("state = 'waiting'")),
    )
    id: Mapped[Key]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="waiting")
    attempts: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]
    unsubscribe_url: Mapped[str | None]
    created_at: Mapped[Stamp]
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
