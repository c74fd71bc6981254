"""Figures that an office enters (tax, employees, coverage of a building or area) and the targets of a plan.

Both are kept as `unit_states` are: a correction closes what was known and adds a row, so that every value that was ever
believed can be read again. Period and scope are part of what a figure is, not a remark beside it; what two sources say
of the same thing stands side by side.
"""

from datetime import date, datetime
from decimal import Decimal

from psycopg.types.range import Range
from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo.model.declarative import Base, Code, Key, refers


class Figure(Base):
    """One value of one area, building or enterprise for one period, as one source has it.

    Of tax it is said how it was counted: the scope (全口径, 地方级, 区级留成), received or declared (入库, 申报),
    with or without one-off taxes, by place of registration or of operation (注册地, 经营地); of other figures none
    of it. Of a sum that came without its parts `contributors` and `largest_share_pct` tell how many made it up and
    how much the largest of them gave: without them nobody can tell whether it may be published.
    """

    __tablename__ = "figures"
    __table_args__ = (
        CheckConstraint("num_nonnulls(area_id, building_id, enterprise_id) = 1", name="one_place"),
        CheckConstraint(
            "NOT isempty(period) AND NOT lower_inf(period) AND NOT upper_inf(period) AND NOT isempty(known)",
            name="ranges",
        ),
        CheckConstraint("num_nulls(scope, basis, one_off, attribution) IN (0, 4)", name="counted"),
        CheckConstraint("scope IN ('full', 'local', 'retained')", name="scope"),
        CheckConstraint("basis IN ('received', 'declared')", name="basis"),
        CheckConstraint("attribution IN ('registered', 'operating')", name="attribution"),
        CheckConstraint("contributors >= 0", name="contributors"),
        CheckConstraint("largest_share_pct BETWEEN 0 AND 100", name="largest_share"),
        ExcludeConstraint(
            ("indicator", "="),
            (text("coalesce(area_id, 0)"), "="),
            (text("coalesce(building_id, 0)"), "="),
            (text("coalesce(enterprise_id, 0)"), "="),
            ("period", "="),
            (text("coalesce(scope, '')"), "="),
            (text("coalesce(basis, '')"), "="),
            (text("coalesce(one_off::integer, -1)"), "="),
            (text("coalesce(attribution, '')"), "="),
            ("source_id", "="),
            ("known", "&&"),
            using="gist",
            name="ex_figures_known",
        ),
        Index(None, "area_id"),
        Index(None, "building_id"),
        Index(None, "enterprise_id"),
        Index(None, "run_id"),
        Index("ix_figures_indicator_period", "indicator", "period"),
    )
    id: Mapped[Key]
    code: Mapped[Code]
    indicator: Mapped[str]
    area_id: Mapped[int | None] = mapped_column(refers("areas.id", cascade=True))
    building_id: Mapped[int | None] = mapped_column(refers("buildings.id", cascade=True))
    enterprise_id: Mapped[int | None] = mapped_column(refers("enterprises.id", cascade=True))
    period: Mapped[Range[date]] = mapped_column(DATERANGE)
    scope: Mapped[str | None]
    basis: Mapped[str | None]
    one_off: Mapped[bool | None]
    attribution: Mapped[str | None]
    value: Mapped[Decimal] = mapped_column(Numeric(20, 4))
    contributors: Mapped[int | None]
    largest_share_pct: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    note: Mapped[str | None]
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    run_id: Mapped[int | None] = mapped_column(refers("import_runs.id"))
    entered_by: Mapped[int | None] = mapped_column(BigInteger)
    ended_by: Mapped[int | None] = mapped_column(BigInteger)
    known: Mapped[Range[datetime]] = mapped_column(
        TSTZRANGE, server_default=func.tstzrange(func.clock_timestamp(), None)
    )


class PublishedFigure(Base):
    """A sum that everybody may see, as it was published; without a value it was hidden so that nobody is found out.

    Made by `geo/figures/publishing.py` for all places at once, and read instead of the figures themselves.
    """

    __tablename__ = "published_figures"
    __table_args__ = (
        CheckConstraint("num_nonnulls(area_id, building_id) = 1", name="one_place"),
        ExcludeConstraint(
            ("indicator", "="),
            (text("coalesce(area_id, 0)"), "="),
            (text("coalesce(building_id, 0)"), "="),
            ("period", "="),
            (text("coalesce(scope, '')"), "="),
            (text("coalesce(basis, '')"), "="),
            (text("coalesce(one_off::integer, -1)"), "="),
            (text("coalesce(attribution, '')"), "="),
            ("known", "&&"),
            using="gist",
            name="ex_published_figures_known",
        ),
        Index(None, "area_id"),
        Index(None, "building_id"),
    )
    id: Mapped[Key]
    indicator: Mapped[str]
    area_id: Mapped[int | None] = mapped_column(refers("areas.id", cascade=True))
    building_id: Mapped[int | None] = mapped_column(refers("buildings.id", cascade=True))
    period: Mapped[Range[date]] = mapped_column(DATERANGE)
    scope: Mapped[str | None]
    basis: Mapped[str | None]
    one_off: Mapped[bool | None]
    attribution: Mapped[str | None]
    value: Mapped[Decimal | None] = mapped_column(Numeric(20, 4))
    published_by: Mapped[int | None] = mapped_column(BigInteger)
    known: Mapped[Range[datetime]] = mapped_column(
        TSTZRANGE, server_default=func.tstzrange(func.clock_timestamp(), None)
    )


class Target(Base):
    """What a plan asks of an area: at least or at most so much of an indicator, for a year where the plan names one."""

    __tablename__ = "targets"
    __table_args__ = (
        CheckConstraint("NOT isempty(known)", name="ranges"),
        CheckConstraint("year BETWEEN 1990 AND 2200", name="year"),
        CheckConstraint("scope IN ('full', 'local', 'retained')", name="scope"),
        CheckConstraint("bound IN ('at_least', 'at_most')", name="bound"),
        ExcludeConstraint(
            ("area_id", "="),
            ("indicator", "="),
            (text("coalesce(year, 0::smallint)"), "="),
            (text("coalesce(scope, '')"), "="),
            ("source_id", "="),
            ("known", "&&"),
            using="gist",
            name="ex_targets_known",
        ),
        Index(None, "area_id"),
        Index(None, "run_id"),
    )
    id: Mapped[Key]
    code: Mapped[Code]
    area_id: Mapped[int] = mapped_column(refers("areas.id", cascade=True))
    indicator: Mapped[str]
    year: Mapped[int | None] = mapped_column(SmallInteger)
    scope: Mapped[str | None]
    bound: Mapped[str]
    value: Mapped[Decimal] = mapped_column(Numeric(20, 4))
    publishable: Mapped[bool] = mapped_column(server_default="false")
    note: Mapped[str | None]
    source_id: Mapped[int] = mapped_column(refers("sources.id"))
    run_id: Mapped[int | None] = mapped_column(refers("import_runs.id"))
    entered_by: Mapped[int | None] = mapped_column(BigInteger)
    ended_by: Mapped[int | None] = mapped_column(BigInteger)
    known: Mapped[Range[datetime]] = mapped_column(
        TSTZRANGE, server_default=func.tstzrange(func.clock_timestamp(), None)
    )
