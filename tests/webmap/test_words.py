"""Codes become words of the reader's language; names fall back with a mark."""

from dataclasses import dataclass

import pytest
from flask import Flask

from geo.stacking.plan import STATUSES
from geo.stacking.tables import SERVICE_USES
from webmap.names import attribution, label, named, other_name
from webmap.words import colour, in_order, word


@dataclass
class Thing:
    name: str | None
    name_en: str | None = None


def test_words_follow_the_language(app: Flask):
    for path, wanted in (("/", "可租"), ("/en/", "Available"), ("/zh-hant/", "可租")):
        with app.test_request_context(path):
            assert word("vacant", "occupancy") == wanted
    with app.test_request_context("/zh-hant/"):
        assert word("operating", "status") == "已投入運營"


@pytest.mark.parametrize(
    ("kind", "codes"), [("occupancy", STATUSES), ("use", SERVICE_USES), ("role", ("owner", "chief", "promotion"))]
)
def test_no_code_that_pages_show_is_without_a_word(app: Flask, kind: str, codes):
    with app.test_request_context("/"):
        assert not [code for code in codes if word(code, kind) == code]


def test_a_grade_is_named_in_its_own_scheme(app: Flask):
    with app.test_request_context("/"):
        assert word("a", "grade", "gbt39069") == "甲级"
        assert word("a", "grade", "market") == "A 级"
        assert word("a", "grade") == "甲级"


def test_a_code_that_nobody_knows_stands_for_itself(app: Flask):
    with app.test_request_context("/"):
        assert word("hovercraft", "fact") == "hovercraft"
        assert word(None, "fitout") == ""
        assert colour("hovercraft", "industry") == "#aeb3b7"


def test_conditions_stand_in_the_order_of_their_list():
    assert in_order(["power", "zeppelin", "goods_lifts", "passenger_lifts"], "fact") == [
        "passenger_lifts",
        "goods_lifts",
        "power",
        "zeppelin",
    ]


def test_names_fall_back_with_a_mark(app: Flask):
    both, only = Thing("云澜大厦", "Yunlan Tower"), Thing("临江片区")
    with app.test_request_context("/en/"):
        assert named(both) == "Yunlan Tower" and other_name(both) == '<span lang="zh-Hans">云澜大厦</span>'
        assert named(only) == '<span lang="zh-Hans">临江片区</span>' and label(only) == "临江片区"
    with app.test_request_context("/zh-hant/"):
        assert named(both) == "雲瀾大廈"
    with app.test_request_context("/"):
        assert label(Thing(None)) == ""


def test_a_hostile_name_is_escaped_in_its_mark(app: Flask):
    with app.test_request_context("/en/"):
        assert named(Thing("<b>")) == '<span lang="zh-Hans">&lt;b&gt;</span>'
        assert attribution(Thing("<b>")) == "&lt;b&gt;"
