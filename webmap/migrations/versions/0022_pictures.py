"""Photos, plans and tours of buildings, floors and units."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_NOW = sa.text("clock_timestamp()")
_OWNED = (("building_id", "buildings.id"), ("floor_id", "floors.id"), ("unit_id", "units.id"))
_NAMED = (("large_sha256", "files.sha256"), ("small_sha256", "files.sha256"), ("user_id", "users.id"))


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("floor_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("caption", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("place", sa.Integer(), server_default="0", nullable=False),
        sa.Column("large_sha256", sa.String(), nullable=True),
        sa.Column("small_sha256", sa.String(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False
        ),
        sa.CheckConstraint("kind IN ('photo', 'plan', 'tour')", name=op.f("ck_pictures_kind")),
        sa.CheckConstraint(
            "(kind = 'tour') = (url IS NOT NULL) AND url ~ '^https://' IS NOT FALSE", name=op.f("ck_pictures_url")
        ),
        sa.CheckConstraint("(kind = 'tour') = (large_sha256 IS NULL)", name=op.f("ck_pictures_bytes")),
        sa.CheckConstraint(
            "num_nulls(large_sha256, small_sha256, width, height) IN (0, 4)", name=op.f("ck_pictures_sizes")
        ),
        sa.CheckConstraint("num_nonnulls(unit_id, floor_id) <= 1", name=op.f("ck_pictures_one_place")),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_pictures_{column}"), ondelete="CASCADE")
            for column, target in _OWNED
        ),
        *(sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_pictures_{column}")) for column, target in _NAMED),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
        sa.UniqueConstraint("code", name=op.f("uq_pictures_code")),
    )
    for column, _ in (*_OWNED, *_NAMED):
        op.create_index(op.f(f"ix_pictures_{column}"), "pictures", [column])


def downgrade() -> None:
    op.drop_table("pictures")
