"""Invitations, password resets, second factors and the language of an account."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0035"
branch_labels = None
depends_on = None

_NOW = sa.text("clock_timestamp()")
_ROLES = ("administrator", "staff", "manager", "owner", "chief", "promoter", "planner", "tax_officer", "evaluator")


def upgrade() -> None:
    op.add_column("users", sa.Column("language", sa.String(), nullable=True))
    op.add_column("users", sa.Column("factor_nonce", sa.LargeBinary(), nullable=True))
    op.add_column("users", _moment("factor_since"))
    op.add_column("users", sa.Column("factor_step", sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_users_factor"), "users", "(factor_nonce IS NULL) = (factor_since IS NULL)"
    )
    op.create_index("ix_users_email", "users", [sa.literal_column("lower(email)")])
    _make_recovery_codes()
    _make_invitations()
    _make_resets()


def downgrade() -> None:
    op.drop_table("password_resets")
    op.drop_table("invitations")
    op.drop_table("recovery_codes")
    op.drop_index("ix_users_email", "users")
    for column in ("factor_step", "factor_since", "factor_nonce", "language"):
        op.drop_column("users", column)


def _make_recovery_codes() -> None:
    op.create_table(
        "recovery_codes",
        *_keyed("recovery_codes"),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        _moment("used_at"),
        _refers("recovery_codes", "user_id", "users.id", cascade=True),
    )
    columns = ["user_id", "code_sha256"]
    op.create_index(op.f("ix_recovery_codes_user_id_code_sha256"), "recovery_codes", columns, unique=True)


def _make_invitations() -> None:
    op.create_table(
        "invitations",
        *_keyed("invitations"),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("building_id", sa.BigInteger(), nullable=True),
        sa.Column("invited_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _moment("revoked_at"),
        _moment("used_at"),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(f"role IN ({', '.join(map(repr, _ROLES))})", name=op.f("ck_invitations_role")),
        sa.CheckConstraint("area_id IS NULL OR building_id IS NULL", name=op.f("ck_invitations_one_scope")),
        _refers("invitations", "area_id", "areas.id", cascade=True),
        _refers("invitations", "building_id", "buildings.id", cascade=True),
        _refers("invitations", "invited_by_id", "users.id"),
        _refers("invitations", "user_id", "users.id", cascade=True),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_invitations_token_sha256")),
    )
    for column in ("area_id", "building_id", "invited_by_id", "expires_at", "user_id"):
        op.create_index(op.f(f"ix_invitations_{column}"), "invitations", [column])


def _make_resets() -> None:
    op.create_table(
        "password_resets",
        *_keyed("password_resets"),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _moment("used_at"),
        _refers("password_resets", "user_id", "users.id", cascade=True),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_password_resets_token_sha256")),
    )
    for column in ("user_id", "expires_at"):
        op.create_index(op.f(f"ix_password_resets_{column}"), "password_resets", [column])


def _keyed(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    key = sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)
    return key, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _refers(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete="CASCADE" if cascade else None)
