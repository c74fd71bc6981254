"""Returns of buildings by week, what was sent for them, and what staff made of it; never public."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Index, Numeric, SmallInteger, Time, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geo.model import Base, Building, Unit
from geo.model.declarative import Code, Key, Stamp, refers
from geo.returns.said import Said

RETURN_STATES = ("open", "received", "accepted", "rejected")
OUTCOMES = ("waiting", "accepted", "rejected", "replaced")
VIAS = ("page", "workbook", "text", "link")
SIGHTINGS = ("move_in", "move_out", "registered_elsewhere", "new_unit")


def _one_of(column: str, allowed: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(each) for each in allowed)})"


class VacancyReturn(Base):
    """What a building owes for one week; `week` is its Monday. Open and past `due_at` it is late."""

    __tablename__ = "vacancy_returns"
    __table_args__ = (
        CheckConstraint(_one_of("state", RETURN_STATES), name="state"),
        CheckConstraint("extract(isodow FROM week) = 1", name="monday"),
        CheckConstraint("(state = 'rejected') <= (reason IS NOT NULL)", name="rejected_why"),
        Index(None, "building_id", "week", unique=True),
        Index("ix_vacancy_returns_waiting", "week", postgresql_where=text("state IN ('open', 'received')")),
    )
    id: Mapped[Key]
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True))
    week: Mapped[date] = mapped_column(Date)
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(server_default="open")
    received_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[int | None] = mapped_column(refers("users.id"), index=True)
    reason: Mapped[str | None]
    reminded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    escalated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    building: Mapped[Building] = relationship()
    submissions: Mapped[list["ReturnSubmission"]] = relationship(
        order_by="ReturnSubmission.id", back_populates="vacancy_return", passive_deletes=True
    )
    doubts: Mapped[list["ReturnDoubt"]] = relationship(
        order_by="ReturnDoubt.id", cascade="all, delete-orphan", passive_deletes=True
    )


class ReturnSubmission(Base):
    """One sending: the same `key` twice is one. `code` is the number on the receipt."""

    __tablename__ = "return_submissions"
    __table_args__ = (CheckConstraint(_one_of("via", VIAS), name="via"),)
    id: Mapped[Key]
    return_id: Mapped[int] = mapped_column(refers("vacancy_returns.id", cascade=True), index=True)
    code: Mapped[Code]
    key: Mapped[str] = mapped_column(unique=True)
    said_on: Mapped[date] = mapped_column(Date)
    received_at: Mapped[Stamp]
    user_id: Mapped[int | None] = mapped_column(refers("users.id"), index=True)
    via: Mapped[str] = mapped_column(server_default="page")
    note: Mapped[str | None]

    vacancy_return: Mapped[VacancyReturn] = relationship(back_populates="submissions")
    lines: Mapped[list["ReturnLine"]] = relationship(
        order_by="ReturnLine.id", cascade="all, delete-orphan", passive_deletes=True
    )
    sightings: Mapped[list["ReturnSighting"]] = relationship(
        order_by="ReturnSighting.id", cascade="all, delete-orphan", passive_deletes=True
    )


class ReturnLine(Base):
    """What a submission says is different of a unit; `before` is what it was shown, `seen_id` the state that said so.

    `overtaken` holds what somebody else had written in between, where that is so.
    """

    __tablename__ = "return_lines"
    __table_args__ = (
        CheckConstraint(_one_of("outcome", OUTCOMES), name="outcome"),
        CheckConstraint("(outcome = 'rejected') <= (reason IS NOT NULL)", name="rejected_why"),
        Index("ix_return_lines_waiting", "unit_id", postgresql_where=text("outcome = 'waiting'")),
    )
    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(refers("return_submissions.id", cascade=True), index=True)
    unit_id: Mapped[int] = mapped_column(refers("units.id", cascade=True), index=True)
    seen_id: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str]
    offered: Mapped[bool] = mapped_column(server_default="false")
    rent_amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    rent_unit: Mapped[str | None]
    available_on: Mapped[date | None] = mapped_column(Date)
    tenant: Mapped[str | None]
    area_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    since: Mapped[date] = mapped_column(Date)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    overtaken: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    outcome: Mapped[str] = mapped_column(server_default="waiting")
    reason: Mapped[str | None]
    state_id: Mapped[int | None] = mapped_column(BigInteger)
    photo_sha256: Mapped[str | None] = mapped_column(refers("files.sha256"), index=True)

    unit: Mapped[Unit] = relationship()
    submission: Mapped[ReturnSubmission] = relationship(back_populates="lines")

    @property
    def said(self) -> Said:
        """What it says, as one value."""
        terms = (self.offered, self.rent_amount, self.rent_unit, self.available_on)
        return Said(self.status, *terms, self.tenant, self.area_m2)


class ReturnSighting(Base):
    """Somebody moved in or out, or works here and is registered elsewhere (外注内营), as the building's people saw.

    Or a unit that is on no plan: `room` is what its door says, `name` who uses it or what it is.
    """

    __tablename__ = "return_sightings"
    __table_args__ = (CheckConstraint(_one_of("kind", SIGHTINGS), name="kind"),)
    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(refers("return_submissions.id", cascade=True), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    room: Mapped[str | None]
    seen_on: Mapped[date] = mapped_column(Date)


class ReturnDoubt(Base):
    """Something about a received return that is not plausible; it is settled by a reason."""

    __tablename__ = "return_doubts"
    id: Mapped[Key]
    return_id: Mapped[int] = mapped_column(refers("vacancy_returns.id", cascade=True), index=True)
    kind: Mapped[str]
    unit_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    reason: Mapped[str | None]
    user_id: Mapped[int | None] = mapped_column(refers("users.id"), index=True)
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ReturnRule(Base):
    """How returns are asked for in an area; the row without an area holds where no other does."""

    __tablename__ = "return_rules"
    __table_args__ = (
        CheckConstraint("due_weekday BETWEEN 0 AND 6", name="due_weekday"),
        CheckConstraint("jump_pct BETWEEN 1 AND 100", name="jump_pct"),
        CheckConstraint("rent_low_cny_m2_day < rent_high_cny_m2_day", name="rent_order"),
        CheckConstraint("remind_hours BETWEEN 1 AND 96 AND escalate_days BETWEEN 1 AND 30", name="patience"),
        Index(None, "area_id", unique=True, postgresql_nulls_not_distinct=True),
    )
    id: Mapped[Key]
    area_id: Mapped[int | None] = mapped_column(refers("areas.id", cascade=True))
    due_weekday: Mapped[int] = mapped_column(SmallInteger, server_default="4")
    due_time: Mapped[time] = mapped_column(Time, server_default="18:00")
    remind_hours: Mapped[int] = mapped_column(SmallInteger, server_default="24")
    escalate_days: Mapped[int] = mapped_column(SmallInteger, server_default="3")
    jump_pct: Mapped[int] = mapped_column(SmallInteger, server_default="20")
    rent_low_cny_m2_day: Mapped[Decimal] = mapped_column(Numeric(10, 2), server_default="0.3")
    rent_high_cny_m2_day: Mapped[Decimal] = mapped_column(Numeric(10, 2), server_default="30")
    accept_unchanged: Mapped[bool] = mapped_column(server_default="true")
