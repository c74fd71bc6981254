"""What people type leads to what they mean."""

import string
from random import Random

import pytest

from geo.onebox.finding import Found, find
from geo.onebox.index import Index, Thing, made_index
from geo.onebox.keys import Key, Part, deep_keys, flat_keys, place_roots
from geo.sample.names import company_names, root
from geo.text import fold, read_aloud
from tests.factories import HERE

ROOTS = place_roots(["汐州市（虚构样例）", "Xizhou (invented sample)", "澄湾区", "Chengwan District"])
BUILDINGS = [
    ("云澜国际金融中心A座", "Yunlan International Finance Centre Tower A"),
    ("云澜国际金融中心B座", "Yunlan International Finance Centre Tower B"),
    ("云澜大厦", "Yunlan Tower"),
    ("重庆长厦", None),
    ("绿地海湾广场", "Greenland Bay Plaza"),
    ("海湾路88号楼", None),
    ("一一大厦", None),
]
FIRMS = [("汐州云澜基金管理有限公司", "Xizhou Yunlan Fund Management Co., Ltd."), ("汐州澄澄餐饮有限公司", None)]
ADDRESSES = [("汐州市澄湾区叠帆路266号", "266 Diefan Road, Chengwan, Xizhou"), ("汐州市澄湾区砚池路77号", None)]


def thing(at: int, keys: list[Key], weight: int = 10, lon: float = HERE[0]) -> Thing:
    return Thing(at, lon, HERE[1], weight, keys)


def deep(names: list[tuple[str, str | None]]) -> Index:
    keys = [[*deep_keys(name, Part.NAME), *deep_keys(english or "", Part.NAME_EN)] for name, english in names]
    return made_index(thing(at, each) for at, each in enumerate(keys))


def flat(names: list[tuple[str, str | None]], part: Part) -> Index:
    keys = [[*flat_keys(name, part, ROOTS), *flat_keys(english or "", part, ROOTS)] for name, english in names]
    return made_index(thing(at, each) for at, each in enumerate(keys))


@pytest.fixture(scope="module")
def city() -> dict[str, Index]:
    return {
        "building": deep(BUILDINGS),
        "enterprise": flat(FIRMS, Part.NAME),
        "address": flat(ADDRESSES, Part.ADDRESS),
    }


def names_of(found: dict[str, list[Found]]) -> list[str]:
    lists = {"building": BUILDINGS, "enterprise": FIRMS, "address": ADDRESSES}
    every = sorted((each for listed in found.values() for each in listed), key=lambda each: -each.score)
    return [lists[each.kind][each.id][0] for each in every]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("云澜大厦", "云澜大厦"),
        ("雲瀾大廈", "云澜大厦"),
        ("云澜大", "云澜大厦"),
        ("yunlandasha", "云澜大厦"),
        ("Yunlan Tower", "云澜大厦"),
        ("yunlandaxia", "云澜大厦"),
        ("ylds", "云澜大厦"),
        ("ＹＵＮＬＡＮ　ｔｏｗｅｒ", "云澜大厦"),
        ("yunlandahsa", "云澜大厦"),
        ("yunlndasha", "云澜大厦"),
        ("云阑大厦", "云澜大厦"),
        ("云大厦", "云澜大厦"),
        ("澜云大厦", "云澜大厦"),
        ("云澜的大厦", "云澜大厦"),
        ("金融中心b", "云澜国际金融中心B座"),
        ("云澜B座", "云澜国际金融中心B座"),
        ("云澜 B座", "云澜国际金融中心B座"),
        ("B座 云澜", "云澜国际金融中心B座"),
        ("國際金融中心 Ｂ", "云澜国际金融中心B座"),
        ("guoji b", "云澜国际金融中心B座"),
        ("jrzxbz", "云澜国际金融中心B座"),
        ("finance centre tower b", "云澜国际金融中心B座"),
        ("chongqingchangsha", "重庆长厦"),
        ("zhongqingzhangxia", "重庆长厦"),
        ("ludihaiwan", "绿地海湾广场"),
        ("lvdihaiwan", "绿地海湾广场"),
        ("greenlnad", "绿地海湾广场"),
        ("一一大厦", "一一大厦"),
        ("一一", "一一大厦"),
        ("云澜基金", "汐州云澜基金管理有限公司"),
        ("汐州云澜基", "汐州云澜基金管理有限公司"),
        ("yunlanjijin", "汐州云澜基金管理有限公司"),
        ("xizhouyunlanji", "汐州云澜基金管理有限公司"),
        ("Xizhou Yunlan Fund", "汐州云澜基金管理有限公司"),
        ("yunlan fund mangement", "汐州云澜基金管理有限公司"),
        ("叠帆路266", "汐州市澄湾区叠帆路266号"),
        ("疊帆路２６６號", "汐州市澄湾区叠帆路266号"),
        ("澄湾区叠帆路266号", "汐州市澄湾区叠帆路266号"),
        ("diefanlu266", "汐州市澄湾区叠帆路266号"),
        ("碟帆路266号", "汐州市澄湾区叠帆路266号"),
    ],
)
def test_what_is_typed_leads_to_what_is_meant(city: dict[str, Index], typed: str, first: str) -> None:
    assert names_of(find(city, ROOTS, typed))[0] == first


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "'; --", "()", "\U0001f600", "zzzzqqqq", "龘龘龘龘龘"])
def test_what_means_nothing_finds_nothing(city: dict[str, Index], typed: str) -> None:
    assert find(city, ROOTS, typed) == {}


