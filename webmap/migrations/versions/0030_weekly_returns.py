"""The weekly returns of buildings, what was sent for them, and the rules of areas."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0030"
down_revision = "0025"
branch_labels = None
depends_on = None

_TABLES = (
    *("return_rules", "return_doubts", "return_sightings", "return_lines", "return_submissions"),
    "vacancy_returns",
)


def upgrade() -> None:
    op.create_table(
        "vacancy_returns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'rejected') <= (reason IS NOT NULL)", name=op.f("ck_vacancy_returns_rejected_why")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'received', 'accepted', 'rejected')", name=op.f("ck_vacancy_returns_state")
        ),
        sa.CheckConstraint("extract(isodow FROM week) = 1", name=op.f("ck_vacancy_returns_monday")),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_vacancy_returns_building_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_vacancy_returns_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy_returns")),
    )
    op.create_index(
        op.f("ix_vacancy_returns_building_id_week"), "vacancy_returns", ["building_id", "week"], unique=True
    )
    op.create_index(op.f("ix_vacancy_returns_decided_by"), "vacancy_returns", ["decided_by"])
    op.create_index(
        "ix_vacancy_returns_waiting",
        "vacancy_returns",
        ["week"],
        postgresql_where=sa.text("state IN ('open', 'received')"),
    )
    op.create_table(
        "return_submissions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("return_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column(
            "received_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("via", sa.String(), server_default="page", nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("via IN ('page', 'workbook', 'text', 'link')", name=op.f("ck_return_submissions_via")),
        sa.ForeignKeyConstraint(
            ["return_id"], ["vacancy_returns.id"], name=op.f("fk_return_submissions_return_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_return_submissions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_submissions")),
        sa.UniqueConstraint("code", name=op.f("uq_return_submissions_code")),
        sa.UniqueConstraint("key", name=op.f("uq_return_submissions_key")),
    )
    op.create_index(op.f("ix_return_submissions_return_id"), "return_submissions", ["return_id"])
    op.create_index(op.f("ix_return_submissions_user_id"), "return_submissions", ["user_id"])
    op.create_table(
        "return_lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("offered", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("rent_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("rent_unit", sa.String(), nullable=True),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("tenant", sa.String(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("before", JSONB(), nullable=False),
        sa.Column("overtaken", JSONB(), nullable=True),
        sa.Column("outcome", sa.String(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("state_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(outcome = 'rejected') <= (reason IS NOT NULL)", name=op.f("ck_return_lines_rejected_why")),
        sa.CheckConstraint(
            "outcome IN ('waiting', 'accepted', 'rejected', 'replaced')", name=op.f("ck_return_lines_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["return_submissions.id"], name=op.f("fk_return_lines_submission_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_return_lines_unit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_lines")),
    )
    op.create_index(op.f("ix_return_lines_submission_id"), "return_lines", ["submission_id"])
    op.create_index(op.f("ix_return_lines_unit_id"), "return_lines", ["unit_id"])
    op.create_index(
        "ix_return_lines_waiting", "return_lines", ["unit_id"], postgresql_where=sa.text("outcome = 'waiting'")
    )
    op.create_table(
        "return_sightings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('move_in', 'move_out', 'registered_elsewhere')", name=op.f("ck_return_sightings_kind")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["return_submissions.id"],
            name=op.f("fk_return_sightings_submission_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_sightings")),
    )
    op.create_index(op.f("ix_return_sightings_submission_id"), "return_sightings", ["submission_id"])
    op.create_table(
        "return_doubts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("return_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit_ids", ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("details", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["return_id"], ["vacancy_returns.id"], name=op.f("fk_return_doubts_return_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_return_doubts_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_doubts")),
    )
    op.create_index(op.f("ix_return_doubts_return_id"), "return_doubts", ["return_id"])
    op.create_index(op.f("ix_return_doubts_user_id"), "return_doubts", ["user_id"])
    op.create_table(
        "return_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("due_weekday", sa.SmallInteger(), server_default="4", nullable=False),
        sa.Column("due_time", sa.Time(), server_default="18:00", nullable=False),
        sa.Column("remind_hours", sa.SmallInteger(), server_default="24", nullable=False),
        sa.Column("escalate_days", sa.SmallInteger(), server_default="3", nullable=False),
        sa.Column("jump_pct", sa.SmallInteger(), server_default="20", nullable=False),
        sa.Column("rent_low_cny_m2_day", sa.Numeric(precision=10, scale=2), server_default="0.3", nullable=False),
        sa.Column("rent_high_cny_m2_day", sa.Numeric(precision=10, scale=2), server_default="30", nullable=False),
        sa.Column("accept_unchanged", sa.Boolean(), server_default="true", nullable=False),
        sa.CheckConstraint("due_weekday BETWEEN 0 AND 6", name=op.f("ck_return_rules_due_weekday")),
        sa.CheckConstraint("jump_pct BETWEEN 1 AND 100", name=op.f("ck_return_rules_jump_pct")),
        sa.CheckConstraint(
            "remind_hours BETWEEN 1 AND 96 AND escalate_days BETWEEN 1 AND 30", name=op.f("ck_return_rules_patience")
        ),
        sa.CheckConstraint("rent_low_cny_m2_day < rent_high_cny_m2_day", name=op.f("ck_return_rules_rent_order")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_return_rules_area_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_rules")),
    )
    op.create_index(
        op.f("ix_return_rules_area_id"), "return_rules", ["area_id"], unique=True, postgresql_nulls_not_distinct=True
    )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
