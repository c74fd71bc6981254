"""What clients asked through a private selection, for whoever sent it.

What was asked before is not told to senders: those who asked were promised that only those who answer would see it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0045"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "selection_inquiries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("selection_id", sa.BigInteger(), nullable=False),
        sa.Column("inquiry_id", sa.BigInteger(), nullable=False),
        sa.Column("codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("viewing_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["selection_id"], ["selections.id"], name=op.f("fk_selection_inquiries_selection_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_selection_inquiries_inquiry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_inquiries")),
        sa.UniqueConstraint("inquiry_id", name=op.f("uq_selection_inquiries_inquiry_id")),
    )
    op.create_index(op.f("ix_selection_inquiries_selection_id"), "selection_inquiries", ["selection_id"])


def downgrade() -> None:
    op.drop_table("selection_inquiries")
