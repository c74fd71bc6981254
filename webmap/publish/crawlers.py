"""What search engines and lost readers are given of a copy: robots.txt, sitemaps, the page for what is not there."""

import base64
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape

from flask import Flask, render_template
from flask_babel import force_locale, gettext

from webmap.locale import LANGUAGES, in_language
from webmap.publish.folder import CopyFolder
from webmap.publish.places import Places
from webmap.publish.rewriting import Frame

MOST_ADDRESSES = 48_000
"""Of one sitemap: below the 50,000 of sitemaps.org, and whole things in all languages."""

_STYLE = (
    "body{margin:15vh auto;max-width:34em;padding:0 16px;font:16px/1.6 system-ui,sans-serif;color:#17202b;"
    "background:#f4f5f3}a{color:#14508f;font-weight:600;white-space:nowrap}"
)


def write_crawling(folder: CopyFolder, frame: Frame) -> None:
    """Write robots.txt, and the sitemaps where it is known at which address the copy will be."""
    lines = ["User-agent: *", "Allow: /"]
    if frame.address:
        found = list(_sitemaps(frame))
        for name, text in found:
            folder.put(name, text.encode())
        index = "".join(f"<sitemap><loc>{escape(f'{frame.address}/{name}')}</loc></sitemap>" for name, _ in found)
        folder.put("sitemap.xml", _xml("sitemapindex", index).encode())
        lines += ["", f"Sitemap: {frame.address}/sitemap.xml"]
    folder.put("robots.txt", ("\n".join(lines) + "\n").encode())


def write_missing(app: Flask, folder: CopyFolder, frame: Frame) -> None:
    """Write 404.html, in all languages, since whoever lost the way has no page that says which."""
    digest = base64.b64encode(sha256(_STYLE.encode()).digest()).decode()
    said = []
    with app.test_request_context("/", base_url=frame.root):
        for each in LANGUAGES:
            with force_locale(each.locale):
                home = frame.absolute(in_language(each, "/")) or f"/{frame.places.file_of(in_language(each, '/'))}"
                text = gettext("这份副本里没有这一页，可能已撤下，或地址有误。")
                said.append({"tag": each.tag, "said": text, "link": gettext("回到地图"), "home": home})
        page = render_template("publish/missing.html", style=_STYLE, style_hash=f"sha256-{digest}", tongues=said)
    folder.put("404.html", page.encode())


def _sitemaps(frame: Frame) -> Iterator[tuple[str, str]]:
    paths = _paths(frame.places)
    per_file = MOST_ADDRESSES // len(LANGUAGES)
    for number, first in enumerate(range(0, len(paths), per_file), 1):
        rows = "".join(_entry(frame, path) for path in paths[first : first + per_file])
        yield f"sitemaps/{number}.xml", _xml("urlset", rows)


def _paths(places: Places) -> Sequence[str]:
    return [
        *("/", "/about", "/privacy"),
        *(f"/a/{code}" for code in sorted(places.areas)),
        *(f"/b/{code}" for code in sorted(places.paged)),
    ]


def _entry(frame: Frame, path: str) -> str:
    twins = [(each.tag, escape(frame.absolute(in_language(each, path)) or "")) for each in LANGUAGES]
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{tag}" href="{address}"/>' for tag, address in twins)
    return "".join(f"<url><loc>{address}</loc>{links}</url>\n" for _, address in twins)


def _xml(element: str, content: str) -> str:
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} {spaces}>\n{content}</{element}>\n'
