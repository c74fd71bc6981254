"""Splits and mergers of units are kept as acts that can be taken back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0036"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_reshapes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("area_before_m2", sa.Numeric(12, 2), nullable=True),
        sa.Column("area_after_m2", sa.Numeric(12, 2), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("details", JSONB(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('split', 'merge')", name=op.f("ck_unit_reshapes_kind")),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_unit_reshapes_building_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_reshapes")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_reshapes_code")),
    )
    op.create_index(op.f("ix_unit_reshapes_building_id"), "unit_reshapes", ["building_id"])


def downgrade() -> None:
    op.drop_table("unit_reshapes")
