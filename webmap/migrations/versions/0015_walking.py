"""Pieces of the ground say on which layer they lie, so that nobody walks through a bridge or a tunnel."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ground_features", sa.Column("layer", sa.SmallInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("ground_features", "layer")
