"""A page of the site as a page of a copy: its addresses lead to files, and what needs a server is not there."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import Any

from webmap.publish.places import Places

Attributes = list[tuple[str, str | None]]
Told = Callable[[dict[str, Any]], dict[str, Any]]

BOOT, LINKED_DATA = "boot", "application/ld+json"
_ADDRESSES = {"a": "href", "link": "href", "script": "src", "img": "src", "iframe": "src", "form": "action"}
_OF_SERVERS = "alternate"
"""Other forms of a page that are no page in another language: feeds, what an embedding site asks for."""

_WITHOUT_END = frozenset(("link", "img", "meta", "input"))
_BARS = frozenset(("nav", "footer"))
_BUTTONS = frozenset(("btn", "wrong", "flag", "pick", "chip", "link", "thumb"))
"""Classes of links that say nothing when they lead nowhere; of others the words stay."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is true of all pages: where things lie, the site's address as pages write it, its public one, the copy's."""

    places: Places
    root: str
    live: str | None = None
    address: str | None = None

    def absolute(self, path: str) -> str | None:
        """The full address of a page of the copy; None where nobody said where that will be."""
        return f"{self.address}/{self.places.file_of(path)}" if self.address else None


class Rewriter(HTMLParser):
    """Reads the page with the path `page` and gives it back changed; `told` changes what the map page is told.

    `files` are the paths of the site's files that the page needs.
    """

    def __init__(self, page: str, frame: Frame, told: Told = lambda boot: boot) -> None:
        super().__init__(convert_charrefs=False)
        self._page, self._frame, self._told = page, frame, told
        self.files: set[str] = set()
        self._out: list[str] = []
        self._left_out: tuple[str, int] | None = None
        self._links: list[bool] = []
        self._in_bars = 0
        self._data: str | None = None

    def rewritten(self, html: str) -> str:
        """The page of the copy."""
        self.feed(html)
        self.close()
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Write the beginning of an element, changed where it leads somewhere."""
        if self._left_out:
            self._count(tag, 1)
            return
        kept = self._changed(tag, attrs)
        if kept is None:
            self._leave_out(tag, dict(attrs))
            return
        if tag == "a":
            self._links.append(True)
        self._in_bars += tag in _BARS
        if tag == "script":
            self._data = BOOT if ("id", BOOT) in attrs else dict(attrs).get("type")
        self._out.append(self.get_starttag_text() or "" if kept is attrs else _written(tag, kept))

    def handle_endtag(self, tag: str) -> None:
        """Write the end of an element that stayed."""
        if self._left_out:
            self._count(tag, -1)
            return
        self._data = None
        self._in_bars -= tag in _BARS
        stayed = self._links.pop() if tag == "a" and self._links else True
        self._out.append(f"</{tag}>" if stayed else "</span>")

    def handle_data(self, data: str) -> None:
        """Write text; what scripts read is changed as links are."""
        if self._left_out:
            return
        if self._data == BOOT:
            data = _for_script(self._told(json.loads(data)))
        elif self._data == LINKED_DATA:
            data = _for_script(self._linked(json.loads(data)))
        self._out.append(data)

    def handle_entityref(self, name: str) -> None:
        """Write a named character as it came."""
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Write a numbered character as it came."""
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        """Write the document type."""
        self._out.append(f"<!{decl}>")

    def _count(self, tag: str, step: int) -> None:
        """Follow elements inside of one that is left out, to know where that ends."""
        assert self._left_out
        name, depth = self._left_out
        depth += step if tag == name else 0
        self._left_out = (name, depth) if depth else None

    def _changed(self, tag: str, attrs: Attributes) -> Attributes | None:
        """The attributes of an element in the copy, the very same where nothing changes; None: it is not there."""
        named = dict(attrs)
        if ("property", "og:url") in attrs:
            return _with(attrs, "content", self._frame.absolute(self._page))
        if tag == "link" and (named.get("rel") == "canonical" or "hreflang" in named):
            return _with(attrs, "href", self._frame.absolute(self._path(named.get("href") or "")))
        if tag == "link" and named.get("rel") in ("preload", _OF_SERVERS):
            return None
        if named.get("type") == LINKED_DATA and not self._frame.address:
            return None
        address = named.get(_ADDRESSES.get(tag, ""))
        if address is None:
            return attrs
        changed = self._leading(tag, address, attrs)
        return self._with_sizes(changed) if changed and "srcset" in named else changed

    def _leading(self, tag: str, address: str, attrs: Attributes) -> Attributes | None:
        place = self._frame.places.seen_from(self._page, address)
        if place.file:
            self.files.add(place.file)
        if place.address == address:
            return attrs
        if place.address is None and tag == "a" and self._frame.live and address.startswith("/"):
            return _with(attrs, "href", self._frame.live + address)
        return _with(attrs, _ADDRESSES[tag], place.address)

    def _with_sizes(self, attrs: Attributes) -> Attributes | None:
        """The same with the addresses of a picture in several sizes."""
        sizes = []
        for each in (dict(attrs)["srcset"] or "").split(","):
            address, _, width = each.strip().partition(" ")
            place = self._frame.places.seen_from(self._page, address)
            self.files |= {place.file} if place.file else set()
            sizes.append(f"{place.address} {width}")
        return _with(attrs, "srcset", ", ".join(sizes))

    def _leave_out(self, tag: str, named: dict[str, str | None]) -> None:
        """Leave an element out with all that it holds; of a link in running text the words stay."""
        classes = (named.get("class") or "").split()
        button = "data-share-page" in named or not _BUTTONS.isdisjoint(classes)
        if tag == "a" and not self._in_bars and not button:
            self._links.append(False)
            self._out.append("<span>")
        elif tag not in _WITHOUT_END:
            self._left_out = tag, 1

    def _path(self, address: str) -> str:
        """The path of an address that is written in full."""
        return address.removeprefix(self._frame.root) or "/"

    def _linked(self, data: Any) -> Any:
        """Linked data with the addresses that its pages have in the copy."""
        if isinstance(data, dict):
            return {name: self._linked(value) for name, value in data.items()}
        if isinstance(data, list):
            return [self._linked(value) for value in data]
        if not (isinstance(data, str) and data.startswith(f"{self._frame.root}/")):
            return data
        place = self._frame.places.seen_from("/", self._path(data))
        return f"{self._frame.address}/{place.address}" if place.address else data


def _with(attrs: Attributes, name: str, value: str | None) -> Attributes | None:
    """The attributes with another value, none without one."""
    return None if value is None else [(each, value if each == name else kept) for each, kept in attrs]


def _written(tag: str, attrs: Attributes) -> str:
    said = (f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attrs)
    return f"<{tag}{''.join(said)}>"


def _for_script(data: Any) -> str:
    """JSON that cannot end the script it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
