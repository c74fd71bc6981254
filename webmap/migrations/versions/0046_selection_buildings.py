"""Buildings beside units in private selections."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_UNIQUE_BEFORE = "uq_selection_items_selection_id_unit_code"
_UNIQUE = "uq_selection_items_selection_id_code"


def upgrade() -> None:
    op.add_column("selection_items", sa.Column("kind", sa.String(), nullable=True))
    op.execute("UPDATE selection_items SET kind = 'unit'")
    op.alter_column("selection_items", "kind", nullable=False)
    op.create_check_constraint(op.f("ck_selection_items_kind"), "selection_items", "kind IN ('unit', 'building')")
    op.alter_column("selection_items", "unit_code", new_column_name="code")
    op.execute(f"ALTER TABLE selection_items RENAME CONSTRAINT {_UNIQUE_BEFORE} TO {_UNIQUE}")


def downgrade() -> None:
    op.execute("DELETE FROM selection_items WHERE kind = 'building'")
    op.execute(f"ALTER TABLE selection_items RENAME CONSTRAINT {_UNIQUE} TO {_UNIQUE_BEFORE}")
    op.alter_column("selection_items", "code", new_column_name="unit_code")
    op.drop_column("selection_items", "kind")
