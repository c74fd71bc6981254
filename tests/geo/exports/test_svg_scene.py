"""The city before a camera: what is seen where, what hides what, and that no name stands on another."""

import re
from math import cos, radians
from xml.etree import ElementTree

import pytest
import shapely

from geo.exports.plane import Camera, Perspective, zoom_for
from geo.exports.svg_card import FORMS, Words, draw_map_picture
from geo.exports.svg_map import Shape
from geo.exports.svg_scene import Block, Scene, draw_scene

HERE = (121.47, 31.23)
SIZE = (1200, 630)
DEGREE_M = 111_320


def block(east_m: float, north_m: float, **values: object) -> Block:
    lon = HERE[0] + east_m / DEGREE_M / cos(radians(HERE[1]))
    lat = HERE[1] + north_m / DEGREE_M
    outline = shapely.box(lon - 0.0002, lat - 0.0002, lon + 0.0002, lat + 0.0002)
    return Block(outline, **{"top_m": 60.0, **values})


def drawn(*blocks: Block, pitch: float = 50.0, flat: bool = False, shapes: tuple[Shape, ...] = ()) -> str:
    camera = Camera(*HERE, 16.0, pitch)
    return draw_scene(Scene(camera, shapes, blocks, flat), Perspective(camera, SIZE))


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg">{svg}</svg>')


def test_what_the_camera_looks_at_is_in_the_middle_and_what_is_farther_is_above() -> None:
    view = Perspective(Camera(*HERE, 16.0, 50.0), SIZE)
    here, north = view.place([shapely.Point(*HERE), shapely.Point(HERE[0], HERE[1] + 0.001)])
    assert (here.x, here.y) == pytest.approx((600, 315), abs=0.01)
    assert north.x == pytest.approx(600, abs=0.01)
    assert north.y < 315


def test_a_turned_camera_has_its_bearing_upwards() -> None:
    view = Perspective(Camera(*HERE, 16.0, 0.0, 90.0), SIZE)
    (east,) = view.place([shapely.Point(HERE[0] + 0.001, HERE[1])])
    assert east.x == pytest.approx(600, abs=0.01)
    assert east.y < 315


def test_seen_from_above_a_picture_is_as_many_metres_wide_as_its_zoom_says() -> None:
    zoom = zoom_for(1000, HERE[1], SIZE[0])
    west, _, east, _ = Perspective(Camera(*HERE, zoom), SIZE).box
    assert (east - west) * DEGREE_M * cos(radians(HERE[1])) == pytest.approx(1000, rel=0.1)


def test_the_nearer_block_is_drawn_over_the_farther_one() -> None:
    svg = drawn(block(0, -60, fill="#111111"), block(0, 60, fill="#222222"))
    assert svg.index("#222222") < svg.index("#111111")


def test_only_walls_that_look_at_the_camera_are_drawn() -> None:
    roof_and_walls = [path for path in parsed(drawn(block(0, 0, fill="#888888"))) if path.tag.endswith("path")]
    walls = [path for path in roof_and_walls if path.get("fill") not in ("#888888", "#5d6c66")]
    assert sum(path.get("d", "").count("M") for path in walls) == 1


def test_a_flat_map_has_neither_walls_nor_shadows() -> None:
    fills = {path.get("fill") for path in parsed(drawn(block(0, 0, fill="#888888"), pitch=0, flat=True))}
    assert fills == {"#888888", "#eef0ec"}


def test_blocks_out_of_view_are_left_out() -> None:
    assert "#888888" not in drawn(block(5000, 0, fill="#888888"))


@pytest.mark.parametrize("pitch", [0.0, 45.0, 60.0, 85.0])
def test_no_name_stands_on_another_whatever_the_pitch(pitch: float) -> None:
    blocks = [
        block(x, y, name=f"大厦{x}{y}", said="可租 10 m²", weight=1.0) for x in (-90, 0, 90) for y in (-90, 0, 90)
    ]
    camera = Camera(*HERE, 16.0, pitch)
    view = Perspective(camera, SIZE)
    svg = draw_scene(Scene(camera, (), blocks), view)
    pins = [
        tuple(map(float, box)) for box in re.findall(r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)" rx', svg)
    ]
    assert len(pins) > 2
    for number, (x, y, wide, tall) in enumerate(pins):
        for left, up, across, down in pins[number + 1 :]:
            assert x + wide <= left or left + across <= x or y + tall <= up or up + down <= y


def test_the_selected_building_stands_out_and_is_named_before_larger_ones() -> None:
    svg = drawn(block(0, 0, name="甲", picked=True), block(10, 0, name="乙", said="可租 9 万 m²", weight=9.0))
    assert "#14508f" in svg
    assert ">甲<" in svg


def test_names_cannot_break_out_of_the_picture() -> None:
    svg = drawn(block(0, 0, name="<script>", said="&"))
    assert "<script>" not in svg
    parsed(svg)


def test_a_picture_carries_title_legend_date_source_and_the_number_of_its_review() -> None:
    words = Words(
        site="楼图",
        title="12 幢楼宇 <有可租房源>",
        line="可租 3.8 万 m²",
        detail="甲级",
        figures=[("楼宇", "12")],
        legend_title="空置率",
        legend=[("#dde2e8", "满租"), ("#9c3f0a", ">50%")],
        day="截至 2026-11-20",
        sources="数据来源：某局",
        review="审图号：GS 1",
        notice="示例数据",
    )
    scene = Scene(Camera(*HERE, 16.0, 50.0), (), [block(0, 0)])
    for form, size in FORMS.items():
        svg = ElementTree.fromstring(draw_map_picture(form, scene, words))
        told = " ".join(svg.itertext())
        assert svg.get("viewBox") == f"0 0 {size[0]} {size[1]}"
        for text in ("12 幢楼宇 <有可租房源>", "满租", ">50%", "截至 2026-11-20", "某局", "GS 1", "示例数据"):
            assert text in told, (form, text)
