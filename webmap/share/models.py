"""Short links: a token, the state that it opens, and from when to when it does."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.looking_back import Moment
from geo.model import Base
from geo.model.declarative import Key, Stamp, refers


class ShortLink(Base):
    """What a token opens: a page in a language with its state, as of now or frozen to a day and what was known then.

    `state` is in the format of `webmap/share/states.py` and says its version; `as_of` and `known_at` are set together.
    `name` is what its readers and its maker see as its title.
    """

    __tablename__ = "short_links"
    __table_args__ = (
        CheckConstraint("token ~ '^[256789bcdfghjkmnpqrstvwxz]{9,12}$'", name="token"),
        CheckConstraint("(as_of IS NULL) = (known_at IS NULL)", name="frozen"),
    )
    id: Mapped[Key]
    token: Mapped[str] = mapped_column(Text, unique=True)
    user_id: Mapped[int | None] = mapped_column(refers("users.id"), index=True)
    name: Mapped[str]
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)
    as_of: Mapped[date | None] = mapped_column(Date)
    known_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    made_at: Mapped[Stamp]
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def moment(self) -> Moment | None:
        """What it is frozen to, if it is."""
        return Moment(self.as_of, self.known_at) if self.as_of and self.known_at else None

    @property
    def is_over(self) -> bool:
        """Whether it opens nothing any more."""
        return self.withdrawn_at is not None or self.has_expired

    @property
    def has_expired(self) -> bool:
        """Whether its last day is past."""
        return self.expires_at is not None and self.expires_at <= datetime.now(self.expires_at.tzinfo)

    @property
    def is_private(self) -> bool:
        """Whether it is meant for one reader: a selection."""
        return bool(self.state.get("page") == "selection")
