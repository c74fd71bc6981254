"""Links to report on one building and one week without a password; owners who manage their building themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0022"
branch_labels = None
depends_on = None

_NOW = sa.text("clock_timestamp()")
_BEFORE = ("administrator", "staff", "manager", "chief", "promoter", "planner", "tax_officer", "evaluator")
_AFTER = ("administrator", "staff", "manager", "owner", "chief", "promoter", "planner", "tax_officer", "evaluator")


def upgrade() -> None:
    _allow_roles(_AFTER)
    op.create_table(
        "report_links",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("made_by_id", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("extract(isodow FROM week) = 1", name=op.f("ck_report_links_monday")),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_report_links_building_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_report_links_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_report_links_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_links")),
        sa.UniqueConstraint("code", name=op.f("uq_report_links_code")),
    )
    for column in ("user_id", "made_by_id", "expires_at"):
        op.create_index(op.f(f"ix_report_links_{column}"), "report_links", [column])
    op.create_index(op.f("ix_report_links_building_id_week"), "report_links", ["building_id", "week"])
    op.create_table(
        "report_link_uses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("link_id", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["link_id"], ["report_links.id"], name=op.f("fk_report_link_uses_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_link_uses")),
    )
    op.create_index(op.f("ix_report_link_uses_link_id_used_at"), "report_link_uses", ["link_id", "used_at"])


def downgrade() -> None:
    op.drop_table("report_link_uses")
    op.drop_table("report_links")
    op.execute("DELETE FROM user_roles WHERE role = 'owner'")
    _allow_roles(_BEFORE)


def _allow_roles(roles: tuple[str, ...]) -> None:
    name = op.f("ck_user_roles_role")
    op.drop_constraint(name, "user_roles")
    op.create_check_constraint(name, "user_roles", f"role IN ({', '.join(repr(role) for role in roles)})")
