"""What people write and what is understood of it, in 简体, 繁體 and English; the rest is named."""

from datetime import date

import pytest

from geo.matching import parse
from geo.matching.sentence import understood

TODAY = date(2026, 11, 22)
AREAS = {"江湾街道": "AR1", "Jiangwan": "AR1", "滨江片区": "AR2", "Riverside": "AR2"}

SENTENCES = [
    (
        "800–1000 平，地铁 8 分钟内，金融，月租 12 万以内，明年 3 月前入驻",
        "area_min=800 area_max=1000 metro_minutes=8 industry=finance budget_month=120000 available_by=2027-03-01",
    ),
    (
        "800-1000 sqm, metro within 8 min, finance, under 120k a month, by next March",
        "area_min=800 area_max=1000 metro_minutes=8 industry=finance budget_month=120000 available_by=2027-03-01",
    ),
    (
        "面積８００至１０００平方米，地鐵站步行八分鐘內，金融業，月租12萬以內，明年3月前入駐",
        "area_min=800 area_max=1000 metro_minutes=8 industry=finance budget_month=120000 available_by=2027-03-01",
    ),
    ("５０人，精装，高区，甲级，可注册", "people=50 fitout=full band=high grade=a registrable=1"),
    ("50人的团队，带家具", "people=50 fitout=furnished"),
    ("团队 30，预算 8 万", "people=30 budget_month=80000"),
    ("我们有 40-50 个工位", "people=50"),
    ("三十名员工", "people=30"),
    ("office for 40 people near the metro, furnished", "people=40 metro_minutes=10 fitout=furnished"),
    ("team of 25, asap", "people=25 available_by=2026-11-22"),
    ("60 desks, move in by 1 March 2027", "people=60 available_by=2027-03-01"),
    ("500平左右", "area=500"),
    ("约1.2万平", "area=12000"),
    ("两百平", "area=200"),
    ("八百到一千平米", "area_min=800 area_max=1000"),
    ("0.8-1万㎡", "area_min=8000 area_max=10000"),
    ("1,500 m2", "area=1500"),
    ("1500平以上", "area_min=1500"),
    ("不少于600平方", "area_min=600"),
    ("300平以内", "area_max=300"),
    ("at least 2000 sqm", "area_min=2000"),
    ("up to 800 square metres", "area_max=800"),
    ("about 650 sq m", "area=650"),
    ("5000平方呎", "area=465"),
    ("10,000 sq ft", "area=929"),
    ("100坪", "area=331"),
    ("面积 450", "area=450"),
    ("租金5元/平/天以内", "rent_max=5"),
    ("4-6元/㎡·天", "rent_max=6"),
    ("4块5一天以内", "rent_max=4.5"),
    ("四块五每平每天", "rent_max=4.5"),
    ("5 块钱每平米每天", "rent_max=5"),
    ("6元/天", "rent_max=6"),
    ("租金不超过 5 块", "rent_max=5"),
    ("每平米每月150元", "rent_max=150 rent_unit=cny_m2_month"),
    ("150元/平/月", "rent_max=150 rent_unit=cny_m2_month"),
    ("租金150元每平方米每月以下", "rent_max=150 rent_unit=cny_m2_month"),
    ("rent at most 5 yuan per sqm per day", "rent_max=5"),
    ("RMB 140/sqm/month", "rent_max=140 rent_unit=cny_m2_month"),
    ("預算每月15萬以內", "budget_month=150000"),
    ("12万/月", "budget_month=120000"),
    ("每月不超过8万元", "budget_month=80000"),
    ("年租金200万以内", "budget_month=166667"),
    ("monthly budget of 120,000", "budget_month=120000"),
    ("budget 80k per month", "budget_month=80000"),
    ("明年底前入駐", "available_by=2027-12-31"),
    ("年底前", "available_by=2026-12-31"),
    ("2027年3月1日前", "available_by=2027-03-01"),
    ("by 2027-03-01", "available_by=2027-03-01"),
    ("3个月内入驻", "available_by=2027-02-22"),
    ("within 3 months", "available_by=2027-02-22"),
    ("下个月入驻", "available_by=2026-12-31"),
    ("明年一季度", "available_by=2027-03-31"),
    ("明年上半年", "available_by=2027-06-30"),
    ("by the end of March", "available_by=2027-03-31"),
    ("by Q2 2027", "available_by=2027-06-30"),
    ("立即入驻", "available_by=2026-11-22"),
    ("3月底前入驻", "available_by=2027-03-31"),
    ("近地铁", "metro_minutes=10"),
    ("地铁口", "metro_minutes=10"),
    ("离地铁站不超过500米", "metro_m=500"),
    ("8 min walk to the metro", "metro_minutes=8"),
    ("within 500 m of a hotel", "hotel_m=500"),
    ("五星级酒店500米内", "hotel_m=500"),
    ("附近有银行", "bank_minutes=10"),
    ("午餐步行5分钟", "lunch_minutes=5"),
    ("四师服务10分钟内", "services_minutes=10"),
    ("咖啡馆 300 米以内", "cafe_m=300"),
    ("公园1公里内", "park_m=1000"),
    ("金融公司，附近有同行", "industry=finance neighbours=5"),
    ("互联网团队，500米内10家以上同行业企业", "industry=it neighbours=10"),
    ("finance, same-industry neighbours", "industry=finance neighbours=5"),
    ("a law firm, 8 firms of our industry", "industry=business neighbours=8"),
    ("20个车位", "parking=20"),
    ("10 parking spaces", "parking=10"),
    ("有车位", "parking=1"),
    ("10-20层", "floor_min=10 floor_max=20"),
    ("10层以上", "floor_min=10"),
    ("20楼以下", "floor_max=20"),
    ("floor 10 or above", "floor_min=10"),
    ("above the 10th floor", "floor_min=11"),
    ("高区，high floor", "band=high"),
    ("中高层", "band=middle,high"),
    ("甲级及以上", "grade=super_a,a"),
    ("grade A or above", "grade=super_a,a"),
    ("5A 写字楼", "grade=5a"),
    ("四星以上", "star=4,5"),
    ("金融楼", "theme=finance"),
    ("简装或精装", "fitout=basic,full"),
    ("fully furnished", "fitout=furnished"),
    ("互联网公司", "industry=it"),
    ("律师事务所", "industry=business"),
    ("批发和零售业", "industry=trade"),
    ("a law firm", "industry=business"),
    ("可做餐饮", "permits=catering"),
    ("培训许可，医疗执照", "permits=training,medical"),
    ("company registration", "registrable=1"),
    ("不需要注册", ""),
    ("江湾街道", "within=AR1"),
    ("最好在滨江片区", "zone=AR2"),
    ("in Jiangwan, preferably in Riverside", "within=AR1 zone=AR2"),
]


