"""Indexes that hold what searches ask about, so that the wide rows of the tables need not be read."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SEARCHED = [
    *("id", "floor_id", "area_m2", "min_area_m2", "rent_cny_m2_day", "fitout", "available_on", "public_status"),
    *("reported_on", "valid", "publishable"),
]
MARKET = "public_status IN ('vacant', 'soon')"
STANDING = "withdrawn_at IS NULL"


def upgrade() -> None:
    _make("ix_buildings_grade", "buildings", ["grade", "id"], where="grade IS NOT NULL")
    _make("ix_buildings_star", "buildings", ["star", "id"], where="star IS NOT NULL")
    themes = sa.text("themes <> '{}'")
    op.create_index("ix_buildings_themes", "buildings", ["themes"], postgresql_using="gin", postgresql_where=themes)
    _make("ix_buildings_hidden", "buildings", ["id"], where="NOT publishable OR withdrawn_at IS NOT NULL")
    _make("ix_units_standing", "units", ["building_id"], SEARCHED, STANDING)
    op.drop_index("ix_units_on_market", "units")
    _make("ix_units_on_market", "units", ["building_id"], SEARCHED, f"{STANDING} AND {MARKET}")
    op.drop_index("ix_amenity_distances_near", "amenity_distances")
    _make("ix_amenity_distances_near", "amenity_distances", ["category", "metres"], ["building_id"])


def downgrade() -> None:
    op.drop_index("ix_amenity_distances_near", "amenity_distances")
    _make("ix_amenity_distances_near", "amenity_distances", ["category", "metres"])
    op.drop_index("ix_units_on_market", "units")
    _make("ix_units_on_market", "units", ["area_m2"], where=MARKET)
    op.drop_index("ix_units_standing", "units")
    for name in ("grade", "star", "themes", "hidden"):
        op.drop_index(f"ix_buildings_{name}", "buildings")


def _make(name: str, table: str, columns: list[str], included: list[str] | None = None, where: str = "") -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, columns, postgresql_include=included or [], postgresql_where=condition)
