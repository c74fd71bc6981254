"""How often pages of things were opened, by day."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_reads",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thing_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("link_id", sa.BigInteger(), server_default="0", autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('building', 'unit', 'link')", name=op.f("ck_page_reads_kind")),
        sa.CheckConstraint("reads > 0", name=op.f("ck_page_reads_reads")),
        sa.PrimaryKeyConstraint("kind", "thing_id", "link_id", "day", name=op.f("pk_page_reads")),
    )
    op.create_index(
        "ix_page_reads_link_id", "page_reads", ["link_id", "day"], postgresql_where=sa.text("link_id > 0")
    )


def downgrade() -> None:
    op.drop_table("page_reads")
