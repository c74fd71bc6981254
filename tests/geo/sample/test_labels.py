import pytest

from geo.sample.labels import storey_label


def labels(scheme, count, **options):
    return [storey_label(position, scheme, **options) for position in range(1, count + 1)]


def test_plain_lift_counts_on():
    assert labels("plain", 5) == ["1", "2", "3", "4", "5"]


def test_lift_leaves_out_the_numbers_nobody_wants():
    assert labels("skip", 14) == ["1", "2", "3", "5", "6", "7", "8", "9", "10", "11", "12", "15", "16", "17"]


def test_lift_writes_letters_and_a_mezzanine():
    shown = labels("lettered", 16, has_mezzanine=True)
    assert shown[:6] == ["1", "M", "2", "3", "3A", "5"]
    assert shown[12:16] == ["12", "12A", "12B", "15"]


def test_basements_count_downwards():
    assert [storey_label(position, "skip") for position in (-1, -4)] == ["B1", "B4"]


def test_an_unknown_scheme_is_refused():
    with pytest.raises(ValueError, match="'letters'"):
        storey_label(3, "letters")


@pytest.mark.parametrize("scheme", ["plain", "skip", "lettered"])
def test_no_two_storeys_share_a_label(scheme):
    shown = labels(scheme, 70, has_mezzanine=scheme == "lettered")
    assert len(set(shown)) == 70
