"""An inquiry or a reported error with its messages; personal, never public, erased after a time."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geo.model import Base, Building, Unit
from geo.model.declarative import Code, Key, Stamp, refers


class Inquiry(Base):
    """What somebody asks about a building or one of its units, or says is wrong there.

    `sent_sha256` tells a form that was sent twice; `last_message_at` is where the time until it is erased begins.
    """

    __tablename__ = "inquiries"
    __table_args__ = (
        CheckConstraint("kind IN ('inquiry', 'error')", name="kind"),
        CheckConstraint("state IN ('waiting', 'answered', 'closed')", name="state"),
        Index("ix_inquiries_waiting", "last_message_at", postgresql_where=text("state = 'waiting'")),
    )
    id: Mapped[Key]
    code: Mapped[Code]
    kind: Mapped[str]
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True), index=True)
    unit_id: Mapped[int | None] = mapped_column(refers("units.id", cascade=True), index=True)
    fact: Mapped[str | None]
    name: Mapped[str]
    contact: Mapped[str]
    language: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="waiting")
    sent_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[Stamp]
    last_message_at: Mapped[Stamp] = mapped_column(index=True)

    building: Mapped[Building] = relationship()
    unit: Mapped[Unit | None] = relationship()
    messages: Mapped[list["InquiryMessage"]] = relationship(
        order_by="InquiryMessage.id", cascade="all, delete-orphan", passive_deletes=True
    )


class InquiryMessage(Base):
    """One thing said: by the asker, or by the account that answered."""

    __tablename__ = "inquiry_messages"
    id: Mapped[Key]
    inquiry_id: Mapped[int] = mapped_column(refers("inquiries.id", cascade=True), index=True)
    body: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(refers("users.id"), index=True)
    written_at: Mapped[Stamp]

    @property
    def is_answer(self) -> bool:
        """Whether the site said it, not the asker."""
        return self.user_id is not None


class InquirySend(Base):
    """That something was sent from a network; kept for a day, to keep floods out."""

    __tablename__ = "inquiry_sends"
    __table_args__ = (Index(None, "network", "sent_at"),)
    id: Mapped[Key]
    network: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
