"""Files that administrators upload to be imported."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_uploads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("options", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(), server_default="checking", nullable=False),
        sa.Column("report", postgresql.JSONB(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "state IN ('checking', 'checked', 'importing', 'done', 'failed')", name=op.f("ck_import_uploads_state")
        ),
        sa.ForeignKeyConstraint(["file_sha256"], ["files.sha256"], name=op.f("fk_import_uploads_file_sha256")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_import_uploads_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_uploads")),
        sa.UniqueConstraint("code", name=op.f("uq_import_uploads_code")),
    )
    op.create_index(op.f("ix_import_uploads_file_sha256"), "import_uploads", ["file_sha256"])
    op.create_index(op.f("ix_import_uploads_user_id"), "import_uploads", ["user_id"])


def downgrade() -> None:
    op.drop_table("import_uploads")
