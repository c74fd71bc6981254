"""Small charts: what is drawn is what is known."""

import re
from xml.etree import ElementTree

from geo.exports.svg_chart import Point, draw_chart

SVG = "{http://www.w3.org/2000/svg}"


def say(value: float) -> str:
    return f"{value:.0%}"


def drawn(*values: float | None, **options: bool) -> ElementTree.Element:
    points = [Point(f"2026-{n:02}", value) for n, value in enumerate(values, 1)]
    return ElementTree.fromstring(draw_chart(points, title="空置率", say=say, **options))


def lines(chart: ElementTree.Element) -> list[str]:
    return [path.get("d", "") for path in chart.iter(f"{SVG}path") if path.get("stroke-width") == "2"]


def test_every_known_month_has_a_dot_that_says_its_figure():
    chart = drawn(0.1, None, 0.3)
    assert [title.text for title in chart.iter(f"{SVG}title")] == ["空置率", "2026-01 10%", "2026-03 30%"]


def test_what_is_not_known_is_a_gap_and_not_a_zero():
    assert [line.count("L") for line in lines(drawn(0.1, 0.2, None, 0.3, 0.3, 0.4))] == [1, 2]


def test_more_stands_higher_and_the_axis_begins_at_zero():
    chart = drawn(0.1, 0.2)
    (line,) = lines(chart)
    (_, low), (_, high) = (map(float, point.split()) for point in re.split("[ML]", line)[1:])
    assert high < low
    assert [text.text for text in chart.iter(f"{SVG}text")][:2] == ["0%", "10%"]


def test_one_month_and_one_figure_all_along_are_drawn_too():
    assert len(list(drawn(0.2).iter(f"{SVG}circle"))) == 1
    assert len(lines(drawn(0.2, 0.2, from_zero=False))) == 1
    assert len(list(drawn(0, 0).iter(f"{SVG}circle"))) == 2


def test_the_span_around_a_figure_is_a_band():
    points = [Point("a", 5, 4, 6), Point("b", 5, 4, 7)]
    chart = ElementTree.fromstring(draw_chart(points, title="", say=str))
    assert len([path for path in chart.iter(f"{SVG}path") if path.get("fill-opacity")]) == 1


def test_a_hostile_title_stays_text():
    assert "<script>" not in draw_chart([Point("<script>", 1)], title="<script>", say=str)
