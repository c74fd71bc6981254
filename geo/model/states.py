"""The bitemporal history of units: when it was so (`valid`) and when we held it to be so (`known`)."""

from datetime import date, datetime
from decimal import Decimal

from psycopg.types.range import Range
from sqlalchemy import BigInteger, CheckConstraint, Date, Index, Numeric, Text, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo.model.declarative import Base, Key, Stamp, refers


class UnitState(Base):
    """One stretch of a unit's life as held over one stretch of our knowledge; never overwritten, only closed."""

    __tablename__ = "unit_states"
    __table_args__ = (
        CheckConstraint("occupancy IN ('vacant', 'own_use', 'tenant', 'fitting_out', 'unknown')", name="occupancy"),
        CheckConstraint("contract IN ('none', 'talks', 'signed', 'let')", name="contract"),
        CheckConstraint("NOT isempty(valid) AND NOT isempty(known)", name="ranges"),
        ExcludeConstraint(
            ("unit_id", "="),
            ("valid", "&&"),
            using="gist",
            where=text("upper_inf(known)"),
            name="ex_unit_states_now_known",
        ),
        Index(None, "unit_id"),
    )
    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(refers("units.id", cascade=True))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    known: Mapped[Range[datetime]] = mapped_column(
        TSTZRANGE, server_default=func.tstzrange(func.clock_timestamp(), None)
    )
    exists: Mapped[bool] = mapped_column(server_default="true")
    area_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    area_basis: Mapped[str] = mapped_column(Text, server_default="gross")
    area_source: Mapped[str | None]
    use: Mapped[str] = mapped_column(Text, server_default="office")
    occupancy: Mapped[str]
    contract: Mapped[str] = mapped_column(Text, server_default="none")
    tenant_id: Mapped[int | None] = mapped_column(refers("enterprises.id"))
    rent_amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    rent_unit: Mapped[str | None]
    reported_on: Mapped[date | None] = mapped_column(Date)
    verified_on: Mapped[date | None] = mapped_column(Date)
    verification: Mapped[str | None]
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    run_id: Mapped[int | None] = mapped_column(refers("import_runs.id"))
    user_id: Mapped[int | None] = mapped_column(BigInteger)


class Confirmation(Base):
    """'No change': said of a unit on a day by someone, without a new state; that of an undone run does not count."""

    __tablename__ = "confirmations"
    __table_args__ = (Index(None, "unit_id", "confirmed_on"),)
    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(refers("units.id", cascade=True))
    confirmed_on: Mapped[date]
    recorded_at: Mapped[Stamp]
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    run_id: Mapped[int | None] = mapped_column(refers("import_runs.id"))


class WithdrawnConfirmation(Base):
    """That a confirmation was taken back, and when: from then on it does not count."""

    __tablename__ = "withdrawn_confirmations"
    confirmation_id: Mapped[int] = mapped_column(
        refers("confirmations.id", cascade=True), primary_key=True, autoincrement=False
    )
    withdrawn_at: Mapped[Stamp]
    user_id: Mapped[int | None] = mapped_column(BigInteger)
