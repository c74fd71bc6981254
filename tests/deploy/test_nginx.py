"""The nginx that we ship keeps what is public and never changes, and nothing else."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.db import engine as make_engine
from geo.model import LayerChange, LayerVersion
from tests.factories import create_user
from tests.postgres import CloneMaker
from tests.servers import PATIENCE_S, ROOT, Server, free_port, started_server
from webmap.auth.operations import begin
from webmap.database_logins import APP

MAIN = """
{user}
daemon off;
pid {folder}/pid;
events {{ }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{body}
}}
"""


@dataclass
class Answer:
    """What came back: status, headers by lower-case name (the values of doubled ones joined by |), body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def cache(self) -> str | None:
        """What nginx says of its cache."""
        return self.headers.get("x-cache")


@dataclass
class Site:
    """LouMap behind nginx."""

    port: int
    versions: dict[str, int]
    log: Path
    database: str

    def get(self, path: str, **headers: str) -> Answer:
        """Ask as a browser that takes gzip unless it is told otherwise."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        sent = {"Accept-Encoding": "gzip", **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.request("GET", path, headers=sent)
        answer = connection.getresponse()
        received: dict[str, str] = {}
        for name, value in answer.getheaders():
            received[name.lower()] = "|".join(filter(None, [received.get(name.lower()), value]))
        body = answer.read()
        connection.close()
        return Answer(answer.status, received, body)

    def tile(self, version: int | None = None, *, staff: bool = False) -> str:
        """The address of a tile."""
        return f"/tiles/{'staff/' if staff else ''}buildings/{version or self.versions['buildings']}/14/13489/6242.mvt"


@pytest.fixture(scope="module")
def site(clones: CloneMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed: apt-get install nginx")
    folder = tmp_path_factory.mktemp("nginx")
    with clones.new() as clone, started_server(clones, clone, folder / "home", LOUMAP_PROXIES="1") as server:
        server.wait_until_ready()
        versions = settled_versions(server, clones.server.dsn(APP, clone))
        port = free_port()
        main = folder / "nginx.conf"
        main.write_text(configuration(folder, port, server.port))
        subprocess.run([program, "-t", "-q", "-e", "stderr", "-c", main], check=True)
        with (folder / "nginx.log").open("wb") as log:
            nginx = subprocess.Popen([program, "-e", "stderr", "-c", main], stdout=log, stderr=log)
        try:
            await_port(port, nginx)
            yield Site(port, versions, folder / "access.log", clone)
        finally:
            nginx.send_signal(signal.SIGTERM)
            nginx.wait(PATIENCE_S)


def settled_versions(server: Server, dsn: str) -> dict[str, int]:
    """The versions of all layers once no change waits for the next ones and readers have been told."""
    deadline = time.monotonic() + PATIENCE_S
    engine = make_engine(dsn)
    try:
        while True:
            with engine.connect() as connection:
                waiting = connection.scalar(select(func.count()).select_from(LayerChange))
                known = {row.layer: row.version for row in connection.execute(select(LayerVersion.__table__))}
            told: dict[str, int] = json.loads(server.get("/api/v1/versions")[1])["layers"]
            if not waiting and told.items() <= known.items():
                return told
            assert time.monotonic() < deadline, "the layers do not come to rest"
            time.sleep(0.1)
    finally:
        engine.dispose()


def configuration(folder: Path, port: int, upstream: int) -> str:
    """The shipped server block with the places of a test, inside what a distribution's nginx.conf has around it."""
    body = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    for shipped, here in {
        "/var/cache/nginx/loumap": f"{folder}/cache",
        "/var/log/nginx/loumap.log": f"{folder}/access.log",
        "listen 80;": f"listen 127.0.0.1:{port};",
        "listen [::]:80;": "",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
    }.items():
        assert shipped in body
        body = body.replace(shipped, here)
    return MAIN.format(folder=folder, body=body, user="user root;" if os.geteuid() == 0 else "")


def await_port(port: int, nginx: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        assert nginx.poll() is None
        assert time.monotonic() < deadline
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.02)


