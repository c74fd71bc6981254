"""Triggers that write down which layers of the map a statement changed, and the first versions of the layers."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LAYERS = ("buildings", "ground", "amenities", "areas", "clusters", "state")
# Columns of buildings that the outline tiles draw; a change of any other leaves the tiles as they are.
DRAWN = (
    "code, name, name_en, geom, height_m, base_height_m, floors_above, grade,"
    " managed, sectioned, publishable, withdrawn_at"
)
EVERY = "INSERT OR UPDATE OR DELETE OR TRUNCATE"
TRIGGERS = (
    # table, trigger, events, layers
    ("buildings", "drawn", f"INSERT OR UPDATE OF {DRAWN} OR DELETE OR TRUNCATE", ("buildings",)),
    ("buildings", "changed", EVERY, ("state",)),
    ("sections", "changed", EVERY, ("buildings", "state")),
    ("floors", "changed", EVERY, ("buildings", "state")),
    ("units", "changed", EVERY, ("state",)),
    ("offers", "changed", EVERY, ("state",)),
    ("offer_units", "changed", EVERY, ("state",)),
    ("tenancies", "changed", EVERY, ("state",)),
    ("enterprises", "changed", EVERY, ("state",)),
    ("amenity_distances", "changed", EVERY, ("state",)),
    ("amenities", "changed", EVERY, ("amenities", "state")),
    ("ground_features", "changed", EVERY, ("ground",)),
    ("transit_lines", "changed", EVERY, ("ground",)),
    ("areas", "changed", EVERY, ("areas", "state")),
    ("clusters", "changed", EVERY, ("clusters", "state")),
    ("sources", "changed", EVERY, LAYERS),
)
FUNCTION = """
CREATE FUNCTION loumap_layers_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO layer_changes (layer) SELECT unnest(TG_ARGV);
  NOTIFY loumap_layers;
  RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.execute(FUNCTION)
    for table, name, events, layers in TRIGGERS:
        arguments = ", ".join(f"'{layer}'" for layer in layers)
        op.execute(
            f"CREATE TRIGGER {name} AFTER {events} ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION loumap_layers_changed({arguments})"
        )
    values = ", ".join(f"('{layer}')" for layer in LAYERS)
    # Starting at the clock, so that a database made anew never reuses a version that browsers have kept.
    op.execute(
        "INSERT INTO layer_versions (layer, version)"
        f" SELECT layer, extract(epoch FROM clock_timestamp())::bigint FROM (VALUES {values}) AS v (layer)"
    )


def downgrade() -> None:
    op.execute("DELETE FROM layer_versions")
    for table, name, *_ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute("DROP FUNCTION loumap_layers_changed")
