"""Inquiries and reported errors with their messages."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.create_table(
        "inquiries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("fact", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("sent_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("last_message_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint("kind IN ('inquiry', 'error')", name=op.f("ck_inquiries_kind")),
        sa.CheckConstraint("state IN ('waiting', 'answered', 'closed')", name=op.f("ck_inquiries_state")),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_inquiries_building_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_inquiries_unit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
        sa.UniqueConstraint("code", name=op.f("uq_inquiries_code")),
        sa.UniqueConstraint("sent_sha256", name=op.f("uq_inquiries_sent_sha256")),
    )
    op.create_index(op.f("ix_inquiries_building_id"), "inquiries", ["building_id"])
    op.create_index(op.f("ix_inquiries_unit_id"), "inquiries", ["unit_id"])
    op.create_index(op.f("ix_inquiries_last_message_at"), "inquiries", ["last_message_at"])
    op.create_index(
        "ix_inquiries_waiting", "inquiries", ["last_message_at"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_table(
        "inquiry_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("inquiry_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_inquiry_messages_inquiry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_inquiry_messages_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_messages")),
    )
    op.create_index(op.f("ix_inquiry_messages_inquiry_id"), "inquiry_messages", ["inquiry_id"])
    op.create_index(op.f("ix_inquiry_messages_user_id"), "inquiry_messages", ["user_id"])
    op.create_table(
        "inquiry_sends",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_sends")),
    )
    op.create_index(op.f("ix_inquiry_sends_network_sent_at"), "inquiry_sends", ["network", "sent_at"])


def downgrade() -> None:
    op.drop_table("inquiry_sends")
    op.drop_table("inquiry_messages")
    op.drop_table("inquiries")
