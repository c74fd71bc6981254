"""Asks the application for every address there is, out of its own list, so that a new one is asked for without a word.

Whoever adds a variable part to an address says in `_values` what shall be put there.
"""

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from itertools import product
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from werkzeug.routing import AnyConverter, Rule
from werkzeug.test import TestResponse

from geo.exports.geofiles import FORMATS
from geo.exports.layers import LAYERS as EXPORTED
from geo.features.collections import COLLECTIONS
from geo.filters import OCCUPANCIES
from geo.market_tiles import LAYER as MARKET_LAYER
from geo.tiles import LAYERS, MAX_ZOOM, MIN_ZOOM
from tests.factories import HERE
from tests.planted import SECRET_DAY, Planted, says
from tests.secrets_planted import ELSEWHERE, tile_of
from webmap.published import published

LANGUAGES = ("en", "zh-hant")
EXTENSIONS = ("json", "geojson", "csv", "xml", "xlsx")
ENDINGS = (*(kind.ending for kind in FORMATS.values()), "csv-metadata.json")
MOMENTS = ("", "?as_of=2026-02-01", "?known_at=2026-02-01", "?as_of=2026-02-01&known_at=2026-06-01", "?as_of=")
DRAWN = (*LAYERS, MARKET_LAYER)
SHOWN_OF = {MARKET_LAYER: "state"}
"""Layers that stand under another one's version."""

WHATEVER = ("", f"?occupancy={','.join(OCCUPANCIES)}")
WINDOWS = (
    "bbox=-180,-85,180,85",
    *(f"bbox=-180,-85,180,85&occupancy=vacant,soon,in_use,own_use,unknown&sort={sort}" for sort in ("rent", "name")),
    "bbox=-180,-85,180,85&by=age&only=older&area_min=1",
)
LISTS = ("api.buildings", "api.units")
PAST = ("as_of=2026-02-01", "as_of=2026-02-01&known_at=2026-06-01")
QUERIES = {
    **dict.fromkeys((*LISTS, "api.building", "api.facets", "api.units_file", "buildings.unit"), PAST),
    "buildings.building": (*PAST, "as_of=2026-02-01&colour=industry", "colour=age&floor=all"),
    "buildings.compare": ("u={units}", "b={buildings}"),
    "map.home": ("date=2026-02-01", "date=2026-02-01&known_at=2026-06-01", f"occupancy={','.join(OCCUPANCIES)}"),
    "map.cards.picture": ("date=2026-02-01", "by=industry&at=31.23,121.47,17"),
    "buildings.cards.compared": ("u={units}", "b={buildings}"),
    "map.drawn": (f"occupancy={','.join(OCCUPANCIES)}",),
    "match.match": ("area=200",),
    "match.cards.picture": ("area=200",),
    "api.match": ("area=200",),
    "share.share": ("to=/compare?u={units}", "to=/shortlist?u={units}"),
    "carrying.page_map": ("to=/compare?u={units}", "to=/shortlist?u={units}", "to=/?area_min=1", "to=/match?area=200"),
    "carrying.shortlist_map": ("u={units}",),
    "onebox.search": ("q=云澜", "q=海"),
    "shortlist.shortlist": ("u={units}",),
    "shortlist.xlsx": ("u={units}",),
}
"""What pages are asked beside nothing at all; `{units}` and `{buildings}` are codes of public and of hidden ones."""


INDICATORS = ("vacancy_rate", "employees", "building_tax", "published_tax")
"""One of each kind: for everybody, for staff, for tax officers, and as published."""

TABLES_OF = {
    "/a/": ("areas",),
    "/admin/imports/": ("import_uploads",),
    "/admin/imports/runs/": ("import_runs",),
    "/admin/inquiries/": ("inquiries",),
    "/admin/pictures/": ("buildings",),
    "/alerts/": ("alerts",),
    "/api/v1/buildings/": ("buildings",),
    "/b/": ("buildings",),
    "/card/": ("buildings", "units"),
    "/desk/checks/": ("buildings",),
    "/desk/figures/": ("figures",),
    "/desk/places/": ("buildings",),
    "/desk/quality/": ("buildings",),
    "/desk/targets/": ("targets",),
    "/inquiries/": ("inquiries",),
    "/ogc/collections/": ("buildings", "units", "areas", "amenities", "clusters"),
    "/pictures/": ("pictures",),
    "/brochure/report/": ("reports",),
    "/reports/": ("reports",),
    "/return/": ("buildings",),
    "/return/link/": ("return_submissions",),
    "/return/receipts/": ("return_submissions",),
    "/u/": ("units",),
}
"""Beginning of an address → what its code is one of. Addresses that are not named here are asked with every code."""

