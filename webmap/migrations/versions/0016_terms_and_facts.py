"""Offers say more of their terms; what is answered of buildings belongs to the state of the map."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# As for the other tables that lead to buildings, see 0011.
ROWS = "SELECT building_id FROM {rows}"


def upgrade() -> None:
    op.add_column("offers", sa.Column("rent_free_with_fee", sa.Boolean(), nullable=True))
    op.add_column("offers", sa.Column("restoration_cny_m2", sa.Numeric(10, 2), nullable=True))
    for event in ("INSERT", "UPDATE", "DELETE"):
        asked, rows = ROWS.format(rows="changed"), f"{'OLD' if event == 'DELETE' else 'NEW'} TABLE AS changed"
        if event == "UPDATE":
            asked += " UNION ALL " + ROWS.format(rows="before")
            rows += " OLD TABLE AS before"
        op.execute(
            f"CREATE TRIGGER changed_{event.lower()} AFTER {event} ON building_facts REFERENCING {rows}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION loumap_buildings_changed('{asked}', 'state')"
        )
    op.execute(
        "CREATE TRIGGER changed AFTER TRUNCATE ON building_facts"
        " FOR EACH STATEMENT EXECUTE FUNCTION loumap_layers_changed('state')"
    )
    _make_the_state_anew()


def downgrade() -> None:
    for trigger in ("changed_insert", "changed_update", "changed_delete", "changed"):
        op.execute(f"DROP TRIGGER {trigger} ON building_facts")
    op.drop_column("offers", "restoration_cny_m2")
    op.drop_column("offers", "rent_free_with_fee")
    _make_the_state_anew()


def _make_the_state_anew() -> None:
    """State files have other columns now: none that is there may be patched."""
    op.execute("INSERT INTO layer_changes (layer) VALUES ('state')")
