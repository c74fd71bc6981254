"""The same list as JSON, GeoJSON or CSV, chosen by extension or by what the caller accepts."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Response
from pydantic import BaseModel
from werkzeug.datastructures import MIMEAccept

from geo.errors import NotFoundError

MEDIA_TYPES = {"json": "application/json", "geojson": "application/geo+json", "csv": "text/csv"}
CSV_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for the local code page."""

_BLANKS = "\0 \t\r\n\v\f\u00a0\u3000\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@")


def chosen(extension: str | None, accepted: MIMEAccept) -> str:
    """The format to answer in.

    Raises
    ------
    NotFoundError
        The extension is none of ours.
    """
    if extension is not None:
        if extension not in MEDIA_TYPES:
            raise NotFoundError(f"There is no format {extension!r}; there are {', '.join(MEDIA_TYPES)}.")
        return extension
    best = accepted.best_match(list(MEDIA_TYPES.values()), default="application/json")
    return next(name for name, media_type in MEDIA_TYPES.items() if media_type == best)


def json_or_geojson(accepted: MIMEAccept) -> str:
    """The media type of a GeoJSON answer for somebody who may know only JSON."""
    offered = [MEDIA_TYPES["json"], MEDIA_TYPES["geojson"]]
    return accepted.best_match(offered, default=offered[0])


def as_geojson(
    items: Iterable[BaseModel],
    geometries: Sequence[Mapping[str, Any]],
    total: int,
    not_shown: BaseModel | None = None,
    moment: BaseModel | None = None,
) -> Response:
    """Items as features; the geometry stands beside what the item says, what is left out beside the total."""
    features = [
        {"type": "Feature", "id": data["code"], "geometry": geometry, "properties": data}
        for data, geometry in zip((item.model_dump(mode="json") for item in items), geometries, strict=True)
    ]
    collection: dict[str, Any] = {"type": "FeatureCollection", "numberMatched": total, "numberReturned": len(features)}
    if not_shown:
        collection["notShown"] = not_shown.model_dump(mode="json")
    if moment:
        collection["moment"] = moment.model_dump(mode="json")
    return Response(
        json.dumps({**collection, "features": features}, ensure_ascii=False), mimetype=MEDIA_TYPES["geojson"]
    )


def as_csv(items: Iterable[BaseModel], name: str) -> Response:
    """Items as a table that opens in Excel; inner fields become columns such as `rent.amount`."""
    rows = [dict(_flat(item.model_dump(mode="json"))) for item in items]
    heads = list(dict.fromkeys(head for row in rows for head in row))
    heads = [head for head in heads if not any(other.startswith(f"{head}.") for other in heads)]
    text = io.StringIO()
    table = csv.DictWriter(text, heads, extrasaction="ignore")
    table.writeheader()
    table.writerows({head: _safe(value) for head, value in row.items()} for row in rows)
    response = Response(CSV_MARK + text.getvalue(), mimetype=MEDIA_TYPES["csv"])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _flat(data: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, list):
            yield before + name, " ".join(map(str, value))
        else:
            yield before + name, value


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula, made a plain text."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(_BLANKS).startswith(_FORMULA_STARTS) else value
