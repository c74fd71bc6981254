"""Versions of the names of places and of enterprises, which say when the index of the search box is old."""

from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

LAYERS = ("names", "enterprises")
# Table → layer, columns that decide what is in the index.
NAMED = {
    "buildings": ("names", "name, name_en, aliases, address, address_en, managed, geom, publishable, withdrawn_at"),
    "areas": ("names", "name, name_en, level, geom, publishable, withdrawn_at"),
    "amenities": ("names", "name, name_en, category, open, geom, publishable, withdrawn_at"),
    "enterprises": ("enterprises", "name, name_en, is_individual, geom, publishable, withdrawn_at"),
}


def upgrade() -> None:
    for table, (layer, columns) in NAMED.items():
        op.execute(
            f"CREATE TRIGGER named AFTER INSERT OR UPDATE OF {columns} OR DELETE OR TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION loumap_layers_changed('{layer}')"
        )
    values = ", ".join(f"('{layer}')" for layer in LAYERS)
    op.execute(
        "INSERT INTO layer_versions (layer, version)"
        f" SELECT layer, extract(epoch FROM clock_timestamp())::bigint FROM (VALUES {values}) AS v (layer)"
    )


def downgrade() -> None:
    for table in NAMED:
        op.execute(f"DROP TRIGGER named ON {table}")
    op.execute("DELETE FROM layer_versions WHERE layer IN ('names', 'enterprises')")
    op.execute("DELETE FROM layer_changes WHERE layer IN ('names', 'enterprises')")
