"""Folds names so that 简体, 繁體, full-width letters, pinyin and initials find the same thing, and turns 简 into 繁."""

import itertools
import math
import re
import string
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

import opencc
import pypinyin
from pypinyin.seg.simpleseg import seg

# Characters of building, street and company names with two readings in use: what people type is not always right.
_HETERONYMS = {
    "重": ("chong", "zhong"), "长": ("chang", "zhang"), "厦": ("sha", "xia"), "行": ("hang", "xing"),
    "乐": ("le", "yue"), "朝": ("chao", "zhao"), "会": ("hui", "kuai"), "单": ("dan", "shan"),
    "盛": ("sheng", "cheng"), "车": ("che", "ju"), "番": ("fan", "pan"), "六": ("liu", "lu"),
    "堡": ("bao", "pu", "bu"), "埔": ("pu", "bu"), "泊": ("bo", "po"), "莘": ("xin", "shen"),
    "解": ("jie", "xie"), "宿": ("su", "xiu"), "传": ("chuan", "zhuan"), "调": ("diao", "tiao"),
    "卡": ("ka", "qia"), "校": ("xiao", "jiao"), "藏": ("cang", "zang"), "蚌": ("beng", "bang"),
    "柏": ("bai", "bo"), "都": ("du", "dou"), "曾": ("zeng", "ceng"), "还": ("hai", "huan"),
    "涡": ("wo", "guo"), "尉": ("wei", "yu"), "区": ("qu", "ou"), "强": ("qiang", "jiang"),
}  # fmt: skip
_MOST_READINGS = 16
_CACHED = 8_192
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
# Full-width letters, digits and the signs that stand inside codes; Chinese punctuation keeps its width.
_HALF_WIDTH = {ord(sign) + 0xFEE0: sign for sign in string.ascii_letters + string.digits + ".-/#&+@%"}
_DIGITS = {character: value for value, pair in enumerate(["零〇", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆",
           "七柒", "八捌", "九玖"]) for character in pair} | {"两": 2}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
_NUMERAL = "[" + "".join([*_DIGITS, *_TENS]) + "]+"


def clean(text: str) -> str:
    """Return a text as it is stored and shown: half-width letters and digits, single spaces, no invisible signs."""
    plain = unicodedata.normalize("NFC", text).translate(_ZERO_WIDTH).translate(_HALF_WIDTH)
    return " ".join(plain.split())


@lru_cache(_CACHED)
def fold(text: str) -> str:
    """Return the search key of a text: simplified, half-width, lower case, no accents, spaces or punctuation."""
    return "".join(filter(str.isalnum, _plain(text)))


def search_terms(query: str) -> list[str]:
    """Split what a reader typed into folded words; a name is found when its `search_keys` contain every one."""
    return [term for term in map(fold, query.split()) if term]


def search_keys(*names: str | None) -> str:
    """Return what a name is found by, as words with spaces between: the folded name, its pinyin, its initials.

    "金融中心" gives "金融中心 jinrongzhongxin jrzx". Characters with two readings give both; an English name gives its
    initials too ("International Finance Centre": "ifc"). None and empty names are passed over.
    """
    keys: dict[str, None] = {}
    for name in names:
        keys.update(dict.fromkeys(_keys_of(name or "")))
    return " ".join(keys)


def building_keys(name: str | None, name_en: str | None, aliases: Iterable[str], address: str | None) -> str | None:
    """Return what one building is found by, None when it has neither name nor address."""
    names = [name, name_en, *aliases]
    if not any((*names, address)):
        return None
    return f"{search_keys(*names)} {fold(address or '')}".strip()


def read_aloud(text: str) -> tuple[str, list[tuple[str, ...]]]:
    """Return the folded text, and every way to read it as one part per character of that; the usual way first."""
    plain = _plain(text)
    kept = [place for place, character in enumerate(plain) if character.isalnum()]
    return fold(text), [tuple(reading[place] for place in kept) for reading in _readings(plain)]


@lru_cache(_CACHED)
def fold_building_name(name: str) -> str:
    """Return the key under which spellings of one building name or address meet.

    Beside what `fold` does: "3号楼", "3栋", "3幢", "三号楼", "3#" and "Building 3" become "3座"; "A栋", "Ａ座" and
    "Tower A" become "a座"; "二期" becomes "2期"; "大楼" becomes "大厦". House numbers ("海湾路300号") stay as they are.
    甲座 and A座 stay apart: they are as often two buildings as one.
    """
    plain = _ENGLISH_BLOCK.sub(lambda match: f" {match[1] or match[2]}座 ", _plain(name))
    plain = "".join(
        character for character in _JOINED_NUMBERS.sub("至", plain) if character.isalnum() or character == "#"
    )
    plain = _COUNTED.sub(lambda match: str(chinese_number(match[1])), plain)
    for pattern, replacement in _BUILDING_SPELLINGS:
        plain = pattern.sub(replacement, plain)
    return plain


