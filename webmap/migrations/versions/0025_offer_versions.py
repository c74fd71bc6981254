"""Offers keep every version: one code, several rows, of which no two that are held now speak of the same day."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("user_id", "written_by"):
        op.add_column("offers", sa.Column(name, sa.BigInteger(), nullable=True))
    op.drop_constraint("uq_offers_code", "offers", type_="unique")
    op.create_index(op.f("ix_offers_code"), "offers", ["code"])
    op.create_exclude_constraint(
        "ex_offers_now_known",
        "offers",
        (sa.column("code"), "="),
        (sa.column("valid"), "&&"),
        where=sa.text("upper_inf(known) AND withdrawn_at IS NULL"),
        using="gist",
    )


def downgrade() -> None:
    # Of each offer the version that is held of the last time stays, as it was before versions were kept.
    op.execute("""
        DELETE FROM offers o USING offers l
        WHERE l.code = o.code AND l.id <> o.id
          AND (upper_inf(l.known), coalesce(upper(l.valid), 'infinity'), lower(l.known), l.id)
              > (upper_inf(o.known), coalesce(upper(o.valid), 'infinity'), lower(o.known), o.id)
    """)
    op.drop_constraint("ex_offers_now_known", "offers")
    op.drop_index(op.f("ix_offers_code"), "offers")
    op.create_unique_constraint("uq_offers_code", "offers", ["code"])
    for name in ("written_by", "user_id"):
        op.drop_column("offers", name)
