"""Built files are served under names that never change their meaning, compressed when the browser takes it."""

import json
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webmap import assets
from webmap.errors import NotBuiltError

SCRIPT = b"console.log('map')"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small front-end build in a folder of the test's own."""
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "map-AB12CD34.js").write_bytes(SCRIPT)
    (dist / "map-AB12CD34.js.br").write_bytes(b"brotli twin")
    (dist / "map-AB12CD34.js.gz").write_bytes(b"gzip twin")
    manifest = {"map.js": {"file": "dist/map-AB12CD34.js", "imports": ["dist/chunk-1.js"]}}
    (dist / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    return dist


@pytest.mark.parametrize(
    ("accepts", "coding", "body"),
    [("br, gzip", "br", b"brotli twin"), ("gzip", "gzip", b"gzip twin"), ("identity", None, SCRIPT)],
)
def test_a_browser_gets_the_best_twin_it_understands(
    client: FlaskClient, built: Path, accepts: str, coding: str | None, body: bytes
) -> None:
    answer = client.get("/static/dist/map-AB12CD34.js", headers={"Accept-Encoding": accepts})
    assert (answer.headers.get("Content-Encoding"), answer.data) == (coding, body)
    assert answer.mimetype == "text/javascript"
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_built_file_is_kept_for_good(client: FlaskClient, built: Path) -> None:
    control = client.get("/static/dist/map-AB12CD34.js").cache_control
    assert control.immutable
    assert control.public
    assert control.max_age == 31_536_000


def test_a_file_without_a_hash_is_asked_for_again(client: FlaskClient, built: Path) -> None:
    control = client.get("/static/dist/manifest.json").cache_control
    assert not control.immutable
    assert control.max_age == 300


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient, built: Path) -> None:
    etag = client.get("/static/dist/map-AB12CD34.js").headers["ETag"]
    assert client.get("/static/dist/map-AB12CD34.js", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("path", ["../pyproject.toml", "%2e%2e/pyproject.toml", "dist/../../x", "dist"])
def test_nothing_outside_the_folder_is_served(client: FlaskClient, built: Path, path: str) -> None:
    assert client.get(f"/static/{path}").status_code in (404, 308)


def test_templates_find_files_by_the_names_of_their_sources(app: Flask, built: Path) -> None:
    with app.test_request_context("/en/login"):
        assert assets.asset("map.js") == "/static/dist/map-AB12CD34.js"
        assert assets.preloads("map.js") == ["/static/dist/chunk-1.js"]


def test_a_new_build_is_noticed(app: Flask, built: Path) -> None:
    with app.test_request_context("/"):
        assert assets.asset("map.js") == "/static/dist/map-AB12CD34.js"
        manifest = built / "manifest.json"
        manifest.write_text(json.dumps({"map.js": {"file": "dist/map-EF56GH78.js"}}))
        os.utime(manifest, (0, 0))
        assert assets.asset("map.js") == "/static/dist/map-EF56GH78.js"


def test_a_missing_build_says_how_to_make_it(client: FlaskClient, built: Path) -> None:
    with pytest.raises(NotBuiltError, match="npm run build"):
        assets.asset("other.js")
    (built / "manifest.json").unlink()
    answer = client.get("/login")
    assert answer.status_code == 503
    assert "npm run build" in answer.text
