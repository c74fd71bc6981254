"""The tables of the job queue, as the installed procrastinate makes them."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Procrastinate's own steps cannot run in one transaction (they use new enum values), so a new database gets the
    # whole at once. A migration for a later release of it must pass over what is already there.
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))


def downgrade() -> None:
    op.execute(
        """
        DO $$
        DECLARE thing text;
        BEGIN
          FOR thing IN SELECT format('DROP TABLE IF EXISTS %s CASCADE', oid::regclass) FROM pg_class
                       WHERE relname LIKE 'procrastinate\\_%' AND relkind = 'r' LOOP EXECUTE thing; END LOOP;
          FOR thing IN SELECT format('DROP FUNCTION %s CASCADE', oid::regprocedure) FROM pg_proc
                       WHERE proname LIKE 'procrastinate\\_%' LOOP EXECUTE thing; END LOOP;
          FOR thing IN SELECT format('DROP TYPE %s CASCADE', oid::regtype) FROM pg_type
                       WHERE typname LIKE 'procrastinate\\_%' AND typtype IN ('c', 'e') LOOP EXECUTE thing; END LOOP;
        END $$
        """
    )
