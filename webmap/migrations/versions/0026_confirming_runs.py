"""Which import run a confirmation came with, so that those of a run that was undone do not count."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("confirmations", sa.Column("run_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_confirmations_run_id"), "confirmations", "import_runs", ["run_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_confirmations_run_id"), "confirmations", type_="foreignkey")
    op.drop_column("confirmations", "run_id")
