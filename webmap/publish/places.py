"""Where in a copy each address of the site lies, written as seen from the page that links there."""

import zlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from webmap.locale import LANGUAGES

PLAIN = ("about", "privacy")
"""Pages that are files of their own."""

LISTED = "listed"
"""The folder of sheets, in which every listed building and its units have their address."""

_PREFIXES = tuple(language.prefix for language in LANGUAGES if language.prefix)
_ELSEWHERE = ("http:", "https:", "mailto:", "tel:", "data:", "blob:")


@dataclass(frozen=True, slots=True)
class Place:
    """What an address becomes: another one, or nothing where a copy has no such thing.

    `file` is a file of the site that the copy must hold for it.
    """

    address: str | None
    file: str | None = None


GONE = Place(None)


@dataclass
class Places:
    """Which pages a copy has: `paged` buildings one each, all that are `listed` and their units one of `sheets`."""

    paged: set[str]
    areas: set[str]
    listed: set[str] = field(default_factory=set)
    sheets: int = 1

    def file_of(self, path: str) -> str:
        """The file of a page by its path on the site, with its language."""
        prefix, rest = split_language(path)
        return f"{prefix}{_page_file(rest)}"

    def seen_from(self, page: str, address: str) -> Place:
        """An address on the page with the path `page`."""
        if not address or address.startswith("#") or address.startswith(_ELSEWHERE):
            return Place(address)
        if address.startswith("?"):
            return self._on_page(page, address)
        asked = urlsplit(address)
        if asked.path.startswith(("/static/", "/pictures/")):
            return Place(relative(self.file_of(page), asked.path[1:]), asked.path)
        return self._page(page, asked.path, asked.query, asked.fragment)

    def _on_page(self, page: str, address: str) -> Place:
        """A question that the page asks itself: the map answers it, others need a server."""
        if split_language(page)[1] == "/":
            return Place(address)
        fragment = urlsplit(address).fragment
        return Place(f"#{fragment}") if fragment == "plan" else GONE

    def _page(self, page: str, path: str, query: str, fragment: str) -> Place:
        prefix, rest = split_language(path)
        kind, _, code = rest.strip("/").partition("/")
        own = self.file_of(page)
        if rest == "/":
            return Place(_joined(relative(own, f"{prefix}index.html"), query, fragment))
        if kind in PLAIN and not code:
            return Place(_joined(relative(own, f"{prefix}{kind}.html"), "", fragment))
        if kind == "a" and code in self.areas:
            return Place(_joined(relative(own, f"{prefix}a/{code}.html"), "", fragment))
        if kind == "b" and code in self.paged and not query:
            return Place(_joined(relative(own, f"{prefix}b/{code}.html"), "", fragment))
        if kind == "b" and code in self.listed and not query:
            return self._sheet(own, prefix, code, code)
        at = split_language(page)[1].split("/")
        if kind == "u" and at[1] == "b":  # a building links to its own units alone
            return self._sheet(own, prefix, at[2], code)
        if kind == LISTED:
            return Place(relative(own, f"{prefix}{LISTED}/{code}.html"))
        return GONE

    def _sheet(self, own: str, prefix: str, building: str, code: str) -> Place:
        """The address of a building, or of a unit of it."""
        return Place(f"{relative(own, f'{prefix}{LISTED}/{number_of(building, self.sheets):x}.html')}#{code}")


def number_of(code: str, count: int) -> int:
    """The sheet of a building's code, of `count` sheets (`static/src/map/data/packed.js` says the same)."""
    return zlib.crc32(code.encode()) % count


def split_language(path: str) -> tuple[str, str]:
    """The language of a path as the beginning of a file's name (`en/`), and the path without it."""
    head, _, rest = path.removeprefix("/").partition("/")
    return (f"{head}/", f"/{rest}") if head in _PREFIXES else ("", path)


def relative(page: str, file: str) -> str:
    """How a page, a file of the copy, writes another one."""
    here = PurePosixPath(page).parent.parts
    there = PurePosixPath(file).parts
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "/".join([*[".."] * (len(here) - shared), *there[shared:]])


def _page_file(rest: str) -> str:
    return "index.html" if rest == "/" else f"{rest.strip('/')}.html"


def _joined(address: str, query: str, fragment: str) -> str:
    return address + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
