"""Areas, complexes and buildings with their sections, floors and facts."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Whole pixels of zoom 16: the world is 2**28 pixels wide, y down.
RING = (
    "ST_SnapToGrid(ST_SetSRID(ST_TransScale(ST_Transform(geom, 3857), 20037508.342789244, -20037508.342789244,"
    " 6.698324247899813, -6.698324247899813), 0), 1)"
)


def upgrade() -> None:
    op.create_table(
        "areas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("official_code", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("geom", Geometry("MULTIPOLYGON", 4326, spatial_index=False), nullable=False),
        sa.Column(
            "ring",
            Geometry("GEOMETRY", 0, spatial_index=False),
            sa.Computed(f"ST_ForcePolygonCCW({RING})", persisted=True),
            nullable=True,
        ),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("publishable", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["areas.id"], name=op.f("fk_areas_parent_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_areas_source_id")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name=op.f("uq_areas_code")),
    )
    op.create_index("ix_areas_geom", "areas", ["geom"], postgresql_using="gist")
    op.create_index("ix_areas_ring", "areas", ["ring"], postgresql_using="gist")
    op.create_index(op.f("ix_areas_source_id_source_key"), "areas", ["source_id", "source_key"], unique=True)
    op.create_table(
        "complexes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("publishable", sa.Boolean(), server_default="true", nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_complexes_source_id")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name=op.f("uq_complexes_code")),
    )
    op.create_table(
        "complex_parts",
        sa.Column("whole_id", sa.BigInteger(), nullable=False),
        sa.Column("part_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("whole_id <> part_id", name=op.f("ck_complex_parts_not_itself")),
        sa.ForeignKeyConstraint(
            ["part_id"], ["complexes.id"], name=op.f("fk_complex_parts_part_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["whole_id"], ["complexes.id"], name=op.f("fk_complex_parts_whole_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("whole_id", "part_id"),
    )
    op.create_table(
        "buildings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("name_source", sa.String(), nullable=True),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("search_text", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("address_en", sa.String(), nullable=True),
        sa.Column("status", sa.Text(), server_default="operating", nullable=False),
        sa.Column("managed", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("sectioned", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", 4326, spatial_index=False), nullable=False),
        sa.Column(
            "ring",
            Geometry("GEOMETRY", 0, spatial_index=False),
            sa.Computed(f"ST_ForcePolygonCCW({RING})", persisted=True),
            nullable=True,
        ),
        sa.Column("morton", sa.BigInteger(), sa.Computed("loumap_morton(geom)", persisted=True), nullable=True),
        sa.Column("entrance", Geometry("POINT", 4326, spatial_index=False), nullable=True),
        sa.Column("height_m", sa.Double(), nullable=True),
        sa.Column("base_height_m", sa.Double(), nullable=True),
        sa.Column("floors_above", sa.SmallInteger(), nullable=True),
        sa.Column("floors_below", sa.SmallInteger(), nullable=True),
        sa.Column("typical_floor_area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("gross_area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("leasable_area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("completed_year", sa.SmallInteger(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("grade_scheme", sa.String(), nullable=True),
        sa.Column("star", sa.SmallInteger(), nullable=True),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("property_fee_cny_m2_month", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("parking_spaces", sa.Integer(), nullable=True),
        sa.Column("lifts", sa.SmallInteger(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("publishable", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "status IN ('operating', 'under_construction', 'planned')", name=op.f("ck_buildings_status")
        ),
        sa.CheckConstraint("height_m >= 0 AND height_m < 1000", name=op.f("ck_buildings_height")),
        sa.CheckConstraint("star BETWEEN 1 AND 5", name=op.f("ck_buildings_star")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_buildings_source_id")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name=op.f("uq_buildings_code")),
    )
    op.create_index("ix_buildings_geom", "buildings", ["geom"], postgresql_using="gist")
    op.create_index("ix_buildings_managed", "buildings", ["id"], postgresql_where=sa.text("managed"))
    op.create_index(
        "ix_buildings_morton",
        "buildings",
        ["morton"],
        postgresql_include=["managed"],
        postgresql_where=sa.text("publishable AND withdrawn_at IS NULL"),
    )
    op.create_index("ix_buildings_ring", "buildings", ["ring"], postgresql_using="gist")
    op.create_index(
        "ix_buildings_search",
        "buildings",
        ["search_text"],
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_buildings_source_id_source_key"), "buildings", ["source_id", "source_key"], unique=True)
    op.create_table(
        "complex_buildings",
        sa.Column("complex_id", sa.BigInteger(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_complex_buildings_building_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["complex_id"], ["complexes.id"], name=op.f("fk_complex_buildings_complex_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("complex_id", "building_id"),
    )
    op.create_index(op.f("ix_complex_buildings_building_id"), "complex_buildings", ["building_id"])
    op.create_table(
        "building_facts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("scheme", sa.String(), nullable=True),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("publishable", sa.Boolean(), server_default="true", nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_building_facts_building_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_building_facts_source_id")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_building_facts_building_id_fact"), "building_facts", ["building_id", "fact"])
    op.create_table(
        "sections",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("geom", Geometry("MULTIPOLYGON", 4326, spatial_index=False), nullable=False),
        sa.Column(
            "ring",
            Geometry("GEOMETRY", 0, spatial_index=False),
            sa.Computed(f"ST_ForcePolygonCCW({RING})", persisted=True),
            nullable=True,
        ),
        sa.Column("base_height_m", sa.Double(), server_default="0", nullable=False),
        sa.Column("height_m", sa.Double(), nullable=False),
        sa.Column("floor_from", sa.SmallInteger(), nullable=True),
        sa.Column("floor_to", sa.SmallInteger(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('podium', 'tower', 'basement', 'part')", name=op.f("ck_sections_kind")),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_sections_building_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_sections_source_id")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_sections_building_id"), "sections", ["building_id"])
    op.create_index("ix_sections_ring", "sections", ["ring"], postgresql_using="gist")
    op.create_table(
        "floors",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("section_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("use", sa.Text(), server_default="office", nullable=False),
        sa.Column("area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("storey_height_m", sa.Double(), nullable=True),
        sa.Column("clear_height_m", sa.Double(), nullable=True),
        sa.Column("load_kn_m2", sa.Double(), nullable=True),
        sa.CheckConstraint("position <> 0", name=op.f("ck_floors_position")),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_floors_building_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["section_id"], ["sections.id"], name=op.f("fk_floors_section_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "uq_floors_place",
        "floors",
        ["building_id", "section_id", "position"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.drop_table("floors")
    op.drop_table("sections")
    op.drop_table("building_facts")
    op.drop_table("complex_buildings")
    op.drop_table("buildings")
    op.drop_table("complex_parts")
    op.drop_table("complexes")
    op.drop_table("areas")