def chinese_number(text: str) -> int:
    """Return the value of a Chinese numeral below a thousand: 三, 十二, 二十, 一百零五, 一二.

    Raises
    ------
    ValueError
        When another character is in it.
    """
    if not text or not set(text) <= _DIGITS.keys() | _TENS.keys():
        raise ValueError(f"{text!r} is not a Chinese numeral below a thousand.")
    if not set(text) & _TENS.keys():
        return int("".join(str(_DIGITS[character]) for character in text))
    total, digit = 0, 0
    for character in text:
        if character in _TENS:
            total, digit = total + (digit or 1) * _TENS[character], 0
        else:
            digit = _DIGITS[character]
    return total + digit


@lru_cache(_CACHED)
def to_simplified(text: str) -> str:
    """Return a text in simplified characters."""
    return str(_converter("t2s").convert(text))


@lru_cache(_CACHED)
def to_traditional(text: str) -> str:
    """Return a text in traditional characters as written in Hong Kong, where most readers of the 繁體 pages are."""
    return str(_converter("s2hk").convert(text))


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def _plain(text: str) -> str:
    """Half-width, lower case, without accents, simplified; spaces and punctuation still there."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold()
    unmarked = "".join(character for character in apart if unicodedata.category(character) != "Mn")
    return to_simplified(unicodedata.normalize("NFKC", unmarked))


def _keys_of(name: str) -> list[str]:
    plain = _plain(name)
    keys = [fold(name)]
    if not keys[0]:
        return []
    if any(is_chinese(character) for character in plain):
        for reading in _readings(plain):
            initials = (part[:1] if is_chinese(plain[index]) else part for index, part in enumerate(reading))
            keys += [fold("".join(reading)), fold("".join(initials))]
    elif len(words := re.findall(r"\w+", plain)) > 1:
        keys.append("".join(word[0] for word in words))
    return keys


def _readings(plain: str) -> list[tuple[str, ...]]:
    """Every way to read a name, one part per character; one character at a time varied where there are too many."""
    usual = itertools.chain.from_iterable(map(_usual, seg(plain)))
    options = [_options(character, part) for character, part in zip(plain, usual, strict=True)]
    if math.prod(map(len, options)) <= _MOST_READINGS:
        return list(itertools.product(*options))
    first = tuple(option[0] for option in options)
    return [first] + [
        (*first[:index], other, *first[index + 1 :]) for index, option in enumerate(options) for other in option[1:]
    ]


@lru_cache(_CACHED)
def _usual(word: str) -> list[str]:
    """The usual reading of a word, one part per character; the same words come in name after name."""
    return pypinyin.lazy_pinyin(word, errors=list)  # type: ignore[arg-type]  # a list is allowed, says its manual


def _options(character: str, usual: str) -> list[str]:
    options = [usual, *_HETERONYMS.get(character, ())]
    if is_chinese(character) and "v" in usual:  # 绿地: lvdi, ludi
        options.append(usual.replace("v", "u"))
    return list(dict.fromkeys(options))


def is_chinese(character: str) -> bool:
    """Whether a character is a Chinese one."""
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


_BLOCK_MARK = r"(?<![a-z0-9])([a-z]\d{0,2}|\d{1,3}[a-z]?)"
_AT_END = r"(?![\u3400-\u9fff])"
_ENGLISH_BLOCK = re.compile(
    r"\b(?:tower|block|building|bldg|blk)\.?\s*(?:no\.?\s*)?([a-z]\d?|\d{1,3}[a-z]?)\b"
    r"|\b([a-z]|\d{1,3})\s+(?:tower|block|building|bldg)\b"
)
_JOINED_NUMBERS = re.compile(r"(?<=\d)\s*[-–—~/]\s*(?=\d)")
_COUNTED = re.compile(f"第?({_NUMERAL})(?=号|座|栋|幢|期|楼|层|弄)")
_BUILDING_SPELLINGS = [
    (re.compile(r"第(?=[a-z0-9]+(?:号|座|栋|幢|期))"), ""),
    (re.compile(_BLOCK_MARK + "(?:#|号)(?:办公|写字|商务)?(?:大楼|塔楼|楼|栋|幢|座)"), r"\1座"),
    (re.compile(_BLOCK_MARK + "(?:栋|幢|座|塔)楼?"), r"\1座"),
    (re.compile(_BLOCK_MARK + "#楼?"), r"\1座"),
    # A number after a street is a house number, after anything else the number of a building.
    (re.compile("(?<![路街道巷弄里段线村])" + _BLOCK_MARK + "号" + _AT_END), r"\1座"),
    (re.compile(f"([东南西北中主副])(?:座|塔楼|塔|楼|栋|幢){_AT_END}"), r"\1座"),
    (re.compile("大楼"), "大厦"),
    (re.compile("#"), ""),
]