def test_a_tile_is_kept_as_it_is_stored_for_whoever_asks(site: Site) -> None:
    first = site.get(site.tile())
    again = site.get(site.tile(), Accept_Encoding="gzip, deflate", Cookie="loumap_session=anybody")
    assert (first.status, first.cache, again.cache) == (200, "MISS", "HIT")
    assert first.headers["content-encoding"] == again.headers["content-encoding"] == "gzip"
    assert first.body == again.body
    assert "immutable" in again.headers["cache-control"]


def test_queries_that_mean_nothing_make_no_copies(site: Site) -> None:
    site.get(site.tile())
    assert site.get(f"{site.tile()}?a=1&b=2").cache == "HIT"


def test_who_takes_no_gzip_gets_another_kept_answer(site: Site) -> None:
    compressed = site.get(site.tile())
    plain = site.get(site.tile(), Accept_Encoding="identity")
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] != compressed.headers["etag"]
    assert site.get(site.tile(), Accept_Encoding="identity").cache == "HIT"


def test_who_has_a_tile_is_told_so_out_of_the_cache(site: Site) -> None:
    tag = site.get(site.tile()).headers["etag"]
    answer = site.get(site.tile(), If_None_Match=tag)
    assert (answer.status, answer.cache, answer.body) == (304, "HIT", b"")


def test_the_way_from_an_old_version_is_not_kept(site: Site) -> None:
    for _ in range(2):
        answer = site.get(site.tile(version=1))
        assert (answer.status, answer.cache) == (307, "MISS")
        assert answer.headers["location"] == site.tile()


def test_what_staff_see_is_never_kept(site: Site, clones: CloneMaker) -> None:
    with Session(engine := make_engine(clones.server.dsn(APP, site.database))) as session:
        user = create_user(session, "staff", name="Li")
        session.flush()
        token = begin(session, user, None, None)
        session.commit()
    engine.dispose()
    for path in (site.tile(staff=True), f"/state/staff/{site.versions['state']}"):
        for _ in range(2):
            answer = site.get(path, Cookie=f"loumap_session={token}")
            assert (answer.status, answer.cache) == (200, None)
        assert site.get(path).status == 401


def test_a_state_file_is_kept_in_each_coding_and_for_each_day(site: Site) -> None:
    address = f"/state/{site.versions['state']}"
    for headers in ({"Accept_Encoding": "br"}, {"Accept_Encoding": "gzip"}):
        assert site.get(address, **headers).status == 200
        assert site.get(address, **headers).cache == "HIT"
    assert site.get(f"{address}?as_of=2026-01-05").cache == "MISS"
    assert site.get(f"{address}?as_of=2026-01-06").cache == "MISS"
    assert site.get(f"{address}?as_of=2026-01-05").cache == "HIT"


def test_built_files_come_with_their_twins(site: Site) -> None:
    manifest = json.loads((ROOT / "static/dist/manifest.json").read_text())
    file = next(entry["file"] for entry in manifest.values() if entry["file"].endswith(".js"))
    for coding, tail in (("br", ".br"), ("gzip", ".gz"), ("identity", "")):
        answer = site.get(f"/static/{file}", Accept_Encoding=coding)
        assert answer.headers.get("content-encoding", "identity") == coding
        assert answer.body == (ROOT / "static" / f"{file}{tail}").read_bytes()
        assert site.get(f"/static/{file}", Accept_Encoding=coding).cache == "HIT"


def test_pages_are_asked_of_loumap_each_time_with_its_headers_once(site: Site) -> None:
    page = site.get("/en/about")
    assert page.status == 200
    assert page.cache is None
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
        assert "|" not in page.headers[name]


def test_figures_are_not_passed_on(site: Site) -> None:
    assert site.get("/metrics").status == 404
    assert site.get("//metrics").status in (403, 404)


def test_what_people_search_for_stays_out_of_the_log(site: Site) -> None:
    assert site.get("/api/v1/buildings?q=secret").status == 200
    deadline = time.monotonic() + PATIENCE_S
    while "/api/v1/buildings" not in site.log.read_text():  # written after the answer is sent
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert "secret" not in site.log.read_text()
