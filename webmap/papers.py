"""Brochures as PDF, and slides: asked for at a page, written by the worker, kept with the pictures.

A capability registers what writes its kind of brochure (`register`); the page that is asked for one calls `answer`.
Papers are tagged for screen readers (PDF/UA) and can be searched. WeasyPrint fetches nothing.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, send_file
from flask_babel import gettext

from geo.errors import NotFoundError
from webmap import cards
from webmap.admission import lanes
from webmap.cards import files
from webmap.db import session
from webmap.jobs import enqueue
from webmap.locale import language
from webmap.looking_back import moment_shown
from webmap.moments import write_instant

PDF, PPTX = "application/pdf", "application/vnd.openxmlformats-officedocument.presentationml.presentation"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {"a4": (".pdf", PDF), "long": (".pdf", PDF), "slides": (".pptx", PPTX), "text": (".docx", DOCX)}
"""Pages of A4, one page as narrow as a telephone and as long as need be, slides, a text to go on writing: how the file
ends, and its type."""

OLDEST_S, A_DAY_S = 600, 86_400
"""A contact who no longer wants to be named is on no paper that is older than the first."""

PATIENCE_S, LOOK_S = 1.8, 0.06
UNATTENDED_S = 15
"""After so long without a worker the page writes the paper itself."""

_NAMES = {".pdf": "PDF", ".pptx": "PPT", ".docx": "Word"}
LONG_WIDTH_PX = 414
PAGE_RULE = "/* the size of the page */"
"""What stands in templates/papers/paper.html where the rule of a long page goes."""

Tell = Callable[[int, int], None]
"""Told how many steps are done, of how many."""

Writer = Callable[[str, str, Tell], bytes]
"""Writes the paper of a code in a form of `FORMS`, in the language of the request that it runs in."""


def register(app: Flask, kind: str, write: Writer) -> None:
    """Have brochures of a kind written by `write`."""
    app.extensions["loumap_papers"][kind] = write


def init_app(app: Flask) -> None:
    """Give the app its list of writers, what makes PDF, and how long it waits for a worker (0: not at all)."""
    app.extensions["loumap_papers"] = {}
    app.extensions["loumap_press"] = pdf_of
    app.extensions["loumap_unattended_s"] = UNATTENDED_S


def answer(kind: str, code: str, form: str, name: str, *, version: object = None) -> Response:
    """The paper, to be called `name`, once it is there; else a page that says how far it is and asks again.

    `version` says what else it depends on, where that is all: such a paper is kept as long as the day.

    Raises
    ------
    NotFoundError
        There is no such form.
    """
    if form not in FORMS:
        raise NotFoundError(f"There is no paper in the form {form!r}.")
    ending, mimetype = FORMS[form]
    path = files().path(key_of(kind, code, form, version), ending)
    if not _ready(path, version) and not _awaited(path, version, (kind, code, form)):
        return _waiting(path)
    response = send_file(path, mimetype=mimetype, download_name=f"{name}{ending}", etag=False, conditional=False)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def key_of(kind: str, code: str, form: str, version: object = None) -> tuple[object, ...]:
    """What a paper is kept under."""
    return ("paper", kind, code, moment_shown(), form, version, language().tag, *cards.stand())


def write(kind: str, code: str, form: str, folder_path: Path) -> None:
    """Write a paper to where it is waited for; for the worker, in a request of the reader's language."""
    writer: Writer = current_app.extensions["loumap_papers"][kind]
    told = folder_path.with_suffix(".told")

    def tell(done: int, of: int) -> None:
        files().write(told, json.dumps([done, of]).encode())

    tell(0, 4)
    files().write(folder_path, writer(code, form, tell))
    told.unlink(missing_ok=True)


def press(html: str, form: str) -> bytes:
    """The page as PDF, as the app has it made."""
    found: bytes = current_app.extensions["loumap_press"](html, form)
    return found


def pdf_of(html: str, form: str) -> bytes:
    """A page of HTML with its styles as a tagged PDF; in the long form as one page that ends where the text does."""
    import weasyprint  # noqa: PLC0415 - a large library that few requests need
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    # They tell of every rule and table that they do not know.
    for name in ("weasyprint", "weasyprint.progress", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    fetcher = URLFetcher(allowed_protocols=("data",))
    if form != "long":
        found: bytes = weasyprint.HTML(string=html, base_url=None, url_fetcher=fetcher).write_pdf(
            pdf_variant="pdf/ua-1"
        )
        return found
    tall = _height(weasyprint.HTML(string=_as_long(html, 14_000), base_url=None, url_fetcher=fetcher).render())
    longer = weasyprint.HTML(string=_as_long(html, tall), base_url=None, url_fetcher=fetcher)
    whole: bytes = longer.write_pdf(pdf_variant="pdf/ua-1")
    return whole


def data_url(data: bytes | str, mimetype: str) -> str:
    """A picture that stands in the page itself."""
    import base64  # noqa: PLC0415

    raw = data.encode() if isinstance(data, str) else data
    return f"data:{mimetype};base64,{base64.b64encode(raw).decode()}"


def _as_long(html: str, tall: int) -> str:
    """The page with a rule that makes it so many pixels tall; the frame says where it stands."""
    feet = "@bottom-left { content: none } @bottom-right { content: none }"
    return html.replace(PAGE_RULE, f"@page {{ size: {LONG_WIDTH_PX}px {tall}px; margin: 0; {feet} }}", 1)


def _height(document: Any) -> int:
    """The pixels that the only page needs."""
    (page, *_) = document.pages
    root = page._page_box.children[0]
    body = root.children[0]
    return int(max(body.position_y + body.margin_height(), 200)) + 1


def _ready(path: Path, version: object) -> bool:
    """Whether the paper is there and not too old."""
    return files().is_fresh(path, OLDEST_S if version is None else A_DAY_S)


def _awaited(path: Path, version: object, asked: tuple[str, str, str]) -> bool:
    """Whether the paper is there after a moment; asked of the worker once, written here where no worker comes."""
    marker, told = path.with_suffix(".asked"), path.with_suffix(".told")
    since, unattended_s = _age(marker), current_app.extensions["loumap_unattended_s"]
    if unattended_s == 0 or (since and since > unattended_s and not told.exists()):
        with lanes().papers:
            write(*asked, path)
    elif since is None or since > 10 * unattended_s:
        told.unlink(missing_ok=True)
        files().write(marker, b"")
        kind, code, form = asked
        order = {"kind": kind, "code": code, "form": form, "language": language().tag, "site": cards.site_url()}
        if moment := moment_shown():
            order |= {"as_of": f"{moment.as_of}", "known_at": write_instant(moment.known_at)}
        enqueue(session(), "write_paper", **order, path=path.name)
        session().commit()
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if _ready(path, version):
            marker.unlink(missing_ok=True)
            return True
        time.sleep(LOOK_S)
    return False


def _age(path: Path) -> float | None:
    with suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime
    return None


def _waiting(path: Path) -> Response:
    told: Mapping[int, int] | list[int] = [0, 4]
    with suppress(FileNotFoundError, ValueError):
        told = json.loads(path.with_suffix(".told").read_bytes())
    title = gettext("正在生成 %(what)s", what=_NAMES[path.suffix])
    page = render_template("waiting.html", here=None, title=title, done=told[0], of=told[1])
    response = make_response(page, 202)
    response.headers["Refresh"] = "1"
    response.headers["Cache-Control"] = "no-store"
    return response