NUMBERS_OF = {
    "/desk/returns/": ("vacancy_returns",),
    "/offers/<": ("offers",),
    "/checks/samples/": ("audit_samples",),
    "/checks/photos/": ("spot_checks",),
}
"""Part of an address → what its number is one of."""

ROW_TABLES = {each: each for each in ("floors", "sections", "parties", "complexes")} | {"facts": "building_facts"}
"""Kind of row of a building → its table."""


def leaks(app: Flask, planted: Planted, browser: FlaskClient, *, languages: bool = True) -> list[str]:
    """Every secret that a browser finds at any address, with the address."""
    told = []
    for address, answer in answers(app, planted, browser, languages):
        told += found(planted, address, content(answer))
        told += found(planted, f"{address} (headers)", str(answer.headers).encode())
    return told


def secrets_of(told: list[str]) -> set[str]:
    """What leaked, without where."""
    return {each.split(": ", 1)[1] for each in told}


def found(planted: Planted, address: str, sent: bytes) -> list[str]:
    """The secrets in what was sent from an address; those that the address itself names do not count."""
    text = sent.decode("utf-8", "replace")
    told = [f"{address}: {what}" for mark, what in planted.marks.items() if says(text, mark) and mark not in address]
    told += [f"{address}: a hidden code" for code in planted.hidden_codes if code in text and code not in address]
    return told + ([f"{address}: a secret day"] if SECRET_DAY.search(text) else [])


def answers(
    app: Flask, planted: Planted, browser: FlaskClient, languages: bool = True
) -> Iterator[tuple[str, TestResponse]]:
    """Every address and its answer."""
    # What is written on pictures and papers is read as well.
    app.extensions["loumap_raster"] = lambda svg, times: _as_png(svg)
    app.extensions["loumap_press"] = lambda html, form: html.encode()
    app.extensions["loumap_unattended_s"] = 0
    # The lists first, as long as no state is open: from the database; then everything, and the lists out of the state.
    rules = list(app.url_map.iter_rules())
    for rule in [*(rule for rule in rules if rule.endpoint in LISTS), *rules]:
        if "GET" in (rule.methods or ()) and (languages or "language" not in rule.arguments):
            for address in _addresses(app, rule, planted):
                yield address, browser.get(address)


def _as_png(svg: str) -> bytes:
    """A picture of one pixel that has the text of a drawing in it, for files that take nothing but pictures."""
    told, made = PngInfo(), io.BytesIO()
    told.add_itxt("drawing", svg)
    Image.new("1", (1, 1)).save(made, "PNG", pnginfo=told)
    return made.getvalue()


def _addresses(app: Flask, rule: Rule, planted: Planted) -> Iterator[str]:
    """Every address of a rule; of pages with a code one for each thing that there is, hidden ones too."""
    values = _values(app, planted)
    unknown = rule.arguments - values.keys()
    assert not unknown, f"{rule.rule}: say in _values what the crawl shall put for {', '.join(sorted(unknown))}"
    if {"z", "x", "y"} <= rule.arguments:
        yield from _tiles(app, rule)
        return
    values |= {"code": _codes_for(rule, planted), "number": _numbers_for(rule, planted)}
    choices = {name: each.items for name, each in rule._converters.items() if isinstance(each, AnyConverter)}
    for name, some in choices.items():
        values[name] = [value for value in values[name] if value in some] or sorted(some)
    if {"kind", "number"} <= rule.arguments:
        rows = [{"kind": kind, "number": row} for kind, table in ROW_TABLES.items() for row in planted.numbers[table]]
    else:
        rows = [{}]
    # A part that says itself what it may be is asked for all of it.
    values |= {name: sorted(each.items) for name, each in rule._converters.items() if isinstance(each, AnyConverter)}
    names = sorted(rule.arguments - rows[0].keys())
    for row, *chosen in product(rows, *(values[name] for name in names)):
        with app.test_request_context():
            path = app.url_map.bind("").build(rule.endpoint, {**dict(zip(names, chosen, strict=True)), **row})
        yield quote(path, safe="/%?=")
        for query in QUERIES.get(rule.endpoint, ()):
            yield f"{quote(path)}?{query.format(**_codes_in(planted))}"
        if rule.rule.endswith("/window"):
            yield from (f"{path}?{asked}" for asked in WINDOWS)
        elif "version" in rule.arguments:
            yield from (path + moment for moment in MOMENTS if moment)


