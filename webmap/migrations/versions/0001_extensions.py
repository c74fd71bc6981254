"""Extensions and the Morton code that orders buildings along the map."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Bodies are bound when created (or use pg_catalog alone), so that a dump restores with an empty search path.
SPREAD = """
CREATE FUNCTION loumap_spread(x bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
  x := (x | (x << 16)) & x'0000FFFF0000FFFF'::bigint;
  x := (x | (x << 8)) & x'00FF00FF00FF00FF'::bigint;
  x := (x | (x << 4)) & x'0F0F0F0F0F0F0F0F'::bigint;
  x := (x | (x << 2)) & x'3333333333333333'::bigint;
  RETURN (x | (x << 1)) & x'5555555555555555'::bigint;
END $$
"""
MORTON = """
CREATE FUNCTION loumap_morton(geom geometry) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN loumap_spread(least(greatest(floor(
         ((ST_XMin(geom) + ST_XMax(geom)) / 2 + 180) / 360 * 16777216
       ), 0), 16777215)::bigint)
     | (loumap_spread(least(greatest(floor(
         (1 - asinh(tan(radians((ST_YMin(geom) + ST_YMax(geom)) / 2))) / pi()) / 2 * 16777216
       ), 0), 16777215)::bigint) << 1)
"""


def upgrade() -> None:
    for extension in ("postgis", "pg_trgm", "btree_gist"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.execute(SPREAD)
    op.execute("COMMENT ON FUNCTION loumap_spread IS 'The low 24 bits of x on the even places of the result'")
    op.execute(MORTON)
    op.execute(
        "COMMENT ON FUNCTION loumap_morton IS '48-bit Morton code of the zoom-24 tile that holds the centre of the box"
        " of the geometry: a tile z/x/y is one contiguous range of it'"
    )


def downgrade() -> None:
    # The extensions stay: they may be the administrator's, and other things may stand on them.
    op.execute("DROP FUNCTION loumap_morton")
    op.execute("DROP FUNCTION loumap_spread")
