"""Draws the course of an indicator: as a line of a word's size, and as a chart with an axis."""

from flask_babel import gettext
from markupsafe import Markup

from geo.exports.svg_chart import Point, draw_chart
from geo.exports.svg_spark import draw_spark
from geo.indicators.comparing import Compared
from webmap import indicator_words as wording
from webmap.names import label


def spark(told: Compared) -> Markup:
    """The last months as a small line; empty where too little is known."""
    unit = told.now.indicator.unit
    known = [(day, value) for day, value in told.trend if value is not None]
    if len(known) < 2:
        return Markup()
    said = gettext(
        "%(name)s：%(from)s 为 %(before)s，%(to)s 为 %(now)s",
        name=label(told.now.indicator),
        before=wording.say(known[0][1], unit),
        now=wording.say(known[-1][1], unit),
        **{"from": f"{known[0][0]:%Y-%m}", "to": f"{known[-1][0]:%Y-%m}"},
    )
    return Markup(draw_spark([value for _, value in told.trend], title=said))  # escaped where it is drawn


def course(told: Compared) -> Markup:
    """The last months as a chart; empty where too little is known."""
    indicator = told.now.indicator
    if sum(value is not None for _, value in told.trend) < 2:
        return Markup()
    points = [Point(f"{day:%Y-%m}" if day != told.now.day else f"{day}", value) for day, value in told.trend]
    lowest = min(value for _, value in told.trend if value is not None)
    title = gettext("%(name)s，逐月", name=label(indicator))
    chart = draw_chart(
        points,
        title=title,
        say=lambda value: wording.say(value, indicator.unit),
        from_zero=lowest >= 0 and indicator.unit not in ("share", "cny_m2_day"),
        size=(640, 220),
    )
    return Markup(chart)  # escaped where it is drawn