def _codes_for(rule: Rule, planted: Planted) -> list[object]:
    """Codes of what the address is about, public and hidden, and one of something else."""
    everything = [*planted.public_codes, *planted.hidden_codes, *planted.private_codes]
    path = re.sub(r"^/<[^>]*:language>", "", rule.rule)
    if path.startswith(("/indicators/", "/api/v1/indicators/")):
        return list(INDICATORS)
    fitting = [begin for begin in TABLES_OF if path.startswith(begin)]
    if not fitting:
        return list(everything)
    own = [code for table in TABLES_OF[max(fitting, key=len)] for code in planted.codes_of[table]]
    return [*own, *[code for code in everything if code not in own][:1]]


def _numbers_for(rule: Rule, planted: Planted) -> list[object]:
    tables = [tables for part, tables in NUMBERS_OF.items() if part in rule.rule]
    return sorted({number for each in tables for table in each for number in planted.numbers[table]}) or [1]


def _tiles(app: Flask, rule: Rule) -> Iterator[str]:
    with app.app_context():
        versions = published().versions()
    for layer, place, zoom in product(DRAWN, (HERE, ELSEWHERE), range(MIN_ZOOM, MAX_ZOOM + 1)):
        x, y = tile_of(*place, zoom)
        values = {"layer": layer, "version": versions[SHOWN_OF.get(layer, layer)], "z": zoom, "x": x, "y": y}
        path = app.url_map.bind("").build(rule.endpoint, values)
        yield from (path + asked for asked in (WHATEVER if layer == MARKET_LAYER else ("",)))


def _values(app: Flask, planted: Planted) -> dict[str, list[object]]:
    with app.app_context():
        version = published().versions()["state"]
    ids = planted.ids
    return {
        "language": list(LANGUAGES),
        "code": [],
        "collection": list(COLLECTIONS),
        "matrix": [MAX_ZOOM],
        "row": [tile_of(*place, MAX_ZOOM)[1] for place in (HERE, ELSEWHERE)],
        "column": [tile_of(*place, MAX_ZOOM)[0] for place in (HERE, ELSEWHERE)],
        "extension": list(EXTENSIONS),
        "ending": list(EXTENSIONS),
        "version": [version],
        "name": ["dist/manifest.json"],
        "key": ["0" * 16],
        "form": ["poster", "sheet"],
        "paper": ["long"],
        "written": ["pdf", "docx"],
        "sha256": ["0" * 64],
        "annex": ["xlsx", "json"],
        "token": ["0" * 16, *planted.forged_tokens],
        "number": [],
        "user_id": [ids.get("user_id", 1)],
        "unit_code": list(planted.codes_of["units"][:3]),
        "image": ["svg", "png"],
        "kind": ["buildings", "units", "areas"],
        "part": [1],
        "layer": list(DRAWN),
        "file_name": [f"{layer}.{ending}" for layer in EXPORTED for ending in ENDINGS],
        **{name: [0] for name in ("z", "x", "y")},
    }


def content(answer: TestResponse) -> bytes:
    """What an answer holds, unpacked; of a workbook all its parts."""
    data = gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") == "gzip" else answer.data
    if not data.startswith(b"PK\x03\x04"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return b"\n".join(parts.read(name) for name in parts.namelist())


def _codes_in(planted: Planted) -> dict[str, str]:
    return {kind: ",".join(planted.codes_of[kind][:4]) for kind in ("units", "buildings")}
