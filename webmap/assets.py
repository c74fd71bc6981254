"""The built scripts and styles: addresses for templates, and the files themselves with their compressed twins."""

import json
import re
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from flask import Blueprint, Flask, Response, request, send_from_directory, url_for

from geo.errors import NotFoundError
from webmap.errors import NotBuiltError
from webmap.permissions import needs

STATIC = Path(__file__).resolve().parents[1] / "static"
KINDS = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}
TWINS = (("br", ".br"), ("gzip", ".gz"))
ONE_YEAR_S = 31_536_000
FIVE_MINUTES_S = 300
_HASHED = re.compile(r"^dist/.+-[0-9A-Z]{8}\.\w+$")

blueprint = Blueprint("assets", __name__)


@blueprint.get("/static/<path:name>")
@needs("public")
def file(name: str) -> Response:
    """A built file; of one with a hash in its name a browser need never ask again."""
    if not name.startswith("dist/"):
        raise NotFoundError(f"There is no built file {name!r}.")
    kind = KINDS.get(PurePosixPath(name).suffix)
    coding, tail = _twin(name) if kind else ("", "")
    lasting = _HASHED.search(name) is not None
    max_age = ONE_YEAR_S if lasting else FIVE_MINUTES_S
    response = send_from_directory(STATIC, name + tail, mimetype=kind, max_age=max_age)
    response.cache_control.public = True
    response.cache_control.immutable = lasting
    if kind:
        response.vary.add("Accept-Encoding")
    if coding:
        response.headers["Content-Encoding"] = coding
    return response


def asset(name: str) -> str:
    """The address of a built file by the name of its source: `asset("site.css")`."""
    return _address(_entry(name)["file"])


def preloads(name: str) -> list[str]:
    """The addresses of the chunks that a built script imports at once."""
    return [_address(imported) for imported in _entry(name).get("imports", [])]


def manifest() -> dict[str, dict[str, Any]]:
    """What was built, by the names of the sources; read again only when it changed.

    Raises
    ------
    NotBuiltError
        There is no manifest.
    """
    path = STATIC / "dist" / "manifest.json"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise NotBuiltError from None


def init_app(app: Flask) -> None:
    """Serve the files and give templates `asset` and `preloads`."""
    app.register_blueprint(blueprint)
    app.add_template_global(asset)
    app.add_template_global(preloads)


@lru_cache(maxsize=1)
def _read(path: Path, changed_ns: int) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return found


def _entry(name: str) -> dict[str, Any]:
    try:
        return manifest()[name]
    except KeyError:
        raise NotBuiltError(f"{name} has not been built; run `npm run build`.") from None


def _address(file: str) -> str:
    return url_for("assets.file", name=file)


def _twin(name: str) -> tuple[str, str]:
    for coding, tail in TWINS:
        if request.accept_encodings[coding] and (STATIC / (name + tail)).is_file():
            return coding, tail
    return "", ""
