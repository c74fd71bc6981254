"""A private PostGIS server: started by the first process that needs it, stopped by the last one that used it.

Every process that uses the database holds a shared lock for as long as it lives. `stop()` stops the server only when
nobody else holds it; a small watcher (`watch.py`) does the same for processes that were killed. A server found
running is checked and used, whoever started it.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from geo.errors import DatabaseServerError
from webmap.database_logins import OWNER
from webmap.embedded.creation import SETTINGS_FILE, create_cluster
from webmap.embedded.locks import FileLock, alone
from webmap.embedded.places import make_private, server_account, socket_folder
from webmap.embedded.processes import clear_dead_locks, server_runs
from webmap.embedded.programs import Programs, programs_for
from webmap.embedded.settings import settings_text

PATIENCE_S = 60
RECOVERY_S = 3600  # after a crash PostgreSQL first replays what was not yet in its files
_LOG_FILES_KEPT = 10
_RECOVERY = "SELECT pg_is_in_recovery(), pg_is_in_recovery() AND pg_is_wal_replay_paused()"


class EmbeddedPostgres:
    """The server whose data, locks and socket lie in the folder `data_dir` (0700, of the account PostgreSQL runs as).

    Parameters
    ----------
    data_dir
        Made when missing. As root it must be a place that the account `postgres` can reach.
    durable
        False for tests: nothing waits for the disk, and a crash of the machine loses the data.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        """Name the folder; nothing is made or started yet."""
        self.data_dir = data_dir
        self._cluster = data_dir / "cluster"
        self._sockets = socket_folder(data_dir)
        self._durable = durable
        self._use: FileLock | None = None

    def start(self) -> None:
        """Make sure that the server runs and stays while we need it; again and again is fine.

        Raises
        ------
        DatabaseServerError
            PostgreSQL is missing, does not fit the data, or does not start; the message says what to do.
        """
        account = self._prepare_folders()
        with alone(self.data_dir / "start.lock"):
            use = self._use or FileLock(self.data_dir / "users.lock")
            use.share()
            try:
                self._make_run(programs_for(self._cluster, account))
            except BaseException:
                use.close()
                self._use = None
                raise
            self._use = use

    def ensure_running(self) -> None:
        """Start the server again if it died under us; costs one connection when it is well."""
        if self._use is None or self._try_to_connect():
            self.start()

    def stop(self) -> None:
        """Leave the server, and stop it unless another process still uses it."""
        if self._use is None:
            return
        with alone(self.data_dir / "start.lock"):
            last = self._use.try_take()
            if last:
                _stop_server(programs_for(self._cluster, server_account(self.data_dir)), self._cluster)
            self._use.close()
            self._use = None
        if last:
            self._await_watcher()

    def __enter__(self) -> Self:
        """Start it for a block."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave it at the block's end."""
        self.stop()

    def dsn(self, login: str = OWNER, database: str = "loumap") -> str:
        """Give the address for SQLAlchemy."""
        host = quote(str(self._sockets), safe="")
        return f"postgresql+psycopg://{quote(login)}@/{quote(database)}?host={host}&port=5432"

    def conninfo(self, login: str = OWNER, database: str = "loumap") -> str:
        """Give the address for psycopg and the PostgreSQL programs."""
        return make_conninfo(host=str(self._sockets), port=5432, user=login, dbname=database)

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create a database of `loumap_owner` with the extensions, or a copy of the database `template`.

        Nobody may be connected to the template.
        """
        source = Identifier(template or "template1")
        statement = SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(Identifier(name), Identifier(OWNER), source)
        with self._superuser() as connection:
            connection.execute(statement)

    def drop_database(self, name: str) -> None:
        """Drop a database, if it is there, with all connections to it."""
        with self._superuser() as connection:
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))

    @contextmanager
    def _superuser(self) -> Iterator[psycopg.Connection]:
        address = self.conninfo("postgres", "postgres")
        with closing(psycopg.connect(address, autocommit=True, connect_timeout=5)) as connection:
            yield connection

    def _make_run(self, programs: Programs) -> None:
        self._start_watcher(programs)  # first, so that it also sees an interrupted start
        if not self._cluster.exists():
            create_cluster(self._cluster, programs, self._settings(), durable=self._durable)
        if not self._answers():
            self._launch(programs)
            self._answers()  # a server that recovers to a point in time is up before it has got there

    def _prepare_folders(self) -> str | None:
        if set(str(self.data_dir)) & set('"$`\\'):  # pg_ctl puts the path into a shell command
            raise DatabaseServerError(f"The folder {self.data_dir} cannot hold the data; its name has \", $, ` or \\.")
        account = server_account(self.data_dir)
        try:
            make_private(self.data_dir, account)
            make_private(self._sockets, account)
        except PermissionError as error:
            message = f"{error.filename} cannot be written; set LOUMAP_DATA to a folder of your own."
            raise DatabaseServerError(message) from None
        if account and Programs(0, Path("/"), account).run_any("test", "-w", self.data_dir).returncode:
            raise DatabaseServerError(
                f"PostgreSQL runs as {account!r}, who cannot reach {self.data_dir}: a folder above it is closed to "
                "others. Set LOUMAP_DATA to a folder outside root's home, such as /var/lib/loumap."
            )
        return account

    def _settings(self) -> str:
        return settings_text(self._sockets, durable=self._durable)

    def _start_watcher(self, programs: Programs) -> None:
        """Start the watcher, which leaves at once when there is one; it must not hold our terminal or pipes open."""
        (self.data_dir / "watch.lock").touch(mode=0o600)
        python: list[str | Path] = [sys.executable, "-I", "-S", Path(__file__).with_name("watch.py")]
        command = [*python, self.data_dir, programs.folder / "pg_ctl", programs.account or ""]
        nothing = subprocess.DEVNULL
        subprocess.run(command, check=True, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True)

    def _await_watcher(self) -> None:
        """Wait until the watcher has seen the end, so that nothing of ours is left running (2 s at most)."""
        with closing(FileLock(self.data_dir / "watch.lock")) as watch:
            deadline = time.monotonic() + 2
            while not watch.try_take() and time.monotonic() < deadline:
                time.sleep(0.01)

    def _launch(self, programs: Programs) -> None:
        clear_dead_locks(self._cluster, self._sockets, PATIENCE_S)
        (self._cluster / SETTINGS_FILE).write_text(self._settings())
        for old in sorted((self._cluster / "log").glob("*.log"))[:-_LOG_FILES_KEPT]:
            old.unlink()
        log = self.data_dir / "start.log"
        log.unlink(missing_ok=True)
        started = programs.run("pg_ctl", "start", "-s", "-w", "-t", str(RECOVERY_S), "-D", self._cluster, "-l", log)
        if started.returncode:
            raise DatabaseServerError(f"PostgreSQL did not start: {started.stderr.strip()}\n{self._last_words(log)}")

    def _last_words(self, log: Path) -> str:
        logs = [log, *sorted((self._cluster / "log").glob("*.log"))[-1:]]
        return "\n".join(f"{file}:\n{file.read_text(errors='replace')[-1500:]}" for file in logs if file.exists())

    def _answers(self) -> bool:
        """Say whether the server is up; waits for one that is starting, recovering or stopping, however long.

        Whoever stopped it before a recovery to a point in time has ended would have it begin at the latest state.
        """
        silent_since = time.monotonic()
        while server_runs(self._cluster):
            error = self._try_to_connect()
            if error is None:
                return True
            if "FATAL:" in error:  # the server's own words: it lives
                silent_since = time.monotonic()
            elif time.monotonic() > silent_since + PATIENCE_S:
                remedy = f"its log is in {self._cluster / 'log'}; stop its process and start again"
                raise DatabaseServerError(f"The database server runs but does not answer ({error}); {remedy}.")
            time.sleep(0.1)
        return False

    def _try_to_connect(self) -> str | None:
        """Give None when the server takes connections and what they write, else what was said."""
        try:
            with self._superuser() as connection:
                row = connection.execute(_RECOVERY).fetchone()
                if row and row[1]:
                    remedy = "end it as the superuser 'postgres': SELECT pg_wal_replay_resume()"
                    raise DatabaseServerError(f"The database server pauses in its recovery; {remedy}.")
                return "FATAL: it recovers" if row and row[0] else None
        except psycopg.OperationalError as error:
            return str(error)


def _stop_server(programs: Programs, cluster: Path, mode: str = "fast") -> None:
    """Stop the server if it runs; open transactions are rolled back, committed ones stay."""
    stopped = programs.run("pg_ctl", "stop", "-s", "-w", "-t", str(PATIENCE_S), "-m", mode, "-D", cluster)
    if stopped.returncode and mode != "immediate" and (cluster / "postmaster.pid").exists():
        _stop_server(programs, cluster, "immediate")
