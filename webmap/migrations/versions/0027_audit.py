"""The audit: a table that triggers alone write, and the one function that takes old entries out of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0027"
down_revision = "0032"
branch_labels = None
depends_on = None

_VIA = "coalesce(nullif(current_setting('loumap.via', true), ''), current_setting('application_name'))"
_ADDRESS = "nullif(current_setting('loumap.address', true), '')"
_NUMBER = (
    "CASE WHEN current_setting('loumap.{0}', true) ~ '^[0-9]{{1,18}}$'"
    " THEN current_setting('loumap.{0}')::bigint END"
)
_INDEXES = (
    ("ix_audit_log_at", ["at"], None),
    ("ix_audit_log_table_name_row_key", ["table_name", "row_key"], None),
    ("ix_audit_log_several", ["table_name"], "rows > 1"),
    ("ix_audit_log_building", ["building_id", "id"], "building_id IS NOT NULL"),
    ("ix_audit_log_user", ["user_id", "id"], "user_id IS NOT NULL"),
    ("ix_audit_log_run", ["run_id"], "run_id IS NOT NULL"),
)
PRUNE = """
CREATE FUNCTION loumap_audit_prune(until timestamptz) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Entries of the last 180 days stay, whoever asks.
DECLARE
  gone bigint;
BEGIN
  IF until > clock_timestamp() - interval '180 days' THEN
    RAISE EXCEPTION 'The audit of the last 180 days stays.';
  END IF;
  DELETE FROM audit_log WHERE at < until;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$
"""
# The triggers are put on after the migration (webmap/audit_triggers.py); here they only go, with their functions.
GONE = """
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT p.oid::regprocedure FROM pg_proc p
              WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'loumap\\_audit\\_%' LOOP
    EXECUTE 'DROP FUNCTION ' || name || ' CASCADE';
  END LOOP;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("transaction", sa.BigInteger(), server_default=sa.text("txid_current()"), nullable=False),
        sa.Column("login", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), server_default=sa.text(_NUMBER.format("user")), nullable=True),
        sa.Column("via", sa.Text(), server_default=sa.text(_VIA), nullable=True),
        sa.Column("address", sa.Text(), server_default=sa.text(_ADDRESS), nullable=True),
        sa.Column("run_id", sa.BigInteger(), server_default=sa.text(_NUMBER.format("run")), nullable=True),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=True),
        sa.Column("row_keys", ARRAY(sa.Text()), nullable=True),
        sa.Column("rows", sa.Integer(), server_default="1", nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("before", JSONB(), nullable=True),
        sa.Column("after", JSONB(), nullable=True),
        sa.CheckConstraint(
            "action IN ('insert', 'update', 'delete', 'truncate')", name=op.f("ck_audit_log_action")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    for name, columns, where in _INDEXES:
        op.create_index(name, "audit_log", columns, postgresql_where=sa.text(where) if where else None)
    op.execute(PRUNE)
    op.execute("REVOKE ALL ON FUNCTION loumap_audit_prune FROM PUBLIC")


def downgrade() -> None:
    op.execute(GONE)
    op.drop_table("audit_log")
