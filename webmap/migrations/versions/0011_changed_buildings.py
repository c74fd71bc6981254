"""Which buildings a change concerns, so that the state file can be patched instead of being made anew."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

EVERY = "INSERT OR UPDATE OR DELETE OR TRUNCATE"
# Table → (layers that change with it, how its rows lead to buildings, for an UPDATE whether the old rows do as well).
LOCATED = {
    "buildings": (("state",), "SELECT id FROM {rows}", False),
    "sections": (("buildings", "state"), "SELECT building_id FROM {rows}", True),
    "floors": (("buildings", "state"), "SELECT building_id FROM {rows}", True),
    "units": (("state",), "SELECT building_id FROM {rows}", True),
    "offers": (("state",), "SELECT building_id FROM {rows}", True),
    "offer_units": (
        ("state",),
        "SELECT u.building_id FROM {rows} r JOIN units u ON u.id = r.unit_id",
        True,
    ),
    "tenancies": (("state",), "SELECT building_id FROM {rows}", True),
    "amenity_distances": (("state",), "SELECT building_id FROM {rows}", True),
}
# Who sits where says `tenancies`: a new enterprise does not sit anywhere yet, and one that goes takes them along.
TENANTS = "SELECT t.building_id FROM {rows} r JOIN tenancies t ON t.enterprise_id = r.id"
# The state file says nothing of amenities, only of distances to them.
AMENITIES = (("amenities", "state"), ("amenities",))
# A new source has no rows yet. What the state takes from sources is whether their rows may be shown.
LAYERS = ("buildings", "ground", "amenities", "areas", "clusters")
LESS_OFTEN = "UPDATE OR DELETE OR TRUNCATE"
SHOWN = "UPDATE OF publishable OR DELETE OR TRUNCATE"

FUNCTION = """
CREATE FUNCTION loumap_buildings_changed() RETURNS trigger LANGUAGE plpgsql AS $$
-- Arguments: how to find the buildings of the changed rows, then the layers. Beyond 1,000 buildings, or so many rows
-- that looking for them would cost more than it is worth, the change concerns everything.
DECLARE
  touched int;
  located bigint[];
BEGIN
  SELECT count(*) INTO touched FROM (SELECT FROM changed LIMIT 10001) few;
  IF touched = 0 THEN
    RETURN NULL;
  END IF;
  IF touched <= 10000 THEN
    EXECUTE 'SELECT coalesce(array_agg(DISTINCT building), ''{}'') FROM (' || TG_ARGV[0] || ') found (building)'
      INTO located;
    IF cardinality(located) > 1000 THEN
      located := NULL;
    END IF;
  END IF;
  INSERT INTO layer_changes (layer, building_ids)
    SELECT layer, CASE WHEN layer = 'state' THEN located END FROM unnest(TG_ARGV[1:]) layer;
  NOTIFY loumap_layers;
  RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.add_column("layer_changes", sa.Column("building_ids", ARRAY(sa.BigInteger)))
    op.create_table(
        "state_changes",
        sa.Column("version", sa.BigInteger, autoincrement=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("building_ids", ARRAY(sa.BigInteger)),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_state_changes")),
    )
    op.execute(FUNCTION)
    for table, (layers, buildings, moves) in LOCATED.items():
        op.execute(f"DROP TRIGGER changed ON {table}")
        _locate(table, layers, buildings, moves, ("INSERT", "UPDATE", "DELETE"))
        _watch(table, layers, "TRUNCATE")
    op.execute("DROP TRIGGER changed ON enterprises")
    _locate("enterprises", ("state",), TENANTS, False, ("UPDATE",))
    op.execute("DROP TRIGGER changed ON amenities")
    _watch("amenities", AMENITIES[1], EVERY)
    op.execute("DROP TRIGGER changed ON sources")
    _watch("sources", LAYERS, LESS_OFTEN)
    _watch("sources", ("state",), SHOWN, name="changed_state")


def downgrade() -> None:
    for table, (layers, *_) in LOCATED.items():
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER changed_{event} ON {table}")
        op.execute(f"DROP TRIGGER changed ON {table}")
        _watch(table, layers, EVERY)
    op.execute("DROP TRIGGER changed_update ON enterprises")
    _watch("enterprises", ("state",), EVERY)
    op.execute("DROP TRIGGER changed ON amenities")
    _watch("amenities", AMENITIES[0], EVERY)
    op.execute("DROP TRIGGER changed_state ON sources")
    op.execute("DROP TRIGGER changed ON sources")
    _watch("sources", (*LAYERS, "state"), EVERY)
    op.execute("DROP FUNCTION loumap_buildings_changed")
    op.drop_table("state_changes")
    op.drop_column("layer_changes", "building_ids")


def _locate(table: str, layers: tuple[str, ...], buildings: str, moves: bool, events: tuple[str, ...]) -> None:
    """Triggers that say which buildings a statement concerns; only those of one event may look at its rows."""
    for event in events:
        asked, rows = buildings.format(rows="changed"), f"{'OLD' if event == 'DELETE' else 'NEW'} TABLE AS changed"
        if event == "UPDATE" and moves:
            asked += " UNION ALL " + buildings.format(rows="before")
            rows += " OLD TABLE AS before"
        arguments = ", ".join(f"'{argument}'" for argument in (asked, *layers))
        op.execute(
            f"CREATE TRIGGER changed_{event.lower()} AFTER {event} ON {table} REFERENCING {rows}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION loumap_buildings_changed({arguments})"
        )


def _watch(table: str, layers: tuple[str, ...], events: str, name: str = "changed") -> None:
    """A trigger that says that layers have changed, everywhere."""
    arguments = ", ".join(f"'{layer}'" for layer in layers)
    op.execute(
        f"CREATE TRIGGER {name} AFTER {events} ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION loumap_layers_changed({arguments})"
    )
