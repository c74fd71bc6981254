"""Amenities, ground, transit lines and clusters."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Whole pixels of zoom 16: the world is 2**28 pixels wide, y down.
RING = (
    "ST_SnapToGrid(ST_SetSRID(ST_TransScale(ST_Transform(geom, 3857), 20037508.342789244, -20037508.342789244,"
    " 6.698324247899813, -6.698324247899813), 0), 1)"
)


def upgrade() -> None:
    op.create_table(
        "amenities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("open", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("geom", Geometry("POINT", 4326, spatial_index=False), nullable=False),
        sa.Column(
            "ring", Geometry("GEOMETRY", 0, spatial_index=False), sa.Computed(RING, persisted=True), nullable=True
        ),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("publishable", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_amenities_source_id")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name=op.f("uq_amenities_code")),
    )
    op.create_index(op.f("ix_amenities_category"), "amenities", ["category"])
    op.create_index("ix_amenities_geom", "amenities", ["geom"], postgresql_using="gist")
    op.create_index("ix_amenities_ring", "amenities", ["ring"], postgresql_using="gist")
    op.create_index(op.f("ix_amenities_source_id_source_key"), "amenities", ["source_id", "source_key"], unique=True)
    op.create_table(
        "amenity_distances",
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("amenity_id", sa.BigInteger(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Double(), nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column(
            "computed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("method IN ('straight_line', 'walking')", name=op.f("ck_amenity_distances_method")),
        sa.ForeignKeyConstraint(
            ["amenity_id"], ["amenities.id"], name=op.f("fk_amenity_distances_amenity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_amenity_distances_building_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("building_id", "category"),
    )
    op.create_index(op.f("ix_amenity_distances_amenity_id"), "amenity_distances", ["amenity_id"])
    op.create_index("ix_amenity_distances_near", "amenity_distances", ["category", "metres"])
    op.create_table(
        "ground_features",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("road_class", sa.String(), nullable=True),
        sa.Column("rank", sa.Integer(), server_default="3", nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("foot", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("bridge", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("geom", Geometry("GEOMETRY", 4326, spatial_index=False), nullable=False),
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
        sa.CheckConstraint("kind IN ('road', 'water', 'green', 'rail', 'plaza')", name=op.f("ck_ground_features_kind")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_ground_features_source_id")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ground_features_geom", "ground_features", ["geom"], postgresql_using="gist")
    op.create_index(
        "ix_ground_features_major",
        "ground_features",
        ["ring"],
        postgresql_using="gist",
        postgresql_where=sa.text("rank <= 2"),
    )
    op.create_index("ix_ground_features_ring", "ground_features", ["ring"], postgresql_using="gist")
    op.create_index(
        op.f("ix_ground_features_source_id_source_key"), "ground_features", ["source_id", "source_key"], unique=True
    )
    op.create_table(
        "transit_lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("colour", sa.String(), nullable=True),
        sa.Column("geom", Geometry("MULTILINESTRING", 4326, spatial_index=False), nullable=False),
        sa.Column(
            "ring", Geometry("GEOMETRY", 0, spatial_index=False), sa.Computed(RING, persisted=True), nullable=True
        ),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("publishable", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_transit_lines_source_id")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name=op.f("uq_transit_lines_code")),
    )
    op.create_index("ix_transit_lines_ring", "transit_lines", ["ring"], postgresql_using="gist")
    op.create_index(
        op.f("ix_transit_lines_source_id_source_key"), "transit_lines", ["source_id", "source_key"], unique=True
    )
    op.create_table(
        "clusters",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("industry_group", sa.String(), nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", 4326, spatial_index=False), nullable=False),
        sa.Column(
            "ring",
            Geometry("GEOMETRY", 0, spatial_index=False),
            sa.Computed(f"ST_ForcePolygonCCW({RING})", persisted=True),
            nullable=True,
        ),
        sa.Column("enterprises", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("quotient", sa.Double(), nullable=False),
        sa.Column("z", sa.Double(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("parameters", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("computed_on", sa.Date(), nullable=False),
        sa.Column(
            "computed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name=op.f("uq_clusters_code")),
    )
    op.create_index(op.f("ix_clusters_industry_group"), "clusters", ["industry_group"])
    op.create_index("ix_clusters_ring", "clusters", ["ring"], postgresql_using="gist")


def downgrade() -> None:
    op.drop_table("clusters")
    op.drop_table("transit_lines")
    op.drop_table("ground_features")
    op.drop_table("amenity_distances")
    op.drop_table("amenities")
