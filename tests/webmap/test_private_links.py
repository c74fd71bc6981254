"""Links that only one person knows."""

from webmap.private_links import key_of, opens

SECRET = "a secret that only tests know, 40 letters"


def test_a_key_opens_its_own_thing_and_no_other() -> None:
    key = key_of("inquiry", "x7k2m9qd", SECRET)
    assert opens(key, "inquiry", "x7k2m9qd", SECRET)
    assert not opens(key, "inquiry", "x7k2m9qe", SECRET)
    assert not opens(key, "alert", "x7k2m9qd", SECRET)
    assert not opens(key, "inquiry", "x7k2m9qd", "another secret of the site, 40 letters")


def test_a_key_with_strange_letters_is_a_wrong_one() -> None:
    assert not opens("ключ", "alert", "x7k2m9qd", SECRET)
