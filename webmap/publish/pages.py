"""The pages of a copy: those of the site in every language, read as a visitor and led to files."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from webmap.assets import STATIC, manifest
from webmap.locale import LANGUAGES, in_language
from webmap.publish.folder import CopyFolder
from webmap.publish.places import LISTED, relative
from webmap.publish.reading import SiteReader
from webmap.publish.rewriting import Frame, Rewriter

Boot = dict[str, Any]
Told = Callable[[str, Boot], Boot]
Made = Mapping[str, bytes]
"""File → content."""

_BOOT = re.compile(r'<script[^>]* id="boot">(.*?)</script>', re.DOTALL)
_IMPORTED = re.compile(r"""["']\./([\w.-]+\.js)["']""")


class PageWriter:
    """Writes pages one by one; `files` are the paths of the site's files that they turned out to need."""

    def __init__(self, reader: SiteReader, folder: CopyFolder, frame: Frame) -> None:
        self._reader, self._folder, self._frame = reader, folder, frame
        self.read, self.root, self.places = reader.page, frame.root, frame.places
        self.files: set[str] = set()

    def write(self, path: str) -> None:
        """Write the page at a path in every language."""
        self.put(self.made(path))

    def made(self, path: str, told: Told = lambda _, boot: boot) -> Made:
        """The page in every language; `told` changes what the map page is told, by the file that it is in."""
        pages = [in_language(language, path) for language in LANGUAGES]
        return dict(self.led(page, self._reader.page(page), told) for page in pages)

    def led(self, page: str, html: str, told: Told = lambda _, boot: boot) -> tuple[str, bytes]:
        """A page with its links led to files: the name of its own and its content."""
        name = self._frame.places.file_of(page)
        rewriter = Rewriter(page, self._frame, lambda boot: told(name, boot))
        data = rewriter.rewritten(html).encode()
        self.files |= rewriter.files
        return name, data

    def put(self, made: Made) -> None:
        """Write what was made."""
        for name, data in made.items():
            self._folder.put(name, data)

    def write_loaded(self) -> None:
        """Write the files of the site that the pages made so far load, under their own paths."""
        for path in sorted({*self.files, *needed_scripts(self.files)}):
            self._folder.put(path[1:], self._reader.get(path))
            packed = STATIC / f"{path.removeprefix('/static/')}.gz"
            if path.startswith("/static/") and packed.is_file():
                self._folder.put(f"{path[1:]}.gz", packed.read_bytes())


def boot_of(html: str) -> Boot:
    """What the map page tells its scripts."""
    found = _BOOT.search(html)
    assert found, "the map page has its boot"
    boot: Boot = json.loads(found[1])
    return boot


@dataclass(frozen=True, slots=True)
class Data:
    """The files of a copy that its pages read: the state or its parts, the details of buildings, the tiles."""

    state: str
    parts: Mapping[str, str]
    details: str
    names: str
    archives: Mapping[str, Mapping[str, str]]


def map_boot(name: str, boot: Boot, *, data: Data, paged_from: int, sheets: int) -> Boot:
    """What the map page of a copy is told; `name` is the file it is in, at the top of its language."""
    up = relative(name, "data/x").removesuffix("data/x")
    return {
        **boot,
        "adapter": "static",
        "mode": "parts" if data.parts else "whole",
        "parts": data.parts,
        "archives": data.archives,
        "worker": up + boot["worker"].removeprefix("/"),
        "paged_from": paged_from,
        "sheets": sheets,
        "urls": {
            "state": up + data.state,
            "api": up + data.details,
            "names": up + data.names,
            "tiles": up,
            "building": "b/{code}.html",
            "listed": f"{LISTED}/{{sheet}}.html#{{code}}",
            "about": "about.html",
        },
    }


def needed_scripts(files: Iterable[str]) -> set[str]:
    """The paths of scripts that those among `files` import, and what these import in turn."""
    found: set[str] = set()
    waiting = [_address(manifest()["maplibre-gl-worker.mjs"]["file"]), *files]
    while waiting:
        path = waiting.pop()
        if path in found or not path.startswith("/static/") or not path.endswith(".js"):
            continue
        found.add(path)
        text = (STATIC / path.removeprefix("/static/")).read_text("utf-8")
        waiting += [f"{path.rsplit('/', 1)[0]}/{name}" for name in _IMPORTED.findall(text)]
    return found


def _address(file: str) -> str:
    return f"/static/{file}"
