"""Words of vocabularies in a folded sentence: industries, grades, fit-outs, themes, bands, permits."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from geo import taxonomy
from geo.errors import UnknownValueError
from geo.matching.plain_text import compiled, number, plain
from geo.matching.reading import Reading

Rule = tuple[re.Pattern[str], Mapping[str, str], str]
"""A pattern whose group `w` is a key of the mapping, which gives the value of a parameter."""

_PERMITS = {
    "catering": r"(?:可以?|能)?(?:做|开|办)?餐饮(?:许可证?|执照|牌照|资质|业态)|可(?:做|开)?餐饮|能做餐饮|可明火"
    r"|(?:restaurant|catering|food) (?:permit|licen[cs]e|use)|catering",
    "training": r"可(?:做|办)?培训|能做培训|培训(?:许可证?|资质|执照|办学|机构)?"
    r"|training (?:permit|licen[cs]e|school|centre|center)|tutoring",
    "medical": r"可(?:做|开)?医疗|能做医疗|医疗(?:许可证?|资质|执照|机构)|开诊所|诊所(?:许可|执照)|医美"
    r"|medical (?:permit|licen[cs]e|use|practice)",
}
_BANDS = {
    "middle,high": r"中高(?:区|楼层|层)",
    "low,middle": r"中低(?:区|楼层|层)",
    "high": r"高区|高楼层|高层(?!次)|顶层|high(?:er)?[ -](?:floors?|zone|level)|upper floors?|top floors?",
    "middle": r"中区|中楼层|中层|mid(?:dle)?[ -](?:floors?|zone|level)",
    "low": r"低区|低楼层|低层|low(?:er)?[ -](?:floors?|zone|level)",
}
_REGISTER = (
    r"(?:可以|可|能够|能|需要|需|要|必须|支持){0,3}\s*(?:工商)?注册(?:公司|地址|执照|证照)?"
    r"|registrable|(?:(?:can|must) be )?regist(?:ered|er|ration)(?: (?:a|the|our|my))?(?: company| address)?"
    r"(?: here| possible)?"
)
_STARS = (
    r"(?P<n>[一二三四五1-5])\s*-?\s*(?:星级?|stars?)(?!\s*(?:级?酒店|hotel))(?:楼宇|写字楼)?"
    r"(?P<up>\s*(?:及?以上|or more|or above|\+))?"
)
_BETTER = r"(?P<up>\s*(?:及?以上|or (?:above|better|higher)))?"
_GRADES = ("super_a", "a", "b", "c")
"""From the best on, whatever the scheme."""


def words(text: str, areas: Mapping[str, str]) -> Iterator[Reading]:
    """What words stand for; the longer ones first."""
    yield from _areas(text, areas)
    for match in compiled(_STARS).finditer(text):
        stars = range(int(number(match["n"])), 6 if match["up"] else int(number(match["n"])) + 1)
        yield Reading(match.start(), match.end(), (("star", ",".join(map(str, stars))),))
    yield from _found(text, _themes(), "theme")
    yield from _graded(text)
    yield from _found(text, _fitouts(), "fitout")
    for field, patterns in (("permits", _PERMITS), ("band", _BANDS)):
        for value, pattern in patterns.items():
            yield from (Reading(m.start(), m.end(), ((field, value),)) for m in compiled(pattern).finditer(text))
    for match in compiled(_REGISTER).finditer(text):
        if not re.search(r"(?:不用?|无需?|不必|no|not|without)\s*$", text[: match.start()]):
            yield Reading(match.start(), match.end(), (("registrable", "1"),))
    yield from _found(text, _industries(), "industry")


def _areas(text: str, areas: Mapping[str, str]) -> Iterator[Reading]:
    """Names of areas: where to look, or a wish behind "best" and "preferably"."""
    codes = {plain(name): code for name, code in areas.items()}
    for name in sorted(codes, key=len, reverse=True):
        for match in re.finditer(
            rf"(?P<wish>最好在?|优先|preferably (?:in )?|ideally (?:in )?)?{re.escape(name)}", text
        ):
            field = "zone" if match["wish"] else "within"
            yield Reading(match.start(), match.end(), ((field, codes[name]),))


def _graded(text: str) -> Iterator[Reading]:
    spellings = {}
    for grade in taxonomy.grades():
        for name in (grade.name, *grade.aliases):
            if len(plain(name)) > 1:
                spellings[plain(name)] = grade.code
        if grade.scheme != "5a" and len(grade.code) == 1:
            spellings[f"grade {grade.code}"] = spellings[f"class {grade.code}"] = grade.code
            spellings[f"grade-{grade.code}"] = spellings[f"{grade.code}级"] = grade.code
    for match in _matches(text, spellings, r"(?:写字楼|办公楼|楼宇|办公|building|office|tower)?" + _BETTER):
        code = spellings[match["w"]]
        better = _GRADES[: _GRADES.index(code) + 1] if match["up"] and code in _GRADES else (code,)
        yield Reading(match.start(), match.end(), (("grade", ",".join(better)),))


def _found(text: str, spellings: Mapping[str, str], field: str) -> Iterator[Reading]:
    for match in _matches(text, spellings, _AROUND.get(field, "")):
        yield Reading(match.start(), match.end(), ((field, spellings[match["w"]]),))


_AROUND = {
    "industry": r"(?:行业|产业|企业|公司|机构|事务所|团队|类)?(?:\s+(?:team|company|firm|industry|business))?",
    "fitout": r"(?:交付|装修)?",
}


def _matches(text: str, spellings: Iterable[str], behind: str) -> Iterator[re.Match[str]]:
    names = "|".join(re.escape(name) for name in sorted(spellings, key=len, reverse=True))
    return compiled(rf"(?<![a-z0-9])(?P<w>{names})(?![a-z0-9]){behind}").finditer(text)


@cache
def _themes() -> Mapping[str, str]:
    """Only what names a building: 金融 alone is an industry."""
    return {
        plain(name): theme.code for theme in taxonomy.themes() for name in (theme.name, *theme.aliases) if "楼" in name
    }


@cache
def _fitouts() -> Mapping[str, str]:
    names = {plain(name): kind.code for kind in taxonomy.fitouts() for name in (kind.name, kind.name_en, *kind.aliases)}
    for word in ("full", "basic"):  # full of what?
        names.pop(word, None)
    return names


@cache
def _industries() -> Mapping[str, str]:
    """Names of industries, of groups over them and of divisions → the map group."""
    names: dict[str, str] = {}
    for industry in taxonomy.industries():
        code = taxonomy.industry_group(industry.code)
        names |= dict.fromkeys((plain(industry.name), plain(industry.name).removesuffix("业")), code)
    for group in taxonomy.filter_groups():
        groups = {_group(member) for member in group.members}
        if len(groups) == 1:
            names |= dict.fromkeys((plain(group.name), plain(group.name_en)), groups.pop())
    for group in taxonomy.map_groups():
        if group.code != "other":
            names |= dict.fromkeys(map(plain, (group.name, group.name_en, *group.aliases)), group.code)
    return {name: code for name, code in names.items() if len(name) > 1}


def _group(code: str) -> str:
    try:
        return taxonomy.industry_group(code)
    except UnknownValueError:
        return "other"
