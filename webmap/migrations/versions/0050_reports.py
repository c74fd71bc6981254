"""Reports of a month, a quarter or a year."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0048"
branch_labels = None
depends_on = None

_NOW = sa.text("clock_timestamp()")
_FROZEN = (
    "(state = 'frozen') = (number IS NOT NULL)"
    " AND num_nulls(number, frozen_at) IN (0, 2)"
    " AND (state = 'draft' OR num_nulls(document, sha256) = 0)"
)


def upgrade() -> None:
    op.create_table(
        "reports",
        *_columns(),
        sa.CheckConstraint("kind IN ('month', 'quarter', 'year')", name=op.f("ck_reports_kind")),
        sa.CheckConstraint("audience IN ('public', 'staff', 'tax')", name=op.f("ck_reports_audience")),
        sa.CheckConstraint("state IN ('draft', 'frozen')", name=op.f("ck_reports_state")),
        sa.CheckConstraint(_FROZEN, name=op.f("ck_reports_frozen")),
        sa.CheckConstraint(
            "published_at IS NULL OR (state = 'frozen' AND audience = 'public')", name=op.f("ck_reports_published")
        ),
        sa.CheckConstraint("(document IS NULL) = (sha256 IS NULL)", name=op.f("ck_reports_document")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_reports_area_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reports_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("code", name=op.f("uq_reports_code")),
        sa.UniqueConstraint("number", name=op.f("uq_reports_number")),
    )
    op.create_index(op.f("ix_reports_area_id"), "reports", ["area_id"])
    op.create_index(op.f("ix_reports_user_id"), "reports", ["user_id"])
    op.create_index("ix_reports_published", "reports", ["id"], postgresql_where=sa.text("published_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_table("reports")


def _columns() -> list[sa.Column]:
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("span", sa.String(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("chapters", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), server_default="draft", nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("titles", postgresql.JSONB(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("steps_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("steps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
    ]
