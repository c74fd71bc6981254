"""The same answers as pages for people: what there is, how to connect, features as a table."""

import json
from typing import Any

from flask import Response, render_template

from geo.exports.fields import Field
from geo.features.collections import COLLECTIONS, Collection
from webmap.locale import language, speak_as_preferred
from webmap.ogc.asking import Question
from webmap.ogc.links import Link
from webmap.ogc.operations import Found
from webmap.words import word

IN_TABLE = 9
"""Columns of a table of features; all fields of one stand on its own page."""

_KINDS = {"use": "use", "area_basis": "area_basis", "grade_scheme": "scheme"}
"""Fields whose codes have words on pages alone."""

_LEFT_OUT = ("source", "address", "grade_scheme", "name_en", "building_name_en", "building_code", "area_basis")


def document(page: str, told: dict[str, Any], about: Collection | None) -> Response:
    """A document as a page."""
    return _page(page, told=told, about=about)


def items(chosen: Collection, question: Question, found: Found, links: list[Link]) -> Response:
    """Features as a table."""
    features = [json.loads(each) for each in found.page.features]
    fields = [each for each in chosen.fields if each.name not in _LEFT_OUT][:IN_TABLE]
    matched = found.matched
    return _page("items", about=chosen, features=features, fields=fields, matched=matched, links=by_rel(links))


def item(chosen: Collection, text: str, links: list[Link]) -> Response:
    """One feature with all its fields."""
    return _page("item", about=chosen, feature=json.loads(text), links=by_rel(links))


def said(field: Field, value: object) -> str:
    """A value in the words of the page."""
    if field.name in _KINDS and isinstance(value, str):
        return word(value, _KINDS[field.name])
    return f"{value:,.15g}" if isinstance(value, float) else field.said(value, language().tag)


def by_rel(links: list[Link]) -> dict[str, str]:
    """Relation → address."""
    return {each["rel"]: each["href"] for each in links}


def _page(name: str, **values: Any) -> Response:
    speak_as_preferred()
    text = render_template(f"ogc/{name}.html", here="about", collections=COLLECTIONS.values(), said=said, **values)
    response = Response(text, mimetype="text/html")
    response.vary.update(("Accept", "Accept-Language"))
    return response
