"""Sorted keys: what begins so, the weightiest first."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from geo.onebox.index import BLOCK, Index, Thing, encoded, made_index, open_index, write_index
from geo.onebox.keys import Part, Place

CHARACTERS = "一丁云澜龘ab12海湾中心鿿"


def index_of(names: list[str], weights: list[int] | None = None) -> Index:
    weights = weights or [1] * len(names)
    return made_index(
        Thing(at, 121.4, 31.2, weights[at], [(name, Part.NAME, Place.START)]) for at, name in enumerate(names)
    )


def begins_with(index: Index, prefix: str) -> set[int]:
    keys, wanted = index.keys_for(prefix)
    return set(keys.rows["doc"][slice(*keys.span(wanted))].tolist())


@pytest.mark.parametrize("seed", range(20))
def test_a_span_holds_just_the_names_that_begin_so(seed: int) -> None:
    random = Random(seed)
    names = ["云" + "".join(random.choices(CHARACTERS, k=random.randint(1, 9))) for _ in range(300)]
    index = index_of(names)
    for name in names[:50]:
        for length in range(1, len(name) + 1):
            wanted = {at for at, other in enumerate(names) if other.startswith(name[:length])}
            assert begins_with(index, name[:length]) == wanted


def test_many_prefixes_are_looked_up_as_each_alone() -> None:
    index = index_of(["yunlan", "yunhai", "zhong", "a1"])
    asked = [encoded(text) for text in ("yun", "yunlan", "yunx", "zz", "a", "")]
    assert [prefix for prefix, _ in index.latin.spans(asked)] == [b"yun", b"yunlan", b"a", b""]
    assert all(index.latin.span(prefix) == span for prefix, span in index.latin.spans(asked))


def test_an_index_without_names_finds_nothing() -> None:
    index = made_index([])
    assert begins_with(index, "云") == set()
    assert index.latin.spans([b"a"]) == []


def test_the_weightiest_of_very_many_are_the_same_as_of_all_looked_at() -> None:
    random = Random(7)
    names = [f"a{number:06}" for number in range(BLOCK * 100)]
    index = index_of(names, [random.randrange(128) for _ in names])
    keys, prefix = index.keys_for("a0")
    first, last = keys.span(prefix)
    best = keys.best((first + 13, last - 17), 9)
    every = np.sort(keys.rows["merit"][first + 13 : last - 17])[::-1]
    assert keys.rows["merit"][best].tolist() == every[:9].tolist()


def test_an_index_on_disk_finds_the_same(tmp_path: Path) -> None:
    index = index_of(["云澜大厦", "云海", "yunhai"])
    write_index(index, tmp_path / "building")
    kept = open_index(tmp_path / "building")
    assert [begins_with(kept, text) for text in ("云", "yun", "海")] == [{0, 1}, {2}, set()]
    assert isinstance(kept.chinese.text, np.memmap)
