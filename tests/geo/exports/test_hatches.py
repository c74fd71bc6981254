"""A map that is printed in grey can still be read: every class has lines of its own."""

from geo.exports.hatches import MOST, hatched, hatches


def test_every_hatch_that_is_filled_with_is_there_once_and_they_differ() -> None:
    fills = [("#a9c6e0", number) for number in range(1, MOST + 1)] * 2
    made = hatches(fills)
    assert made.count("<pattern ") == MOST
    assert all(f'id="{hatched(*fill)[5:-1]}"' in made for fill in fills)
    drawn = {part.split('d="')[1].split('"')[0] for part in made.split("<pattern ")[1:]}
    assert len(drawn) == MOST


def test_without_a_hatch_there_is_the_colour_and_no_pattern() -> None:
    assert hatched("#a9c6e0", 0) == "#a9c6e0"
    assert hatches([("#a9c6e0", 0), (None, 2)]) == ""


def test_two_drawings_on_a_page_do_not_share_names() -> None:
    assert hatched("#a9c6e0", 2, "key") in f"url(#{hatches([('#a9c6e0', 2)], 'key').split('id=')[1].split(chr(34))[1]})"
