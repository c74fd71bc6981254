"""The moment that a request looks back to: all that it reads for visitors is then what was so and known at it.

A page that can be frozen calls `look_back` before it reads anything; its queries, searches, pictures and brochures need
not know. Who looks back sees what visitors see, whoever he is: a frozen page is the same for everybody.
"""

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Flask, g, request
from markupsafe import Markup

from geo import past_units
from geo.looking_back import Moment
from webmap import db
from webmap.config import current_settings
from webmap.moments import is_instant, read_moment, write_instant

PARAMETERS = ("as_of", "known_at")
MAP_DAY = "date"
"""What the map and its pictures call the day."""

_OF_MAP = re.compile(r"(/[a-z-]+)?/|.*/map\.(png|svg)")


def look_back(query: Mapping[str, str], *, instants_only: bool = False) -> Moment | None:
    """Have the request look back to the moment that its parameters name; None, and nothing done, for the present.

    With `instants_only` a day alone says nothing here: the page shows it beside today.

    Raises
    ------
    BadParameterError
        A day or an instant that is none, still to come, or before the record.
    """
    as_of, known_at = (query.get(name, "").strip() for name in PARAMETERS)
    if instants_only and not is_instant(known_at):
        return None
    moment = read_moment(as_of, known_at, current_settings())
    if moment:
        look_back_to(moment)
        past_units.require_record(db.public_session(), moment)
    return moment


def look_back_to(moment: Moment) -> None:
    """Have the request look back to a moment."""
    db.look_back_to(moment)


def moment_shown() -> Moment | None:
    """The moment that the request looks back to; None in the present."""
    found: Moment | None = g.get(db.MOMENT)
    return found


def day_shown() -> date:
    """The day that the request is about: that of the moment, or today."""
    moment = moment_shown()
    return moment.as_of if moment else current_settings().today()


def moment_query(day: str = PARAMETERS[0]) -> str:
    """The parameters by which another page looks back to the same moment; empty in the present."""
    moment = moment_shown()
    return query_of(moment, day) if moment else ""


def query_of(moment: Moment, day: str = PARAMETERS[0]) -> str:
    """The parameters of a moment; `day` is what the page calls the day."""
    return urlencode({day: f"{moment.as_of}", PARAMETERS[1]: write_instant(moment.known_at)}, safe=":")


def moment_of(address: str) -> Moment | None:
    """The moment of what was known that an address of this site looks back to. Raises as `look_back`."""
    asked = dict(parse_qsl(urlsplit(address).query))
    day, known_at = asked.get(PARAMETERS[0]) or asked.get(MAP_DAY, ""), asked.get(PARAMETERS[1], "")
    return read_moment(day, known_at, current_settings()) if is_instant(known_at) else None


def dated(url: str) -> str:
    """An address of this site at the moment that the request looks back to; as it is in the present."""
    parts = urlsplit(url)
    query = moment_query(MAP_DAY if _OF_MAP.fullmatch(parts.path) else PARAMETERS[0])
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, query])))) if query else url


def init_app(app: Flask) -> None:
    """Give templates the moment (`frozen`) and the filter that keeps links at it."""
    app.add_template_filter(dated)
    app.context_processor(
        lambda: {"frozen": moment_shown(), "present_address": _present_address, "moment_fields": _moment_fields}
    )


def _moment_fields() -> Markup:
    """What keeps a form of the page at the moment."""
    fields = Markup('<input type="hidden" name="{}" value="{}">')
    return Markup().join(fields.format(*pair) for pair in parse_qsl(moment_query()))


def _present_address() -> str:
    """The page as it is today."""
    left = [(name, value) for name, value in request.args.items(multi=True) if name not in (*PARAMETERS, "s")]
    return f"{request.path}?{urlencode(left, safe=',')}" if left else request.path
