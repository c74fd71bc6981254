"""Figures that an office enters, and the targets of a plan."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0047"
down_revision = "0044"
branch_labels = None
depends_on = None

_KNOWN = sa.text("tstzrange(clock_timestamp(), NULL)")
_FIGURE_KEY = (
    ("indicator", "="),
    (sa.text("coalesce(area_id, 0)"), "="),
    (sa.text("coalesce(building_id, 0)"), "="),
    (sa.text("coalesce(enterprise_id, 0)"), "="),
    ("period", "="),
    (sa.text("coalesce(scope, '')"), "="),
    (sa.text("coalesce(basis, '')"), "="),
    (sa.text("coalesce(one_off::integer, -1)"), "="),
    (sa.text("coalesce(attribution, '')"), "="),
    ("source_id", "="),
    ("known", "&&"),
)
_TARGET_KEY = (
    ("area_id", "="),
    ("indicator", "="),
    (sa.text("coalesce(year, 0::smallint)"), "="),
    (sa.text("coalesce(scope, '')"), "="),
    ("source_id", "="),
    ("known", "&&"),
)


def upgrade() -> None:
    op.create_table(
        "figures",
        *_named(),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("building_id", sa.BigInteger(), nullable=True),
        sa.Column("enterprise_id", sa.BigInteger(), nullable=True),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        sa.Column("scope", sa.String(), nullable=True),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("one_off", sa.Boolean(), nullable=True),
        sa.Column("attribution", sa.String(), nullable=True),
        sa.Column("value", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("contributors", sa.Integer(), nullable=True),
        sa.Column("largest_share_pct", sa.Numeric(precision=5, scale=2), nullable=True),
        *_said(),
        sa.CheckConstraint("num_nonnulls(area_id, building_id, enterprise_id) = 1", name=op.f("ck_figures_one_place")),
        sa.CheckConstraint(
            "NOT isempty(period) AND NOT lower_inf(period) AND NOT upper_inf(period) AND NOT isempty(known)",
            name=op.f("ck_figures_ranges"),
        ),
        sa.CheckConstraint("num_nulls(scope, basis, one_off, attribution) IN (0, 4)", name=op.f("ck_figures_counted")),
        sa.CheckConstraint("scope IN ('full', 'local', 'retained')", name=op.f("ck_figures_scope")),
        sa.CheckConstraint("basis IN ('received', 'declared')", name=op.f("ck_figures_basis")),
        sa.CheckConstraint("attribution IN ('registered', 'operating')", name=op.f("ck_figures_attribution")),
        sa.CheckConstraint("contributors >= 0", name=op.f("ck_figures_contributors")),
        sa.CheckConstraint("largest_share_pct BETWEEN 0 AND 100", name=op.f("ck_figures_largest_share")),
        *_refers("figures", area="areas", building="buildings", enterprise="enterprises"),
        postgresql.ExcludeConstraint(*_FIGURE_KEY, using="gist", name="ex_figures_known"),
    )
    for column in ("area_id", "building_id", "enterprise_id", "run_id"):
        op.create_index(op.f(f"ix_figures_{column}"), "figures", [column])
    op.create_index("ix_figures_indicator_period", "figures", ["indicator", "period"])
    op.create_table(
        "targets",
        *_named(),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=True),
        sa.Column("scope", sa.String(), nullable=True),
        sa.Column("bound", sa.String(), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("publishable", sa.Boolean(), server_default="false", nullable=False),
        *_said(),
        sa.CheckConstraint("NOT isempty(known)", name=op.f("ck_targets_ranges")),
        sa.CheckConstraint("year BETWEEN 1990 AND 2200", name=op.f("ck_targets_year")),
        sa.CheckConstraint("scope IN ('full', 'local', 'retained')", name=op.f("ck_targets_scope")),
        sa.CheckConstraint("bound IN ('at_least', 'at_most')", name=op.f("ck_targets_bound")),
        *_refers("targets", area="areas"),
        postgresql.ExcludeConstraint(*_TARGET_KEY, using="gist", name="ex_targets_known"),
    )
    for column in ("area_id", "run_id"):
        op.create_index(op.f(f"ix_targets_{column}"), "targets", [column])


def downgrade() -> None:
    op.drop_table("targets")
    op.drop_table("figures")


def _named() -> list[sa.Column]:
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
    ]


def _said() -> list[sa.Column]:
    return [
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("known", postgresql.TSTZRANGE(), server_default=_KNOWN, nullable=False),
    ]


def _refers(table: str, **places: str) -> list[sa.Constraint]:
    """The keys of a table; rows go with their places, not with what was said by whom."""
    part = [
        sa.ForeignKeyConstraint(
            [f"{place}_id"], [f"{target}.id"], name=op.f(f"fk_{table}_{place}_id"), ondelete="CASCADE"
        )
        for place, target in places.items()
    ]
    return [
        *part,
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f(f"fk_{table}_source_id")),
        sa.ForeignKeyConstraint(["run_id"], ["import_runs.id"], name=op.f(f"fk_{table}_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("code", name=op.f(f"uq_{table}_code")),
    ]
