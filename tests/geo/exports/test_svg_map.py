"""The small plan on a page: what a visitor sees around a building."""

import re
from xml.etree import ElementTree

import shapely

from geo.exports.svg_map import PIN, Shape, draw_map, with_halos_apart

HERE = (119.33, 26.05)
METRE_LON, METRE_LAT = 1 / 100_000, 1 / 110_800
SVG = "{http://www.w3.org/2000/svg}"


def square(east_m: float, north_m: float, half_m: float = 20) -> shapely.Polygon:
    """A square around a place so many metres from the centre."""
    lon, lat = HERE[0] + east_m * METRE_LON, HERE[1] + north_m * METRE_LAT
    return shapely.box(
        lon - half_m * METRE_LON, lat - half_m * METRE_LAT, lon + half_m * METRE_LON, lat + half_m * METRE_LAT
    )


def street(north_m: float, name: str = "望江路") -> Shape:
    lat = HERE[1] + north_m * METRE_LAT
    line = shapely.LineString([(HERE[0] - 400 * METRE_LON, lat), (HERE[0] + 400 * METRE_LON, lat)])
    return Shape("road", line, name, road_class="primary")


def draw(*shapes: Shape, title: str = "周边") -> ElementTree.Element:
    return ElementTree.fromstring(draw_map(shapes, HERE, 400, title=title))


def texts(svg: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in svg.iter(f"{SVG}text")]


def test_the_building_is_in_the_middle_and_north_is_up():
    svg = draw(Shape("this", square(0, 0)), Shape("water", square(0, 80)))
    paths = {path.get("fill"): path.get("d") or "" for path in svg.iter(f"{SVG}path")}
    ys = {fill: [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", d)] for fill, d in paths.items()}
    assert max(ys["#c9dcea"]) < min(ys["#14508f"])
    assert abs(sum(ys["#14508f"]) / len(ys["#14508f"]) - 220) < 3


def test_what_lies_outside_the_view_is_left_out():
    assert len(list(draw(Shape("building", square(3000, 0))).iter(f"{SVG}path"))) == 1


def test_a_street_is_named_once_though_it_comes_in_pieces():
    assert texts(draw(street(60), street(120))).count("望江路") == 1


def test_names_do_not_stand_on_each_other():
    shapes = [Shape("listed", square(0, 0, 8), "甲大厦"), Shape("listed", square(3, 3, 8), "乙大厦")]
    assert len([text for text in texts(draw(*shapes)) if "大厦" in text]) == 1


def test_a_hostile_name_stays_text():
    svg = draw_map([Shape("this", square(0, 0), "<script>alert(1)</script>")], HERE, 400, title='"><script>')
    assert "<script" not in svg
    assert ElementTree.fromstring(svg).find(f"{SVG}title").text == '"><script>'


def test_the_scale_bar_says_how_long_it_is():
    assert "100 m" in texts(draw())


def test_a_hole_in_a_building_stays_open():
    ring = shapely.difference(square(0, 0, 40), square(0, 0, 15))
    path = next(path for path in draw(Shape("this", ring)).iter(f"{SVG}path") if path.get("fill") == "#14508f")
    assert (path.get("d") or "").count("Z") == 2 and path.get("fill-rule") == "evenodd"


def test_a_neighbour_links_to_its_page():
    svg = draw(Shape("listed", square(60, 0), "乙大厦", href="/b/abc"))
    assert [link.get("href") for link in svg.iter(f"{SVG}a")] == ["/b/abc"]


def test_a_pin_stands_with_its_tip_on_the_place_over_everything_else():
    svg = draw(Shape("pin", shapely.Point(*HERE), "1–3, 7"), Shape("this", square(0, 0), "甲大厦"))
    tip = next(path for path in svg.iter(f"{SVG}path") if path.get("fill") == PIN)
    assert "L360.0 220.0L" in (tip.get("d") or "")
    assert texts(svg)[-2:] == ["1–3, 7", "100 m"]


def test_a_program_without_paint_order_draws_the_white_edge_below_the_word():
    svg = draw_map([Shape("this", square(0, 0), "甲大厦 & 乙")], HERE, 400, title="周边")
    apart = ElementTree.fromstring(with_halos_apart(svg))
    edge, word = (each for each in apart.iter(f"{SVG}text") if each.text == "甲大厦 & 乙")
    assert edge.get("stroke") == "#fff"
    assert word.get("stroke") is None
    assert word.get("fill") == "#0c3562"