def test_a_very_long_query_is_no_trouble(city: dict[str, Index]) -> None:
    assert find(city, ROOTS, "云澜大厦" * 25) == {}
    assert find(city, ROOTS, "y" * 100) == {}
    assert find(city, ROOTS, " ".join("云" * 50)).keys() == {"building", "enterprise"}


def test_too_little_is_not_corrected(city: dict[str, Index]) -> None:
    assert find(city, ROOTS, "yux") == {}


def test_whole_names_come_before_beginnings_words_and_typos() -> None:
    names = ["海湾", "海湾大厦", "新海湾", "海弯大厦"]
    found = find({"building": deep([(name, None) for name in names])}, (), "海湾")["building"]
    assert [names[each.id] for each in found][:3] == ["海湾", "海湾大厦", "新海湾"]
    assert [each.typo for each in found] == [False, False, False, True]


def test_the_heavier_then_the_nearer_comes_first() -> None:
    keys = deep_keys("全家便利店", Part.NAME)
    shops = {
        "amenity": made_index(
            [thing(0, keys, lon=121.60), thing(1, keys, lon=121.48), thing(2, keys, weight=100, lon=121.3)]
        )
    }
    assert find(shops, (), "全家")["amenity"][0].id == 2
    assert find(shops, (), "全家", at=(121.6001, HERE[1]))["amenity"][0].id == 0
    assert find(shops, (), "全家", at=(121.4799, HERE[1]))["amenity"][0].id == 1


def drawn_names() -> list[tuple[str, str | None]]:
    """Names as the sample invents them, some of them mixed."""
    firms = list(zip(*company_names([0] * 40, range(40)), strict=True))
    houses = [
        (f"{root(at)[0]}{what}", None) for at, what in enumerate(["国际中心A座", "大厦", "广场3号楼", "重工大楼"] * 20)
    ]
    return [*firms, *houses]


@pytest.mark.parametrize("seed", range(6))
def test_every_name_is_found_by_its_beginning_its_sound_and_with_one_typo(seed: int) -> None:
    random, names = Random(seed), drawn_names()
    index = {"building": deep(names)}
    for at, (name, _) in enumerate(names):
        folded, readings = read_aloud(name)
        spoken = fold("".join(random.choice(readings)))
        asked = [folded[:2], folded, spoken[: random.randint(4, len(spoken))], spoken]
        asked += [misspelled(text, random) for text in (folded, spoken)]
        for typed in asked:
            found = find(index, (), typed, most=len(names)).get("building", [])
            assert at in [each.id for each in found], (name, typed)


def misspelled(text: str, random: Random) -> str:
    """A text with one typo."""
    at = random.randrange(len(text))
    letter = random.choice(string.ascii_lowercase if text.isascii() else "天地玄黄宇宙洪荒一")
    ways = [text[:at] + letter + text[at:], text[:at] + letter + text[at + 1 :], text[:at] + text[at + 1 :]]
    swapped = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    return random.choice([*ways, swapped])
