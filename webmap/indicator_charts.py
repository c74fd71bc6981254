"""Draws the course of an indicator: as a line of a word's size, and as a chart with an axis."""

from datetime import date

from flask_babel import gettext
from markupsafe import Markup

from geo.exports.svg_chart import Point, draw_chart
from geo.exports.svg_spark import draw_spark
from geo.exports.svg_waterfall import Bar, draw_waterfall
from geo.indicators.comparing import Compared
from geo.indicators.waterfall import Standing, Waterfall
from webmap import indicator_words as wording
from webmap.names import label
from webmap.numbers import day as write_day


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


def fall(found: Waterfall) -> Markup:
    """A change of occupied area, step by step."""
    bars = [_total(found.begin, found.begin.day)]
    at = found.begin.occupied_dm2
    for step in found.steps:
        if step.occupied_dm2:
            said = wording.say_change(step.occupied_dm2 / 100, "m2")
            bars.append(Bar(wording.step_name(step.name), at / 100, (at + step.occupied_dm2) / 100, said))
            at += step.occupied_dm2
    bars.append(_total(found.end, found.end.day))
    return Markup(draw_waterfall(bars, title=gettext("已使用面积的变化")))  # escaped where it is drawn


def _total(standing: Standing, day: date) -> Bar:
    area = standing.occupied_dm2 / 100
    return Bar(write_day(day), 0, area, wording.say(area, "m2"), total=True)


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
        say=lambda value: wording.say_shortly(value, indicator.unit),
        from_zero=lowest >= 0 and indicator.unit not in ("share", "cny_m2_day"),
        size=(640, 220),
    )
    return Markup(chart)  # escaped where it is drawn
