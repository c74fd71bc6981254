"""What is on the market: one or several units, to rent, to buy or to sublet; of every offer each version is kept."""

from datetime import date, datetime
from decimal import Decimal

from psycopg.types.range import Range
from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Index, Numeric, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo.model.declarative import Base, Key, Stamp, new_code, refers


class Offer(Base):
    """A version of an offer as its owner published it; rent stays as quoted, with its unit and basis.

    The code is the same in all versions of an offer; `user_id` is whose it is, `written_by` who wrote this version.
    `rent_free_with_fee` says that no property fee is due in the months without rent, `restoration_cny_m2` what handing
    the space back as it was costs; the rent rises by `escalation_pct` every year.
    """

    __tablename__ = "offers"
    __table_args__ = (
        CheckConstraint("kind IN ('rent', 'sale', 'sublease')", name="kind"),
        CheckConstraint("rent_low <= rent_high", name="rent_order"),
        ExcludeConstraint(
            ("code", "="),
            ("valid", "&&"),
            using="gist",
            where=text("upper_inf(known) AND withdrawn_at IS NULL"),
            name="ex_offers_now_known",
        ),
        Index(None, "building_id"),
        Index(None, "code"),
    )
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(Text, default=new_code)
    building_id: Mapped[int] = mapped_column(refers("buildings.id", cascade=True))
    kind: Mapped[str] = mapped_column(Text, server_default="rent")
    title: Mapped[str | None]
    rent_low: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    rent_high: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    rent_unit: Mapped[str | None]
    tax_included: Mapped[bool | None]
    property_fee_included: Mapped[bool | None]
    area_basis: Mapped[str] = mapped_column(Text, server_default="gross")
    min_area_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    fitout: Mapped[str | None]
    available_on: Mapped[date | None] = mapped_column(Date)
    rent_free_months: Mapped[int | None] = mapped_column(SmallInteger)
    rent_free_with_fee: Mapped[bool | None]
    escalation_pct: Mapped[float | None]
    deposit_months: Mapped[int | None] = mapped_column(SmallInteger)
    restoration_cny_m2: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    contact_id: Mapped[int | None] = mapped_column(refers("parties.id"))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE, server_default="(,)")
    known: Mapped[Range[datetime]] = mapped_column(
        TSTZRANGE, server_default=func.tstzrange(func.clock_timestamp(), None)
    )
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    written_by: Mapped[int | None] = mapped_column(BigInteger)
    recorded_at: Mapped[Stamp]


class OfferUnit(Base):
    """A unit that an offer covers."""

    __tablename__ = "offer_units"
    offer_id: Mapped[int] = mapped_column(refers("offers.id", cascade=True), primary_key=True)
    unit_id: Mapped[int] = mapped_column(refers("units.id", cascade=True), primary_key=True, index=True)
