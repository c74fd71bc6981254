"""Import runs note many added rows at once: by the first and the last of their ids."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_changes", sa.Column("last_row_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.execute(
        "INSERT INTO import_changes (run_id, table_name, row_id)"
        " SELECT run_id, table_name, generate_series(row_id + 1, last_row_id)"
        " FROM import_changes WHERE last_row_id > row_id"
    )
    op.drop_column("import_changes", "last_row_id")
