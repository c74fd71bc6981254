"""Units that somebody chose are judged as a match would judge them, also those that it would leave out."""

from geo.matching import judge, match, parse
from tests.geo.matching.states import market


def test_points_are_those_of_the_match_however_deep_a_unit_lies() -> None:
    found = market([{}], [{"area": 400.0 + 5 * n, "rent": 5.0 + n % 7} for n in range(80)])
    asked = parse({"area": "500", "rent_max": "6", "must": ""})
    ranked = match(found, asked, limit=80).found
    verdicts = judge(found, asked, found.ids.tolist())
    singles = {each.unit_ids[0]: each for each in ranked if len(each.unit_ids) == 1}
    assert singles
    for ident, each in singles.items():
        assert verdicts[ident].score == each.score
        assert verdicts[ident].parts == each.parts


def test_who_fails_a_must_is_told_which_and_gets_nothing_for_it() -> None:
    found = market([{}], [{"rent": 9.0}])
    asked = parse({"area": "500", "rent_max": "5", "must": "rent"})
    assert match(found, asked).found == ()
    (verdict,) = judge(found, asked, found.ids.tolist()).values()
    assert verdict.failed == ("rent",)
    assert {part.name: part.points for part in verdict.parts}["rent"] == 0
    assert verdict.score == 50.0


def test_who_is_not_on_the_market_is_not_judged() -> None:
    assert judge(market([{}], [{}]), parse({"area": "500"}), [10**6]) == {}
