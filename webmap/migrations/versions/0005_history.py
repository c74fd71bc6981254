"""What is so from when to when: roles, tenancies, states of units and confirmations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "party_roles",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("floor_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), server_default="(,)", nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'operator', 'manager', 'agent', 'sublessor', 'chief', 'promotion')",
            name=op.f("ck_party_roles_role"),
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_party_roles_building_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["floor_id"], ["floors.id"], name=op.f("fk_party_roles_floor_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_party_roles_party_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_party_roles_unit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_party_roles_building_id"), "party_roles", ["building_id"])
    op.create_table(
        "tenancies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("enterprise_id", sa.BigInteger(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), server_default="(,)", nullable=False),
        sa.Column(
            "known",
            postgresql.TSTZRANGE(),
            server_default=sa.text("tstzrange(clock_timestamp(), NULL)"),
            nullable=False,
        ),
        sa.Column("lease_end_on", sa.Date(), nullable=True),
        sa.Column("room_public", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_tenancies_building_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_tenancies_enterprise_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_tenancies_source_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_tenancies_unit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_tenancies_building_id"), "tenancies", ["building_id"])
    op.create_index(op.f("ix_tenancies_enterprise_id"), "tenancies", ["enterprise_id"])
    op.create_index(op.f("ix_tenancies_unit_id"), "tenancies", ["unit_id"])
    op.create_table(
        "unit_states",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column(
            "known",
            postgresql.TSTZRANGE(),
            server_default=sa.text("tstzrange(clock_timestamp(), NULL)"),
            nullable=False,
        ),
        sa.Column("exists", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("area_basis", sa.Text(), server_default="gross", nullable=False),
        sa.Column("area_source", sa.String(), nullable=True),
        sa.Column("use", sa.Text(), server_default="office", nullable=False),
        sa.Column("occupancy", sa.String(), nullable=False),
        sa.Column("contract", sa.Text(), server_default="none", nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=True),
        sa.Column("rent_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("rent_unit", sa.String(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verification", sa.String(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("unit_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(known)"),
            using="gist",
            name="ex_unit_states_now_known",
        ),
        sa.CheckConstraint("contract IN ('none', 'talks', 'signed', 'let')", name=op.f("ck_unit_states_contract")),
        sa.CheckConstraint(
            "occupancy IN ('vacant', 'own_use', 'tenant', 'fitting_out', 'unknown')",
            name=op.f("ck_unit_states_occupancy"),
        ),
        sa.CheckConstraint("NOT isempty(valid) AND NOT isempty(known)", name=op.f("ck_unit_states_ranges")),
        sa.ForeignKeyConstraint(["run_id"], ["import_runs.id"], name=op.f("fk_unit_states_run_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_unit_states_source_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["enterprises.id"], name=op.f("fk_unit_states_tenant_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_states_unit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_unit_states_unit_id"), "unit_states", ["unit_id"])
    op.create_table(
        "confirmations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_confirmations_source_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_confirmations_unit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_confirmations_unit_id_confirmed_on"), "confirmations", ["unit_id", "confirmed_on"])


def downgrade() -> None:
    op.drop_table("confirmations")
    op.drop_table("unit_states")
    op.drop_table("tenancies")
    op.drop_table("party_roles")
