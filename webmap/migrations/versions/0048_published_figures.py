"""Sums of figures that everybody may see, and figures to four decimals, since some are shares."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_KNOWN = sa.text("tstzrange(clock_timestamp(), NULL)")
_KEY = (
    ("indicator", "="),
    (sa.text("coalesce(area_id, 0)"), "="),
    (sa.text("coalesce(building_id, 0)"), "="),
    ("period", "="),
    (sa.text("coalesce(scope, '')"), "="),
    (sa.text("coalesce(basis, '')"), "="),
    (sa.text("coalesce(one_off::integer, -1)"), "="),
    (sa.text("coalesce(attribution, '')"), "="),
    ("known", "&&"),
)


def upgrade() -> None:
    op.alter_column("figures", "value", type_=sa.Numeric(precision=20, scale=4))
    op.create_table(
        "published_figures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("building_id", sa.BigInteger(), nullable=True),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        sa.Column("scope", sa.String(), nullable=True),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("one_off", sa.Boolean(), nullable=True),
        sa.Column("attribution", sa.String(), nullable=True),
        sa.Column("value", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("published_by", sa.BigInteger(), nullable=True),
        sa.Column("known", postgresql.TSTZRANGE(), server_default=_KNOWN, nullable=False),
        sa.CheckConstraint("num_nonnulls(area_id, building_id) = 1", name=op.f("ck_published_figures_one_place")),
        sa.ForeignKeyConstraint(
            ["area_id"], ["areas.id"], name=op.f("fk_published_figures_area_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_published_figures_building_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_figures")),
        postgresql.ExcludeConstraint(*_KEY, using="gist", name="ex_published_figures_known"),
    )
    op.create_index(op.f("ix_published_figures_area_id"), "published_figures", ["area_id"])
    op.create_index(op.f("ix_published_figures_building_id"), "published_figures", ["building_id"])


def downgrade() -> None:
    op.drop_table("published_figures")
    op.alter_column("figures", "value", type_=sa.Numeric(precision=20, scale=2))
