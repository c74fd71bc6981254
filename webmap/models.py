"""Tables of the web side that no single capability owns: stored files, pictures, mail, inquiries, report links."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geo.model import Base, Building, Unit
from geo.model.declarative import Code, Key, Stamp, refers


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


class Picture(Base):
    """A photo, a drawn plan or the link of a virtual tour of a building, one of its floors or one of its units.

    Of pictures two sizes are kept, written anew without what cameras add; `width` and `height` are those of the large
    one in pixels. `alt` says what is seen to those who cannot see it, `source` who took or drew it.
    """

    __tablename__ = "pictures"
    __table_args__ = (
        CheckConstraint("kind IN ('photo', 'plan', 'tour')", name="kind"),
        CheckConstraint("(kind = 'tour') = (url IS NOT NULL) AND url ~ '^https://' IS NOT FALSE", name="url"),
        CheckConstraint("(kind = 'tour') = (large_sha256 IS NULL)", name="bytes"),
        CheckConstraint("num_nulls(large_sha256, small_sha256, width, height) IN (0, 4)", name="sizes"),
        CheckConstraint("num_nonnulls(unit_id, floor_id) <= 1", name="one_place"),
    )
    id: Mapped[Key]
    code: Mapped[Code]
    kind: Mapped[str]
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True), index=True)
    floor_id: Mapped[int | None] = mapped_column(refers("floors.id", cascade=True), index=True)
    unit_id: Mapped[int | None] = mapped_column(refers("units.id", cascade=True), index=True)
    alt: Mapped[str]
    caption: Mapped[str | None]
    source: Mapped[str]
    url: Mapped[str | None]
    place: Mapped[int] = mapped_column(server_default="0")
    large_sha256: Mapped[str | None] = mapped_column(refers("files.sha256"), index=True)
    small_sha256: Mapped[str | None] = mapped_column(refers("files.sha256"), index=True)
    width: Mapped[int | None]
    height: Mapped[int | None]
    user_id: Mapped[int | None] = mapped_column(refers("users.id"), index=True)
    created_at: Mapped[Stamp]


class ReportLink(Base):
    """Leave to report on one building for one week (its Monday) without a password, until a day or until withdrawn.

    The key in the link is made from this row with the site's secret, so that the table opens no door.
    """

    __tablename__ = "report_links"
    __table_args__ = (
        CheckConstraint("extract(isodow FROM week) = 1", name="monday"),
        Index(None, "building_id", "week"),
    )
    id: Mapped[Key]
    code: Mapped[Code]
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True))
    week: Mapped[date]
    user_id: Mapped[int | None] = mapped_column(refers("users.id", cascade=True), index=True)
    made_by_id: Mapped[int | None] = mapped_column(refers("users.id"), index=True)
    made_at: Mapped[Stamp]
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ReportLinkUse(Base):
    """That a report link was opened, from where and with what."""

    __tablename__ = "report_link_uses"
    __table_args__ = (Index(None, "link_id", "used_at"),)
    id: Mapped[Key]
    link_id: Mapped[int] = mapped_column(refers("report_links.id", cascade=True))
    used_at: Mapped[Stamp]
    network: Mapped[str]
    browser: Mapped[str | None]


class PageRead(Base):
    """How often the page of a thing was opened on a day; `link_id` is the short link that led there, 0 for none.

    Things are of several tables, and counts outlive them: nothing refers to them.
    """

    __tablename__ = "page_reads"
    __table_args__ = (
        CheckConstraint("kind IN ('building', 'unit', 'link')", name="kind"),
        CheckConstraint("reads > 0", name="reads"),
        Index("ix_page_reads_link_id", "link_id", "day", postgresql_where=text("link_id > 0")),
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    thing_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    link_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, server_default="0")
    day: Mapped[date] = mapped_column(primary_key=True)
    reads: Mapped[int]


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
