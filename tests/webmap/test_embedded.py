"""The private database: made complete, shared between processes, never lost and never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from geo.errors import DatabaseServerError
from tests.postgres import reachable_folder
from webmap.database_logins import LOGINS
from webmap.embedded import EmbeddedPostgres, data_home
from webmap.embedded.places import make_private, socket_folder

PROJECT = Path(__file__).parents[2]
APPLICATION = """
import sys, pathlib, psycopg
from webmap.embedded import EmbeddedPostgres
with EmbeddedPostgres(pathlib.Path(sys.argv[1])) as cluster:
    with psycopg.connect(cluster.conninfo()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    print("ready", flush=True)
    sys.stdin.read()
"""


@contextmanager
def application(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a process that uses the database until its input ends."""
    command = [sys.executable, "-c", APPLICATION, str(data_dir)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=PROJECT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def server_pid(data_dir: Path) -> int:
    return int((data_dir / "cluster" / "postmaster.pid").read_text().split()[0])


def watcher_pid(data_dir: Path) -> int:
    for folder in Path("/proc").glob("[0-9]*"):
        words = (folder / "cmdline").read_bytes().split(b"\0") if (folder / "cmdline").exists() else []
        if os.fsencode(data_dir) in words and any(word.endswith(b"/watch.py") for word in words):
            return int(folder.name)
    raise AssertionError("no watcher")


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def await_end(pid: int) -> None:
    deadline = time.monotonic() + 30
    while runs(pid):
        assert time.monotonic() < deadline, f"process {pid} still runs"
        time.sleep(0.02)


def kept_rows(cluster: EmbeddedPostgres) -> int:
    with psycopg.connect(cluster.conninfo()) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row
    return int(row[0])


def test_no_login_of_the_application_is_a_superuser(embedded: EmbeddedPostgres) -> None:
    for login in LOGINS:
        with psycopg.connect(embedded.conninfo(login)) as connection:
            query = "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user"
            assert connection.execute(query).fetchone() == (login, False)


def test_chinese_text_has_trigrams(embedded: EmbeddedPostgres) -> None:
    with psycopg.connect(embedded.conninfo()) as connection:
        query = "SELECT cardinality(show_trgm('金融中心')), similarity('金融中心', '金融中心大厦') > 0.4"
        assert connection.execute(query).fetchone() == (5, True)


def test_postgis_is_ready_in_a_new_database_and_in_its_copy(embedded: EmbeddedPostgres) -> None:
    embedded.create_database("original")
    with psycopg.connect(embedded.conninfo(database="original")) as connection:
        connection.execute("CREATE TABLE places AS SELECT ST_SetSRID(ST_MakePoint(121.5, 31.2), 4326) AS point")
    embedded.create_database("copy", template="original")
    with psycopg.connect(embedded.conninfo(database="copy")) as connection:
        assert connection.execute("SELECT ST_X(point) FROM places").fetchone() == (121.5,)
    embedded.drop_database("copy")
    embedded.drop_database("original")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(embedded.conninfo(database="copy"))


def test_nobody_reaches_the_server_over_the_network(embedded: EmbeddedPostgres) -> None:
    with psycopg.connect(embedded.conninfo()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        folder = Path(connection.info.host)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_second_program_does_not_stop_the_database_of_the_first(data_dir: Path) -> None:
    with application(data_dir) as first:
        pid = server_pid(data_dir)
        with EmbeddedPostgres(data_dir) as second:
            assert server_pid(data_dir) == pid
            assert kept_rows(second) == 1000
        assert runs(pid)
        first.communicate("")
    assert not runs(pid)


def test_the_last_program_to_leave_stops_the_database_and_nothing_remains(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False) as second:
        with application(data_dir) as first:
            first.communicate("")
        server, watcher = server_pid(data_dir), watcher_pid(data_dir)
        assert kept_rows(second) == 1000
    assert not runs(server)
    await_end(watcher)


def test_a_killed_program_takes_its_database_with_it_and_loses_no_row(data_dir: Path) -> None:
    with application(data_dir) as killed:
        pid = server_pid(data_dir)
        killed.kill()
        await_end(pid)
    with EmbeddedPostgres(data_dir) as cluster:
        assert kept_rows(cluster) == 1000


def test_a_database_left_behind_is_used_by_the_next_start_and_stopped_at_its_end(data_dir: Path) -> None:
    with application(data_dir) as killed:
        os.kill(watcher_pid(data_dir), signal.SIGKILL)
        killed.kill()
        killed.wait()
        pid = server_pid(data_dir)
        assert runs(pid)
    with EmbeddedPostgres(data_dir) as cluster:
        assert server_pid(data_dir) == pid
        assert kept_rows(cluster) == 1000
    assert not runs(pid)


def test_a_killed_server_comes_back_with_every_committed_row(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as cluster, application(data_dir):
        os.kill(server_pid(data_dir), signal.SIGKILL)
        await_end(server_pid(data_dir))
        cluster.ensure_running()
        assert kept_rows(cluster) == 1000


def test_two_first_starts_at_once_make_one_cluster(data_dir: Path) -> None:
    command = [sys.executable, "-c", APPLICATION, str(data_dir)]
    pipe = subprocess.PIPE
    both = [subprocess.Popen(command, cwd=PROJECT, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    assert [process.communicate("")[0] for process in both] == ["ready\n", "ready\n"]
    with EmbeddedPostgres(data_dir) as cluster:
        assert kept_rows(cluster) == 2000


def test_an_interrupted_first_start_is_begun_again(data_dir: Path) -> None:
    (data_dir / "cluster.unfinished").mkdir(parents=True)
    (data_dir / "cluster.unfinished" / "PG_VERSION").write_text("15\n")
    with EmbeddedPostgres(data_dir, durable=False) as cluster, psycopg.connect(cluster.conninfo()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("name", ["楼 'data'", "a" * 120])
def test_odd_and_long_folder_names_work(name: str) -> None:
    with reachable_folder() as folder, EmbeddedPostgres(folder / name, durable=False) as cluster:
        psycopg.connect(cluster.conninfo()).close()


def test_a_folder_name_that_a_shell_would_read_is_refused() -> None:
    with reachable_folder() as folder, pytest.raises(DatabaseServerError, match=r"\$"):
        EmbeddedPostgres(folder / "a$(id)").start()


def test_data_of_a_version_that_is_not_installed_is_left_alone(data_dir: Path) -> None:
    (data_dir / "cluster").mkdir(parents=True)
    (data_dir / "cluster" / "PG_VERSION").write_text("9\n")
    with pytest.raises(DatabaseServerError, match="postgresql-9-postgis-3"):
        EmbeddedPostgres(data_dir).start()
    assert (data_dir / "cluster" / "PG_VERSION").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server under another account")
def test_root_is_told_when_the_server_cannot_reach_the_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(DatabaseServerError, match="LOUMAP_DATA"):
        EmbeddedPostgres(tmp_path / "database").start()


def test_a_link_in_the_place_of_the_socket_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DatabaseServerError, match="not ours"):
        make_private(tmp_path / "run", None)


def test_each_checkout_has_data_of_its_own() -> None:
    one, other = (data_home({"HOME": "/home/li"}, Path(name), uid=1000) for name in ("/srv/one", "/srv/other"))
    assert one != other
    assert one.parent == Path("/home/li/.local/share/loumap")
    assert data_home({"XDG_DATA_HOME": "/data"}, uid=1000).parent == Path("/data/loumap")
    assert data_home({}, uid=0).parent == Path("/var/lib/loumap")
    assert data_home({"LOUMAP_DATA": "/data/here"}) == Path("/data/here")


def test_a_socket_path_fits_into_the_107_bytes_of_the_system() -> None:
    for folder in (Path("/var/lib/loumap/0a1b2c3d/database"), Path("/home/li") / ("很长的名字" * 8)):
        assert len(os.fsencode(socket_folder(folder) / ".s.PGSQL.5432")) <= 107


def test_a_lock_file_that_names_a_stranger_does_not_hinder_the_start(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False):
        pass
    with subprocess.Popen(["sleep", "60"], user=data_dir.stat().st_uid) as stranger:
        (data_dir / "cluster" / "postmaster.pid").write_text(f"{stranger.pid}\n{data_dir}/cluster\n")
        with EmbeddedPostgres(data_dir, durable=False) as cluster:
            psycopg.connect(cluster.conninfo()).close()
        assert runs(stranger.pid)
        stranger.kill()


def test_a_program_does_not_stop_the_server_before_it_has_recovered_to_its_point(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir):
        pass
    (data_dir / "cluster" / "recovery.signal").touch()
    with (data_dir / "cluster" / "postgresql.auto.conf").open("a") as settings:
        settings.write("restore_command = 'sleep 1; false'\n")  # an archive that takes its time and has nothing newer
    with EmbeddedPostgres(data_dir) as server, psycopg.connect(server.conninfo("postgres")) as connection:
        assert connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
