"""Corrections by staff keep what was there before, who ended them, and what files say meanwhile."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0035"
down_revision = "0030"
branch_labels = None
depends_on = None

_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.create_table(
        "field_edits",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", JSONB(), nullable=True),
        sa.Column("after", JSONB(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_as", sa.String(), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("file_value", JSONB(), nullable=True),
        sa.Column("file_run_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("ended_as IN ('replaced', 'released', 'undone')", name=op.f("ck_field_edits_ended_as")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name=op.f("ck_field_edits_ended")),
        sa.ForeignKeyConstraint(["file_run_id"], ["import_runs.id"], name=op.f("fk_field_edits_file_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_edits")),
    )
    op.create_index(op.f("ix_field_edits_table_name_row_id"), "field_edits", ["table_name", "row_id"])
    op.create_index(
        "uq_field_edits_standing",
        "field_edits",
        ["table_name", "row_id", "field"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.execute(
        "INSERT INTO field_edits (table_name, row_id, field, user_id, edited_at)"
        " SELECT table_name, row_id, field, user_id, edited_at FROM staff_edits"
    )
    op.drop_table("staff_edits")


def downgrade() -> None:
    op.create_table(
        "staff_edits",
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("table_name", "row_id", "field"),
    )
    op.execute(
        "INSERT INTO staff_edits (table_name, row_id, field, user_id, edited_at)"
        " SELECT table_name, row_id, field, user_id, edited_at FROM field_edits WHERE ended_at IS NULL"
    )
    op.drop_table("field_edits")
