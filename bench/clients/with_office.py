"""LibreOffice without a screen opens what a report is handed on as; its pages are read again for what they should say.

    python3 bench/clients/with_office.py http://127.0.0.1:8000 2026-Q3-01 [filled.xlsx]

The report is a published one, by its number; a workbook that the report's page has filled is opened too. Needs the
Debian packages libreoffice-writer-nogui, libreoffice-calc-nogui and poppler-utils. Prints what held, and ends with 1
where something did not.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

PATIENCE_S = 180
ERRORS = ("#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "Err:5")


def main(root: str, number: str, filled: str = "") -> int:
    """Check everything; gives the exit status."""
    with tempfile.TemporaryDirectory() as name:
        checks = list(checked(root, number, filled, Path(name)))
    for what, held in checks:
        print(f"{'holds' if held else 'FAILS'}: {what}")
    return 0 if all(held for _, held in checks) else 1


def checked(root: str, number: str, filled: str, folder: Path) -> Iterator[tuple[str, bool]]:
    """What is looked at, and whether it held."""
    with urlopen(f"{root}/reports/{number}/data.json") as answer:
        told = json.load(answer)
    with urlopen(f"{root}/reports/{number}") as answer:
        code = re.findall(r"/brochure/report/(\w+)\.pdf", answer.read().decode())[0]
    for kind in ("pdf", "docx"):
        kept = fetched(f"{root}/brochure/report/{code}.{kind}", folder / f"report.{kind}")
        pages = kept if kind == "pdf" else as_pdf(kept, folder / "text")
        yield f"{kind}: no heading stands alone at the foot of a page", ends_well(pages, told)
        yield f"{kind}: every number of the summary is there", says_first(words(pages), told)
        yield f"{kind}: every letter is in the file", all(row.split()[-5] == "yes" for row in fonts(pages))
    annex = fetched(f"{root}/reports/{number}/data.xlsx", folder / "annex.xlsx")
    yield "the data annex opens without an error in a cell", is_sound(annex, folder / "annex")
    if filled:
        yield "the filled workbook opens without an error in a cell", is_sound(Path(filled), folder / "filled")


def ends_well(pages: Path, told: dict[str, Any]) -> bool:
    """Whether the last line of no page, but for its foot, is a heading; below that of a map is a picture."""
    chapters = told["chapters"]["zh-Hans"]
    blocks = [block for chapter in chapters for block in chapter["blocks"] if block["block"] in ("table", "chart")]
    headings = {plain(each["title"]) for each in (*chapters, *blocks)}
    for page in words(pages).split("\f")[1:]:  # the first is the cover with its contents
        lines = [plain(line).lstrip("0123456789") for line in page.splitlines() if line.strip()]
        if len(lines) > 2 and lines[-2] in headings:
            return False
    return True


def says_first(text: str, told: dict[str, Any]) -> bool:
    """Whether the large numbers of the first chapter are in a text."""
    blocks = (block for chapter in told["chapters"]["zh-Hans"] for block in chapter["blocks"])
    tiles = [tile["text"] for block in blocks if block["block"] == "tiles" for tile in block["tiles"]]
    return bool(tiles) and all(plain(tile) in plain(text) for tile in tiles)


def is_sound(book: Path, folder: Path) -> bool:
    """Whether a workbook opens, and no cell of it shows an error."""
    text = words(as_pdf(book, folder))
    return bool(text.strip()) and not any(error in text for error in ERRORS)


def fetched(address: str, path: Path) -> Path:
    """A file of the site, once it is written."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_S:
        with urlopen(address) as answer:
            if "html" not in answer.headers["Content-Type"]:
                path.write_bytes(answer.read())
                return path
        time.sleep(1)
    raise SystemExit(f"{address} was not written within {PATIENCE_S} s.")


def as_pdf(path: Path, folder: Path) -> Path:
    """What LibreOffice makes of a file."""
    run("soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, path)
    return folder / f"{path.stem}.pdf"


def fonts(pages: Path) -> list[str]:
    """A line for each font of a PDF; the fifth word from its end says whether it is in the file."""
    return run("pdffonts", pages).splitlines()[2:]


def words(pages: Path) -> str:
    """The text of a PDF, page by page."""
    return run("pdftotext", "-layout", pages, "-")


def plain(text: str) -> str:
    """A text without its blanks."""
    return re.sub(r"\s", "", text)


def run(*command: str | Path) -> str:
    """What a program prints."""
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
