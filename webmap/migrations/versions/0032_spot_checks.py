"""What staff saw on the spot, and random samples of units to be looked at."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0032"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_samples",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("unit_ids", ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("cardinality(unit_ids) BETWEEN 1 AND population", name=op.f("ck_audit_samples_size")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_audit_samples_area_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_audit_samples_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_samples")),
    )
    op.create_index(op.f("ix_audit_samples_area_id"), "audit_samples", ["area_id"])
    op.create_index(op.f("ix_audit_samples_user_id"), "audit_samples", ["user_id"])
    op.create_table(
        "spot_checks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("sample_id", sa.BigInteger(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("as_reported", sa.Boolean(), nullable=False),
        sa.Column("reported", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("found", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("photo_sha256", sa.String(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("as_reported OR found IS NOT NULL", name=op.f("ck_spot_checks_found")),
        sa.ForeignKeyConstraint(["photo_sha256"], ["files.sha256"], name=op.f("fk_spot_checks_photo_sha256")),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["audit_samples.id"], name=op.f("fk_spot_checks_sample_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_spot_checks_unit_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_spot_checks_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_checks")),
    )
    op.create_index(op.f("ix_spot_checks_photo_sha256"), "spot_checks", ["photo_sha256"])
    op.create_index(op.f("ix_spot_checks_sample_id"), "spot_checks", ["sample_id"])
    op.create_index(op.f("ix_spot_checks_unit_id"), "spot_checks", ["unit_id"])
    op.create_index(op.f("ix_spot_checks_user_id"), "spot_checks", ["user_id"])


def downgrade() -> None:
    op.drop_table("spot_checks")
    op.drop_table("audit_samples")
