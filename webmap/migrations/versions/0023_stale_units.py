"""The state says after how many days without a word its units are stale; searches find the last word in the indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0031"
branch_labels = None
depends_on = None

SEARCHED = [
    *("id", "floor_id", "area_m2", "min_area_m2", "rent_cny_m2_day", "fitout", "available_on", "public_status"),
    *("reported_on", "valid", "publishable"),
]
INDEXES = {
    "ix_units_on_market": "withdrawn_at IS NULL AND public_status IN ('vacant', 'soon')",
    "ix_units_standing": "withdrawn_at IS NULL",
}


def upgrade() -> None:
    op.add_column("layer_versions", sa.Column("stale_days", sa.Integer(), server_default="0", nullable=False))
    _make_anew([*SEARCHED, "verified_on"])


def downgrade() -> None:
    _make_anew(SEARCHED)
    op.drop_column("layer_versions", "stale_days")


def _make_anew(included: list[str]) -> None:
    for name, where in INDEXES.items():
        op.drop_index(name, "units")
        op.create_index(
            name, "units", ["building_id"], postgresql_include=included, postgresql_where=sa.text(where)
        )
