"""Brings a database to the present schema or back, and says where it stands.

Run as the owner of the tables only; the application's own logins may not change the schema.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from geoalchemy2 import Geometry
from sqlalchemy import Connection, Engine, MetaData, text

from geo.looking_back import put_on, take_off
from geo.model import Base
from webmap import models as web_models
from webmap.auth import models as auth_models
from webmap.follow import models as follow_models
from webmap.imports import models as import_models
from webmap.reports import models as report_models
from webmap.share import selection_models
from webmap.vacancy import check_models
from webmap.vacancy import models as vacancy_models

_LOCK = 0x4C6F754D6170  # "LouMap": two processes that start together migrate one after the other
_FOREIGN = ("procrastinate_", "spatial_ref_sys")


@dataclass(frozen=True)
class SchemaStatus:
    """Where a database stands: `current` is None before the first migration."""

    current: str | None
    head: str

    @property
    def up_to_date(self) -> bool:
        """Whether nothing is left to migrate."""
        return self.current == self.head


@contextmanager
def one_at_a_time(engine: Engine) -> Iterator[Connection]:
    """Give a transaction in which nobody else changes the schema or its rights; others wait until it ends."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        yield connection


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the schema up to `revision`; in a transaction of `one_at_a_time`."""
    _step(connection, lambda config: command.upgrade(config, revision))


def downgrade(connection: Connection, revision: str) -> None:
    """Take the schema back to `revision` ('base' for an empty database); in a transaction of `one_at_a_time`."""
    _step(connection, lambda config: command.downgrade(config, revision))


def status(engine: Engine) -> SchemaStatus:
    """Which revision the database has and which one this program needs."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return SchemaStatus(current, head())


def head() -> str:
    """The revision that this program needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def is_known(revision: str) -> bool:
    """Whether this program has the revision; a newer one may have others."""
    try:
        return ScriptDirectory.from_config(_config()).get_revision(revision) is not None
    except CommandError:
        return False


def tables() -> MetaData:
    """The metadata of every table of geo and webmap."""
    owned = (web_models.StoredFile, auth_models.User, follow_models.Alert, import_models.ImportUpload)
    later = (web_models.Inquiry, vacancy_models.VacancyReturn, check_models.SpotCheck, selection_models.Selection)
    reports = (report_models.Report,)
    assert all(model.metadata is Base.metadata for model in (*owned, *later, *reports))
    return Base.metadata


def comparison() -> dict[str, Any]:
    """How Alembic compares models and schema; it cannot compare defaults such as the time of the day."""
    return {"include_object": _is_ours, "compare_type": _types_differ}


def _is_ours(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Say whether Alembic compares `thing`: the tables of PostGIS and of the job queue are not ours."""
    return not (kind == "table" and str(name).startswith(_FOREIGN))


def _types_differ(context: object, found: object, wanted: object, found_type: Any, wanted_type: Any) -> bool | None:
    """Say that a geometry of any kind without SRID is what it is (it is read back as SRID -1); else let Alembic say."""
    both = isinstance(found_type, Geometry) and isinstance(wanted_type, Geometry)
    return False if both and (found_type.srid, wanted_type.srid) == (-1, 0) else None


def _step(connection: Connection, step: Callable[[Config], object]) -> None:
    """Take a step without the views and triggers of the past, and put them on what it leaves."""
    driver = connection.connection.driver_connection
    assert driver is not None
    take_off(driver)
    step(_config(connection))
    put_on(driver)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
