"""Accounts, their roles, their sessions, the attempts to sign in, and links that open an account once."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geo.model import Area, Base, Building
from geo.model.declarative import Key, Stamp, refers

ROLES = (
    "administrator",
    "staff",
    "manager",
    "owner",
    "chief",
    "promoter",
    "planner",
    "tax_officer",
    "evaluator",
)
_ROLE_LIST = ", ".join(f"'{role}'" for role in ROLES)


class User(Base):
    """A person who signs in; the name is what he or she types, unique without regard to case.

    The secret of the second factor is made from `factor_nonce` and the site's own, so that the table opens nothing;
    `factor_step` is the time step of the last code that was taken. `lacks_factor` says of a request's user that the
    site asks for a second factor which is not set up yet: until then no role counts.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("(factor_nonce IS NULL) = (factor_since IS NULL)", name="factor"),
        Index("uq_users_name", text("lower(name)"), unique=True),
        Index("ix_users_email", text("lower(email)")),
    )
    lacks_factor = False
    id: Mapped[Key]
    name: Mapped[str]
    full_name: Mapped[str | None]
    email: Mapped[str | None]
    password_hash: Mapped[str]
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    password_changed_at: Mapped[Stamp]
    created_at: Mapped[Stamp]
    language: Mapped[str | None]
    factor_nonce: Mapped[bytes | None] = mapped_column(LargeBinary)
    factor_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    factor_step: Mapped[int | None] = mapped_column(BigInteger)
    roles: Mapped[list["UserRole"]] = relationship(back_populates="user", lazy="selectin", cascade="all, delete-orphan")


class UserRole(Base):
    """What a user may do, everywhere or only in one area or one building."""

    __tablename__ = "user_roles"
    __table_args__ = (
        CheckConstraint(f"role IN ({_ROLE_LIST})", name="role"),
        CheckConstraint("area_id IS NULL OR building_id IS NULL", name="one_scope"),
        Index(
            "uq_user_roles_scope",
            "user_id",
            "role",
            "area_id",
            "building_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )
    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(refers("users.id", cascade=True))
    role: Mapped[str]
    area_id: Mapped[int | None] = mapped_column(refers("areas.id", cascade=True), index=True)
    building_id: Mapped[int | None] = mapped_column(refers("buildings.id", cascade=True), index=True)
    granted_at: Mapped[Stamp]
    user: Mapped[User] = relationship(back_populates="roles")
    area: Mapped[Area | None] = relationship()
    building: Mapped[Building | None] = relationship()


class UserSession(Base):
    """One signed-in browser; only the SHA-256 of its random token is kept, so that the table opens no door."""

    __tablename__ = "sessions"
    id: Mapped[Key]
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[int] = mapped_column(refers("users.id", cascade=True), index=True)
    address: Mapped[str | None]
    browser: Mapped[str | None]
    created_at: Mapped[Stamp]
    seen_at: Mapped[Stamp]
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Attempt(Base):
    """A failed try to sign in, counted per account name and per address."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index(None, "account", "attempted_at"),
        Index(None, "address", "attempted_at"),
    )
    id: Mapped[Key]
    account: Mapped[str]
    address: Mapped[str]
    attempted_at: Mapped[Stamp]


class RecoveryCode(Base):
    """A word that stands in for the second factor once, when the telephone is lost; only its SHA-256 is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (Index(None, "user_id", "code_sha256", unique=True),)
    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(refers("users.id", cascade=True))
    code_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Invitation(Base):
    """A link by which somebody makes an account with a role, once; only the SHA-256 of its token is kept."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint(f"role IN ({_ROLE_LIST})", name="role"),
        CheckConstraint("area_id IS NULL OR building_id IS NULL", name="one_scope"),
    )
    id: Mapped[Key]
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    full_name: Mapped[str | None]
    email: Mapped[str | None]
    role: Mapped[str]
    area_id: Mapped[int | None] = mapped_column(refers("areas.id", cascade=True), index=True)
    building_id: Mapped[int | None] = mapped_column(refers("buildings.id", cascade=True), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(refers("users.id"), index=True)
    created_at: Mapped[Stamp]
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    user_id: Mapped[int | None] = mapped_column(refers("users.id", cascade=True), index=True)
    area: Mapped[Area | None] = relationship()
    building: Mapped[Building | None] = relationship()


class PasswordReset(Base):
    """A link by which the owner of an account sets a new password, once; only the SHA-256 of its token is kept."""

    __tablename__ = "password_resets"
    id: Mapped[Key]
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[int] = mapped_column(refers("users.id", cascade=True), index=True)
    created_at: Mapped[Stamp]
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
