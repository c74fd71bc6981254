"""A return may say another area of a unit."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("return_lines", sa.Column("area_m2", sa.Numeric(12, 2), nullable=True))


def downgrade() -> None:
    op.drop_column("return_lines", "area_m2")
