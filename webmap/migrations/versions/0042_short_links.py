"""Short links to a page and its state, live or frozen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "short_links",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", postgresql.JSONB(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("token ~ '^[256789bcdfghjkmnpqrstvwxz]{9,12}$'", name=op.f("ck_short_links_token")),
        sa.CheckConstraint("(as_of IS NULL) = (known_at IS NULL)", name=op.f("ck_short_links_frozen")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_short_links_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_short_links")),
        sa.UniqueConstraint("token", name=op.f("uq_short_links_token")),
    )
    op.create_index(op.f("ix_short_links_user_id"), "short_links", ["user_id"])


def downgrade() -> None:
    op.drop_table("short_links")
