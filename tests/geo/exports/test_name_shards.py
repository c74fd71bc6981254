"""The file of names is read as a browser reads it: by its directory, one packed block at a time."""

import bisect
import json
from typing import Any

import pytest
from isal import igzip

from geo.exports import name_shards as shards
from geo.onebox.index import Index, Thing, made_index
from geo.onebox.keys import Part, deep_keys

NAMES = {1: "云澜大厦", 2: "云澜广场一座", 3: "Harbour Tower", 4: "一中心"}


def index_of(names: dict[int, str]) -> Index:
    return made_index(Thing(ident, 119.3, 26.1, 60, deep_keys(name, Part.NAME)) for ident, name in names.items())


def written(names: dict[int, str]) -> tuple[bytes, dict[str, Any]]:
    told = {"building": {ident: (json.dumps(["building", name]), name) for ident, name in names.items()}}
    return shards.name_shards({"building": index_of(names)}, told)


def block(data: bytes, ends: list[int], at: int) -> Any:
    return json.loads(igzip.decompress(data[ends[at] : ends[at + 1]]))


def things(data: bytes, directory: dict[str, Any], number: int) -> str:
    listed = block(data, directory["things"], number // directory["per_things"])
    return str(listed[number % directory["per_things"]][1])


def found(data: bytes, directory: dict[str, Any], asked: str) -> set[str]:
    """The names of things whose keys begin so, looked up as `static/src/map/data/names.js` does."""
    table = directory["latin" if asked.isascii() else "chinese"]
    first = max(0, bisect.bisect_left(table["first"], asked) - 1)
    last = bisect.bisect_right(table["first"], f"{asked}\uffff") - 1
    names = set()
    for at in range(first, last + 1):
        keys, numbers, *_ = block(data, table["ends"], at)
        names |= {
            things(data, directory, number) for key, number in zip(keys, numbers, strict=True) if key.startswith(asked)
        }
    return names


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("云澜", {"云澜大厦", "云澜广场一座"}),
        ("yunlanda", {"云澜大厦"}),
        ("ylgc", {"云澜广场一座"}),
        ("tower", {"Harbour Tower"}),
        ("一", {"云澜广场一座", "一中心"}),
        ("海", set()),
    ],
)
def test_names_are_found_by_their_beginnings(asked: str, names: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "PER_BLOCK", 3)
    assert found(*written(NAMES), asked) == names


def test_of_a_beginning_that_very_many_keys_have_the_best_are_picked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "MANY", 150)
    data, directory = written({number: f"云澜{number}号楼" for number in range(1, 201)})
    table = directory["chinese"]
    assert "云澜" in table["picked_first"] or table["picked_first"][0] < "云澜"
    at = bisect.bisect_right(table["picked_first"], "云澜") - 1
    keys, numbers, merits, _ = block(data, table["picked_ends"], at)["云澜"]
    assert len(set(numbers)) == len(numbers) == shards.BEST + shards.SHORTEST
    assert all(key.startswith("云澜") for key in keys) and min(merits) >= 128


def test_things_of_which_nothing_may_be_said_are_not_in_the_file() -> None:
    index = index_of({**NAMES, 9: "不公开大厦"})
    told = {"building": {ident: (json.dumps(["building", name]), name) for ident, name in NAMES.items()}}
    data, directory = shards.name_shards({"building": index}, told)
    assert found(data, directory, "不公开") == set()
    assert found(data, directory, "云澜大厦") == {"云澜大厦"}
