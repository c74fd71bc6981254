"""Tiles of zooms 13 and 14 find listed, large and small outlines in an index each instead of sorting them out."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SHOWN = "publishable AND withdrawn_at IS NULL"
CROWD = f"{SHOWN} AND NOT managed AND name IS NULL"
WHICH = {
    "ix_buildings_ring_listed": f"{SHOWN} AND (managed OR name IS NOT NULL)",
    "ix_buildings_ring_large": f"{CROWD} AND ST_Area(ring) >= 14000",
    "ix_buildings_ring_small": f"{CROWD} AND ST_Area(ring) >= 2000 AND ST_Area(ring) < 14000",
}


def upgrade() -> None:
    for index, which in WHICH.items():
        op.create_index(index, "buildings", ["ring"], postgresql_using="gist", postgresql_where=sa.text(which))


def downgrade() -> None:
    for index in WHICH:
        op.drop_index(index, "buildings")
