"""Photos with lines of returns, units seen that are on no plan, and confirmations that were taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0042"
branch_labels = None
depends_on = None

_BEFORE = "kind IN ('move_in', 'move_out', 'registered_elsewhere')"
_AFTER = "kind IN ('move_in', 'move_out', 'registered_elsewhere', 'new_unit')"


def upgrade() -> None:
    op.add_column("return_lines", sa.Column("photo_sha256", sa.String(), nullable=True))
    op.create_foreign_key(op.f("fk_return_lines_photo_sha256"), "return_lines", "files", ["photo_sha256"], ["sha256"])
    op.create_index(op.f("ix_return_lines_photo_sha256"), "return_lines", ["photo_sha256"])
    _kinds(_AFTER)
    op.create_table(
        "withdrawn_confirmations",
        sa.Column("confirmation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "withdrawn_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmation_id"],
            ["confirmations.id"],
            name=op.f("fk_withdrawn_confirmations_confirmation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("confirmation_id", name=op.f("pk_withdrawn_confirmations")),
    )


def downgrade() -> None:
    op.drop_table("withdrawn_confirmations")
    op.execute("DELETE FROM return_sightings WHERE kind = 'new_unit'")
    _kinds(_BEFORE)
    op.drop_column("return_lines", "photo_sha256")


def _kinds(condition: str) -> None:
    op.drop_constraint(op.f("ck_return_sightings_kind"), "return_sightings", type_="check")
    op.create_check_constraint(op.f("ck_return_sightings_kind"), "return_sightings", condition)
