"""What the files of GIS people have in their columns: names, Chinese headings, units, meanings and codes.

One list for all formats; the dictionary in every file is made of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from geo import taxonomy
from geo.taxonomy import Word

Kind = Literal["text", "whole", "number", "day", "yes_no"]


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, type, heading and meaning in Chinese and English, its unit, the codes it may hold.

    `short` is its name where only ten letters fit (Shapefile).
    """

    name: str
    kind: Kind
    heading: str
    heading_en: str
    short: str = ""
    unit: str = ""
    meaning: str = ""
    meaning_en: str = ""
    codes: tuple[Word, ...] = ()

    @property
    def short_name(self) -> str:
        """At most ten letters."""
        return self.short or self.name

    def coded(self, locale: str) -> str:
        """The codes with their words: "vacant = 空置; …"."""
        return "; ".join(f"{word.code} = {word.label(locale)}" for word in self.codes)

    def said(self, value: object, locale: str) -> str:
        """A value for people: a code as its word, nothing as a dash."""
        if value is None:
            return "—"
        if isinstance(value, bool):
            return ("yes" if value else "no") if locale == "en" else "是" if value else "否"
        return next((word.label(locale) for word in self.codes if word.code == value), str(value))


@cache
def building_fields() -> tuple[Field, ...]:
    """The columns of the layer of buildings."""
    return (
        Field("code", "text", "编码", "Code", meaning="本站楼宇的固定编码", meaning_en="Stays the same for good"),
        Field("name", "text", "名称", "Name"),
        Field("name_en", "text", "英文名称", "English name"),
        Field("address", "text", "地址", "Address"),
        Field("status", "text", "楼宇状态", "Status", codes=tuple(taxonomy.building_statuses())),
        Field("managed", "yes_no", "逐层登记", "Followed floor by floor"),
        Field("grade", "text", "等级", "Grade", codes=_distinct(taxonomy.grades())),
        Field("grade_scheme", "text", "等级标准", "Scheme of the grade", "grade_by"),
        Field("star", "whole", "星级", "Stars"),
        Field(
            "themes",
            "text",
            "特色",
            "Themes",
            codes=taxonomy.themes(),
            meaning="以空格分隔",
            meaning_en="Separated by spaces",
        ),
        Field("height_m", "number", "高度", "Height", unit="m"),
        Field("floors_above", "whole", "地上层数", "Floors above ground", "floors_up"),
        Field("floors_below", "whole", "地下层数", "Floors below ground", "floors_dn"),
        Field("typical_floor_area_m2", "number", "标准层面积", "Typical floor", "floor_m2", "m²"),
        Field("gross_area_m2", "number", "建筑面积", "Gross area", "gross_m2", "m²"),
        Field("leasable_area_m2", "number", "可租售面积", "Leasable area", "lease_m2", "m²"),
        Field("completed_year", "whole", "竣工年份", "Year of completion", "year"),
        Field("property_fee_cny_m2_month", "number", "物业费", "Property fee", "fee", "元/m²·月 CNY/m²/month"),
        Field("parking_spaces", "whole", "车位", "Parking spaces", "parking"),
        Field("lifts", "whole", "电梯", "Lifts"),
        Field("units", "whole", "登记单元数", "Units followed"),
        Field("units_m2", "number", "登记单元面积", "Area of these units", unit="m²"),
        Field("vacant_m2", "number", "已知空置面积", "Known vacant", unit="m²"),
        Field(
            "soon_m2",
            "number",
            "预计可租面积",
            "Available soon",
            unit="m²",
            meaning="仅计已发布招商信息的单元",
            meaning_en="Published offers alone",
        ),
        Field("unknown_m2", "number", "状态未知面积", "State unknown", "unknown_m2", "m²"),
        Field("oldest_report_on", "day", "最早报送日", "Oldest report", "oldest_on"),
        Field("source", "text", "来源", "Source", meaning="见关于本文件", meaning_en="See about this file"),
    )


@cache
def unit_fields() -> tuple[Field, ...]:
    """The columns of the layer of units."""
    return (
        Field("code", "text", "单元编码", "Code"),
        Field("building_code", "text", "楼宇编码", "Code of the building", "bldg_code"),
        Field("building_name", "text", "楼宇", "Building", "building"),
        Field("building_name_en", "text", "楼宇英文名称", "English name of the building", "bldg_en"),
        Field("floor", "text", "楼层", "Floor", meaning="电梯所示层号", meaning_en="As the lift says"),
        Field(
            "floor_position",
            "whole",
            "楼层顺序",
            "Position of the floor",
            "floor_pos",
            meaning="1 为首层，-1 为地下一层",
            meaning_en="1 is the ground floor, -1 the first basement",
        ),
        Field("label", "text", "单元", "Unit"),
        Field("use", "text", "用途", "Use"),
        Field("area_m2", "number", "面积", "Area", unit="m²"),
        Field("area_basis", "text", "面积口径", "Basis of the area"),
        Field("min_area_m2", "number", "最小可分割面积", "Least area it can be divided into", "min_m2", "m²"),
        Field("occupancy", "text", "公开状态", "Public state", codes=tuple(taxonomy.occupancies("public"))),
        Field("rent_amount", "number", "挂牌租金", "Asking rent as quoted", "rent"),
        Field("rent_unit", "text", "租金单位", "Unit of the rent", codes=tuple(taxonomy.rent_units())),
        Field("rent_cny_m2_day", "number", "折算租金", "Asking rent per m² and day", "rent_day", "元/m²·天 CNY/m²/day"),
        Field("fitout", "text", "交付标准", "Fit-out", codes=tuple(taxonomy.fitouts())),
        Field(
            "available_on",
            "day",
            "可租时间",
            "Available from",
            "avail_on",
            meaning="精确到月",
            meaning_en="To the month",
        ),
        Field("reported_on", "day", "报送日", "Reported on", "report_on"),
        Field("verified_on", "day", "核实日", "Verified on", "verify_on"),
        Field("source", "text", "来源", "Source of the state"),
    )


def _distinct(words: Iterable[Word]) -> tuple[Word, ...]:
    """Words of several schemes, each code once."""
    return tuple({word.code: word for word in words}.values())
