"""Walls, fences and gates are ground, so that ways on foot end at them."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_NAME = "ck_ground_features_kind"
_BEFORE = "kind IN ('road', 'water', 'green', 'rail', 'plaza')"
_AFTER = "kind IN ('road', 'water', 'green', 'rail', 'plaza', 'barrier')"


def upgrade() -> None:
    _check(_AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM ground_features WHERE kind = 'barrier'")
    _check(_BEFORE)


def _check(condition: str) -> None:
    op.drop_constraint(op.f(_NAME), "ground_features", type_="check")
    op.create_check_constraint(op.f(_NAME), "ground_features", condition)
