"""Makes the database ready to be used: schema, rights of the logins, the sample, the first administrator."""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, exists, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from geo.db import engine as make_engine
from geo.errors import DatabaseServerError
from geo.figures import publish_year
from geo.model import Building
from geo.sample import create_sample
from geo.sample.figure_rows import YEARS
from geo.sample.load import Report
from webmap import audit_triggers, derived, grants, migrate
from webmap.auth import operations as accounts
from webmap.auth.models import User
from webmap.config import Settings
from webmap.database_logins import APP, OWNER
from webmap.db import database_url
from webmap.server_check import check_server

FIRST_ADMINISTRATOR = "admin"
TAX_OFFICER = "tax"

_log = logging.getLogger(__name__)


def prepare(settings: Settings) -> None:
    """Bring the private database to the present schema; of one's own database only check that it is there.

    Raises
    ------
    DatabaseServerError
        One's own database does not answer, or has an older schema, which its owner has to migrate.
    """
    with opened(settings, OWNER) as owner:
        _require_answer(owner)
        if migrate.status(owner).up_to_date:
            return
        if settings.database_url is not None:
            raise DatabaseServerError("The database has another schema than this LouMap; run ./loumap migrate.")
        upgrade(owner)


def upgrade(owner: Engine, revision: str = "head") -> None:
    """Migrate up and give every login its rights, all at once: nobody ever meets tables without their rights.

    Raises
    ------
    DatabaseServerError
        The server does not answer or cannot hold our data; the message says what its administrator must do.
    """
    _require_answer(owner)
    with owner.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        problems = check_server(driver)
    if problems:
        raise DatabaseServerError("\n".join(f"{problem.what}\n  {problem.remedy}" for problem in problems))
    with migrate.one_at_a_time(owner) as connection:
        migrate.upgrade(connection, revision)
        grants.grant_all(connection)
        audit_triggers.attach(connection)


@contextmanager
def opened(settings: Settings, login: str = APP) -> Iterator[Engine]:
    """The database as one of the four logins, closed at the block's end."""
    engine = make_engine(database_url(settings, login), pool_size=1)
    try:
        yield engine
    finally:
        engine.dispose()


def fill_with_sample(settings: Settings, buildings: int, say: Callable[[str], object], progress: Report) -> bool:
    """Make the invented city and what is computed from it; false, and nothing done, if there are buildings already."""
    with opened(settings, OWNER) as engine, Session(engine) as session, session.begin():
        if session.scalar(select(exists().select_from(Building))):
            return False
        say(f"Making the invented city of {buildings:,} buildings …")
        create_sample(session, buildings=buildings, today=settings.today(), progress=progress)
        say("Measuring ways to amenities and finding clusters …")
        derived.compute(session, settings.today())
        for year in range(settings.today().year - YEARS, settings.today().year):
            publish_year(session, "tax", year)
    vacuum(settings)
    return True


def vacuum(settings: Settings) -> None:
    """Let the planner know how tables have grown, and that their rows are there for everybody to see.

    Without that what an index holds is looked up in the table all the same. A database that refuses is left as it is:
    it does so by itself sooner or later.
    """
    try:
        with opened(settings, OWNER) as engine, engine.connect() as connection:
            # Never inside of a transaction; a table that somebody else has just locked is passed over.
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM (ANALYZE, SKIP_LOCKED)"))
    except DBAPIError as error:
        _log.warning("The tables were not vacuumed: %s", error.orig)


def ensure_administrator(settings: Settings) -> str | None:
    """Make the first account, unless there is one; gives its random password, which is nowhere kept."""
    with opened(settings) as engine, Session(engine) as session, session.begin():
        if session.scalar(select(exists().select_from(User))):
            return None
        return _add_account(session, FIRST_ADMINISTRATOR, "administrator")


def add_tax_officer(settings: Settings) -> str | None:
    """Make an account for the invented city's tax, which an administrator does not see; gives its random password.

    None where the name is taken.
    """
    with opened(settings) as engine, Session(engine) as session, session.begin():
        if session.scalar(select(exists().where(User.name == TAX_OFFICER))):
            return None
        return _add_account(session, TAX_OFFICER, "tax_officer")


def _add_account(session: Session, name: str, role: str) -> str:
    password = secrets.token_urlsafe(15)
    accounts.add_user(session, name, password, [role])
    return password


def _require_answer(engine: Engine) -> None:
    try:
        engine.connect().close()
    except OperationalError as error:
        raise DatabaseServerError(f"The database does not answer; check LOUMAP_DATABASE_URL. {error.orig}") from None
