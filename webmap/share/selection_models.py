"""Private selections: what a promoter has put together for one client, and what the client marked in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geo.model import Base
from geo.model.declarative import Key, Stamp, refers
from webmap.models import Inquiry
from webmap.share.models import ShortLink


class Selection(Base):
    """What stands under a private link: for whom, a greeting, who sends it, and what the client was looking for.

    `requirement` is the query of a match; `sender` is how the maker wants to be reached, in his own words.
    """

    __tablename__ = "selections"
    id: Mapped[Key]
    link_id: Mapped[int] = mapped_column(refers("short_links.id", cascade=True), unique=True)
    greeting: Mapped[str]
    sender: Mapped[str]
    requirement: Mapped[str]
    passcode_hash: Mapped[str | None]
    sent_at: Mapped[Stamp]
    link: Mapped[ShortLink] = relationship()
    items: Mapped[list["SelectionItem"]] = relationship(
        order_by="SelectionItem.place", cascade="all, delete-orphan", passive_deletes=True
    )


class SelectionItem(Base):
    """A unit or building in a selection; `told` is what was public of it when it was sent, to tell changes.

    It is named by its code, since it stays on the list also when it is no more.
    """

    __tablename__ = "selection_items"
    __table_args__ = (
        UniqueConstraint("selection_id", "code"),
        CheckConstraint("kind IN ('unit', 'building')", name="kind"),
    )
    id: Mapped[Key]
    selection_id: Mapped[int] = mapped_column(refers("selections.id", cascade=True))
    place: Mapped[int]
    kind: Mapped[str]
    code: Mapped[str]
    note: Mapped[str]
    told: Mapped[dict[str, Any]] = mapped_column(JSONB)
    liked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SelectionInquiry(Base):
    """What the client of a selection asked through it: which of its items, and when they are to be seen, if they are.

    Its sender may read and answer it; the form says so. Erasing the inquiry erases this too.
    """

    __tablename__ = "selection_inquiries"
    id: Mapped[Key]
    selection_id: Mapped[int] = mapped_column(refers("selections.id", cascade=True), index=True)
    inquiry_id: Mapped[int] = mapped_column(refers("inquiries.id", cascade=True), unique=True)
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    viewing_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    inquiry: Mapped[Inquiry] = relationship()


class PasscodeTry(Base):
    """That a wrong passcode was tried from a network; kept for a day, to keep guessers out."""

    __tablename__ = "passcode_tries"
    __table_args__ = (Index(None, "link_id", "tried_at"),)
    id: Mapped[Key]
    link_id: Mapped[int] = mapped_column(refers("short_links.id", cascade=True))
    network: Mapped[str]
    tried_at: Mapped[Stamp]
