"""What rows were before they were changed, for frozen pages; triggers and views are put on after every migration."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0044"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_rows",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Text(), server_default="", nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("kept", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_rows")),
    )
    op.create_index("ix_former_rows_row", "former_rows", ["table_name", "row_id", "until"])
    op.create_index("ix_former_rows_until", "former_rows", ["table_name", "until"])


def downgrade() -> None:
    op.drop_table("former_rows")
