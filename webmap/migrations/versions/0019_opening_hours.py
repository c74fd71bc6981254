"""Amenities say when they are open, as their source writes it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("amenities", sa.Column("opening_hours", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("amenities", "opening_hours")
