"""Parties, enterprises, offers and the units they are about."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parties",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="company", nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("business_phone", sa.String(), nullable=True),
        sa.Column("business_email", sa.String(), nullable=True),
        sa.Column("contact_consent", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("personal_phone", sa.String(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('company', 'office', 'person')", name=op.f("ck_parties_kind")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_parties_source_id")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name=op.f("uq_parties_code")),
    )
    op.create_table(
        "enterprises",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("credit_code", sa.String(), nullable=True),
        sa.Column("industry_code", sa.String(), nullable=True),
        sa.Column("industry_group", sa.Text(), server_default="other", nullable=False),
        sa.Column("is_individual", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_headquarters", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_foreign_funded", sa.Boolean(), nullable=True),
        sa.Column("registered_capital_cny", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("registered_address", sa.String(), nullable=True),
        sa.Column("building_id", sa.BigInteger(), nullable=True),
        sa.Column("geom", Geometry("POINT", 4326, spatial_index=False), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("publishable", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_enterprises_building_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_enterprises_source_id")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name=op.f("uq_enterprises_code")),
    )
    op.create_index(op.f("ix_enterprises_building_id"), "enterprises", ["building_id"])
    op.create_index(op.f("ix_enterprises_credit_code"), "enterprises", ["credit_code"])
    op.create_index("ix_enterprises_geom", "enterprises", ["geom"], postgresql_using="gist")
    op.create_index(
        op.f("ix_enterprises_source_id_source_key"), "enterprises", ["source_id", "source_key"], unique=True
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="rent", nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("rent_low", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("rent_high", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("rent_unit", sa.String(), nullable=True),
        sa.Column("tax_included", sa.Boolean(), nullable=True),
        sa.Column("property_fee_included", sa.Boolean(), nullable=True),
        sa.Column("area_basis", sa.Text(), server_default="gross", nullable=False),
        sa.Column("min_area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("fitout", sa.String(), nullable=True),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("rent_free_months", sa.SmallInteger(), nullable=True),
        sa.Column("escalation_pct", sa.Double(), nullable=True),
        sa.Column("deposit_months", sa.SmallInteger(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), server_default="(,)", nullable=False),
        sa.Column(
            "known",
            postgresql.TSTZRANGE(),
            server_default=sa.text("tstzrange(clock_timestamp(), NULL)"),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("kind IN ('rent', 'sale', 'sublease')", name=op.f("ck_offers_kind")),
        sa.CheckConstraint("rent_low <= rent_high", name=op.f("ck_offers_rent_order")),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_offers_building_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["parties.id"], name=op.f("fk_offers_contact_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_offers_source_id")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name=op.f("uq_offers_code")),
    )
    op.create_index(op.f("ix_offers_building_id"), "offers", ["building_id"])
    op.create_table(
        "units",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("floor_id", sa.BigInteger(), nullable=True),
        sa.Column("top_floor_id", sa.BigInteger(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("use", sa.Text(), server_default="office", nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), server_default="(,)", nullable=False),
        sa.Column("area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("area_basis", sa.Text(), server_default="gross", nullable=False),
        sa.Column("occupancy", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("public_status", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=True),
        sa.Column("rent_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("rent_unit", sa.String(), nullable=True),
        sa.Column("rent_cny_m2_day", sa.Double(), nullable=True),
        sa.Column("fitout", sa.String(), nullable=True),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("min_area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("state_source_id", sa.BigInteger(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("publishable", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "public_status IN ('vacant', 'soon', 'in_use', 'own_use', 'unknown')", name=op.f("ck_units_public_status")
        ),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_units_area")),
        sa.CheckConstraint("extract(day FROM available_on) = 1", name=op.f("ck_units_available_month")),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_units_building_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["floor_id"], ["floors.id"], name=op.f("fk_units_floor_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_units_offer_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_units_source_id")),
        sa.ForeignKeyConstraint(["state_source_id"], ["sources.id"], name=op.f("fk_units_state_source_id")),
        sa.ForeignKeyConstraint(
            ["top_floor_id"], ["floors.id"], name=op.f("fk_units_top_floor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name=op.f("uq_units_code")),
    )
    op.create_index(op.f("ix_units_building_id"), "units", ["building_id"])
    op.create_index(op.f("ix_units_floor_id"), "units", ["floor_id"])
    op.create_index(
        "ix_units_on_market", "units", ["area_m2"], postgresql_where=sa.text("public_status IN ('vacant', 'soon')")
    )
    op.create_index(op.f("ix_units_source_id_source_key"), "units", ["source_id", "source_key"], unique=True)
    op.create_table(
        "unit_lineage",
        sa.Column("parent_id", sa.BigInteger(), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('split', 'merge')", name=op.f("ck_unit_lineage_kind")),
        sa.ForeignKeyConstraint(["child_id"], ["units.id"], name=op.f("fk_unit_lineage_child_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["units.id"], name=op.f("fk_unit_lineage_parent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("parent_id", "child_id"),
    )
    op.create_index(op.f("ix_unit_lineage_child_id"), "unit_lineage", ["child_id"])
    op.create_table(
        "offer_units",
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_offer_units_offer_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_offer_units_unit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("offer_id", "unit_id"),
    )
    op.create_index(op.f("ix_offer_units_unit_id"), "offer_units", ["unit_id"])


def downgrade() -> None:
    op.drop_table("offer_units")
    op.drop_table("unit_lineage")
    op.drop_table("units")
    op.drop_table("offers")
    op.drop_table("enterprises")
    op.drop_table("parties")
