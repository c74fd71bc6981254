import pytest

from geo.errors import UnreadableFileError
from geo.importers.encodings import detect, named

SENTENCE = "名称,地址\n云栖饭店,听涛路170号\n望江银行网点,听涛路8号\n"


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (SENTENCE, "utf-8", "utf-8"),
        (SENTENCE, "utf-8-sig", "utf-8-sig"),
        (SENTENCE, "gb18030", "gb18030"),
        ("大樓名稱,地址\n雲棲國際中心,聽濤大道8號\n", "big5", "big5hkscs"),
        ("大樓名稱,地址\n雲棲國際中心,聽濤大道8號\n", "gb18030", "gb18030"),
        (SENTENCE, "utf-16", "utf-16"),
        ("name,type\n1,2\n" * 9, "utf-16-le", "utf-16-le"),
        ("name,address\nCafé Lumière,“Old Mill” – Müller’s\n", "cp1252", "cp1252"),
        ("plain,ascii\n", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_told_from_the_bytes_alone(text, written, found):
    assert detect([text.encode(written)]).name == found


def test_the_answer_does_not_depend_on_how_the_file_is_cut_into_blocks():
    content = (SENTENCE * 50).encode("gb18030")
    assert {detect([content[i : i + step] for i in range(0, len(content), step)]).name for step in (7, 64, 5000)} == {
        "gb18030"
    }


def test_five_western_bytes_in_an_ascii_file_are_no_chinese():
    content = b"1,Smith\x92s Yard,BD1\n" * 4 + b"2,Caf\xe9 Bar,BD2\n" + b"3,Mill Lane,BD3\n" * 5000
    assert detect([content]).name == "cp1252"


def test_a_few_broken_bytes_do_not_turn_utf8_into_something_else():
    found = detect([SENTENCE.encode() * 10 + b"\xff\n"])
    assert (found.name, found.odd_bytes) == ("utf-8", 1)


def test_gbk_is_read_with_its_superset():
    assert named("GBK").name == "gb18030"


def test_an_unknown_encoding_is_refused_with_a_remedy():
    with pytest.raises(UnreadableFileError, match="gb18030"):
        named("klingon")
