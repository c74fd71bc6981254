"""What tests share: a database server, the folder of real data."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

import geo.importers.gdal  # noqa: F401 - GDAL writes into the environment when it is first loaded: not in some test
from geo.db import engine as make_engine
from tests.postgres import CloneMaker, reachable_folder, temporary_cluster
from tests.terminal import Run, environ_of, runner
from tests.web import CompiledOnce, WholeAnswers
from webmap import create_app, database_setup
from webmap.config import Settings
from webmap.database_logins import APP, PUBLIC
from webmap.db import Database
from webmap.embedded import EmbeddedPostgres

SHARED_DATA = Path(os.environ.get("LOUMAP_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser last: its driver keeps an event loop in this thread, beside which no job worker can run."""
    items.sort(key=lambda item: "browser" in item.path.parts)


# The same examples each time, and how long they take on a busy machine is no property; `bench/security/fuzz.py` tries
# others.
hypothesis.settings.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("same")

TOLD = ("LOUMAP_", "PG", "PROMETHEUS_", "LANG", "LC_", "TZ", "HOME", "PATH")
"""How the variables begin that our programs listen to; libraries set others when they are imported."""


@pytest.fixture(autouse=True)
def surroundings() -> Iterator[None]:
    """Hold each test to leaving the environment as it was: the next one may start a program in it."""
    before = _surroundings()
    yield
    assert _surroundings() == before, "this test leaves another environment than it found: use monkeypatch"


def _surroundings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(TOLD)}


@pytest.fixture(scope="session")
def embedded() -> Iterator[EmbeddedPostgres]:
    """A running PostGIS with the four logins and the empty database `loumap`."""
    with temporary_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def template(embedded: EmbeddedPostgres) -> str:
    """The name of a database with the present schema and grants, to be cloned."""
    embedded.create_database("template_loumap")
    owner = make_engine(embedded.dsn(database="template_loumap"))
    database_setup.upgrade(owner)
    owner.dispose()
    return "template_loumap"


@pytest.fixture(scope="session")
def clones(embedded: EmbeddedPostgres, template: str) -> CloneMaker:
    """Makes databases of the present schema; a clone takes 0.1 to 0.4 s."""
    return CloneMaker(embedded, template)


@pytest.fixture(scope="session")
def database(clones: CloneMaker) -> Iterator[Engine]:
    """The database that tests share, as the app's login; write to it through `session` alone."""
    with clones.new() as name:
        engine = make_engine(clones.server.dsn(APP, name))
        yield engine
        engine.dispose()


@pytest.fixture
def clone(clones: CloneMaker) -> Iterator[str]:
    """The name of a database of this test's own: for jobs, several connections and the logins themselves."""
    with clones.new() as name:
        yield name


@pytest.fixture
def connection(database: Engine) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back after the test."""
    with database.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session in a transaction that is rolled back after the test; its commits are savepoints."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings as a new installation has them, with a data folder of the test's own."""
    return Settings(data=tmp_path / "home", secret_key="a secret that only tests know, 40 letters", stale_days=0)


@pytest.fixture
def app(connection: Connection, settings: Settings) -> Flask:
    """The web application inside the transaction of `session`: it sees what the test has flushed."""
    return _testing(create_app(settings, Database(connection, connection)))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a screen."""
    return app.test_client()


@pytest.fixture
def live_database(clones: CloneMaker, clone: str) -> Iterator[Database]:
    """The logins of the app and of visitors on a database of the test's own."""
    public = {"postgresql_readonly": True}
    app_engine = make_engine(clones.server.dsn(APP, clone))
    public_engine = make_engine(clones.server.dsn(PUBLIC, clone), execution_options=public)
    yield Database(app_engine, public_engine)
    app_engine.dispose()
    public_engine.dispose()


@pytest.fixture
def live_app(live_database: Database, settings: Settings) -> Flask:
    """The web application with real logins and transactions, for what is about them."""
    return _testing(create_app(settings, live_database))


@pytest.fixture
def environ(clones: CloneMaker, clone: str, tmp_path: Path) -> dict[str, str]:
    """The settings of an installation on a database of the test's own."""
    return environ_of(clones.server, clone, tmp_path / "home")


@pytest.fixture
def run(environ: dict[str, str]) -> Run:
    """What an operator types: `run("user", "list")`."""
    return runner(environ)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A place for the data of another server than the one tests share."""
    with reachable_folder() as folder:
        yield folder / "database"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files; tests that read it are skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the real files are not here ({SHARED_DATA}); set LOUMAP_SHARED_DATA to their folder")
    return SHARED_DATA


@pytest.fixture
def count_queries(connection: Connection) -> Callable[[], AbstractContextManager[list[str]]]:
    """Collects the statements that run inside a `with`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                seen.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        yield seen
        event.remove(connection, "before_cursor_execute", note)

    return counting


def _testing(app: Flask) -> Flask:
    app.testing = True
    app.test_client_class = WholeAnswers
    app.jinja_env.bytecode_cache = CompiledOnce()
    return app
