"""News of units on the market, and who wants to be told by mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_NOW = sa.text("clock_timestamp()")
_TOLD = (
    "public_status",
    "area_m2",
    "min_area_m2",
    "rent_amount",
    "rent_unit",
    "rent_cny_m2_day",
    "fitout",
    "available_on",
)


def _columns(row: str) -> str:
    return ", ".join(f"{row}.{name}" for name in (*_TOLD, "publishable", "withdrawn_at"))


def _on_market(row: str) -> str:
    """Whether a row of `units` is on the market for everybody to see."""
    return f"({row}.public_status IN ('vacant', 'soon') AND {row}.publishable AND {row}.withdrawn_at IS NULL)"


def _told(row: str) -> str:
    """What the public is told of it; NULL when it is not on the market."""
    pairs = ", ".join(f"'{name}', {row}.{name}" for name in _TOLD)
    return f"CASE WHEN {_on_market(row)} THEN jsonb_strip_nulls(jsonb_build_object({pairs})) END"


FUNCTION = f"""
CREATE FUNCTION loumap_unit_news() RETURNS trigger LANGUAGE plpgsql AS $$
-- Of a first load of thousands nothing is news.
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (SELECT count(*) FROM (SELECT FROM fresh LIMIT 5001) few) <= 5000 THEN
      INSERT INTO unit_news (unit_id, happened_at, after)
        SELECT f.id, clock_timestamp(), {_told("f")} FROM fresh f WHERE {_on_market("f")};
    END IF;
  ELSE
    INSERT INTO unit_news (unit_id, happened_at, before, after)
      SELECT f.id, clock_timestamp(), {_told("s")}, {_told("f")}
      FROM fresh f JOIN stale s USING (id)
      WHERE ({_on_market("f")} OR {_on_market("s")}) AND ({_columns("f")}) IS DISTINCT FROM ({_columns("s")});
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER news_insert AFTER INSERT ON units REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION loumap_unit_news();
CREATE TRIGGER news_update AFTER UPDATE ON units REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION loumap_unit_news();
"""


def upgrade() -> None:
    op.create_table(
        "unit_news",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", JSONB(), nullable=True),
        sa.Column("after", JSONB(), nullable=True),
        sa.CheckConstraint("before IS NOT NULL OR after IS NOT NULL", name=op.f("ck_unit_news_something")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_news_unit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_news")),
    )
    op.create_index(op.f("ix_unit_news_happened_at"), "unit_news", ["happened_at"])
    op.create_index(op.f("ix_unit_news_unit_id"), "unit_news", ["unit_id"])
    op.execute(FUNCTION)
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_until", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("code", name=op.f("uq_alerts_code")),
    )
    op.create_index("uq_alerts_email_query", "alerts", [sa.literal_column("lower(email)"), "query"], unique=True)
    op.add_column("mails", sa.Column("unsubscribe_url", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("mails", "unsubscribe_url")
    op.drop_table("alerts")
    op.execute("DROP TRIGGER news_update ON units")
    op.execute("DROP TRIGGER news_insert ON units")
    op.execute("DROP FUNCTION loumap_unit_news")
    op.drop_table("unit_news")