@pytest.mark.parametrize(("sentence", "query"), SENTENCES, ids=[sentence for sentence, _ in SENTENCES])
def test_a_sentence_is_understood(sentence: str, query: str) -> None:
    found = understood(sentence, TODAY, AREAS)
    assert dict(found.query) == dict(pair.split("=") for pair in query.split())
    parse(found.query)
    if query:
        assert [left.text for left in found.left] == []
    for part in found.parts:
        assert part.text == sentence[part.start : part.end] == part.text.strip()
        assert part.zh
        assert part.en


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("300平，要有江景", ["江景"]),
        ("a space with sea view, 300 sqm", ["sea view"]),
        ("500平，1000平", ["1000平"]),
        ("300平，同行聚集", ["同行聚集"]),
        ("50人，500平", ["50人"]),
        ("月租 12 万，房东不住楼上", ["房东不住楼上"]),
        ("地铁 90 分钟内", ["90 分钟"]),
        ("？！。", []),
        ("", []),
    ],
)
def test_what_is_not_understood_is_named(sentence: str, left: list[str]) -> None:
    found = understood(sentence, TODAY, AREAS)
    assert [each.text for each in found.left] == left
    for each in found.left:
        assert each.text == sentence[each.start : each.end]


def test_a_part_says_what_it_was_taken_for_in_both_languages() -> None:
    (part,) = understood("地铁 8 分钟内", TODAY).parts
    assert (part.field, part.value, part.zh, part.en) == (
        "metro_minutes", "8", "地铁站 步行 8 分钟内", "Metro station within 8 min on foot"
    )  # fmt: skip
    (part,) = understood("Jiangwan", TODAY, AREAS).parts
    assert (part.zh, part.en) == ("在 江湾街道", "in 江湾街道")


def test_next_month_of_december_is_january_of_the_next_year() -> None:
    assert understood("下个月", date(2026, 12, 5)).query == {"available_by": "2027-01-31"}
    assert understood("3月前", date(2026, 2, 5)).query == {"available_by": "2026-03-01"}


def test_a_sentence_as_long_as_can_be_sent_is_read_in_no_time() -> None:
    for filler in ("1", "平", "一", "近", "1 ", "between 1 and ", "不超过", "10-"):
        understood((filler * 300)[:300], TODAY, AREAS)
