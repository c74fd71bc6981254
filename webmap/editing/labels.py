"""The names of fields on forms, and what is wrong with a text, in the reader's language."""

from flask_babel import gettext

from geo.editing.controls import Control
from geo.errors import BadParameterError


def field_label(table: str, field: str) -> str:
    """The name of a field of a table; of a field that has none, the field itself."""
    known = {**_shared(), **_by_table().get(table, {})}
    return known.get(field, field)


def what_is_wrong(table: str, control: Control, error: BadParameterError) -> str:
    """Why a field does not take a text, and what it takes."""
    if error.allowed.startswith(("not more than ", "not less than ")):
        other = field_label(table, error.allowed.split(" ")[3])
        more = error.allowed.startswith("not more")
        return gettext("不能大于“%(other)s”。", other=other) if more else gettext("不能小于“%(other)s”。", other=other)
    if not error.value:
        return gettext("请填写。")
    if control.kind == "number":
        return gettext("请填 %(least)s 到 %(most)s 之间的数字。", least=control.least, most=control.most)
    if control.kind == "day":
        return gettext("请填日期，如 2026-11-20。")
    if control.kind in ("text", "long"):
        return gettext("最多 %(most)s 个字。", most=control.most or 200)
    return gettext("请从列表中选择。")


def _shared() -> dict[str, str]:
    return {
        "name": gettext("名称"),
        "name_en": gettext("英文名称"),
        "address": gettext("地址"),
        "publishable": gettext("对外公开"),
        "use": gettext("用途"),
        "kind": gettext("类别"),
        "geom": gettext("轮廓"),
        "height_m": gettext("高度"),
        "base_height_m": gettext("起始高度"),
        "label": gettext("标识"),
        "unit": gettext("单位"),
        "dated_on": gettext("日期"),
        "area_m2": gettext("面积"),
        "withdrawn_at": gettext("撤下"),
    }


def _by_table() -> dict[str, dict[str, str]]:
    return {
        "buildings": {
            "aliases": gettext("别名"),
            "address_en": gettext("英文地址"),
            "status": gettext("状态"),
            "floors_above": gettext("地上层数"),
            "floors_below": gettext("地下层数"),
            "gross_area_m2": gettext("总建筑面积"),
            "leasable_area_m2": gettext("可租售面积"),
            "typical_floor_area_m2": gettext("标准层面积"),
            "completed_year": gettext("竣工年份"),
            "grade": gettext("等级"),
            "grade_scheme": gettext("等级标准"),
            "star": gettext("星级"),
            "themes": gettext("特色"),
            "property_fee_cny_m2_month": gettext("物业费"),
            "parking_spaces": gettext("车位数"),
            "lifts": gettext("电梯数"),
        },
        "sections": {"floor_from": gettext("自第几层"), "floor_to": gettext("至第几层")},
        "floors": {
            "label": gettext("楼层标识"),
            "storey_height_m": gettext("层高"),
            "clear_height_m": gettext("净高"),
            "load_kn_m2": gettext("楼面荷载"),
        },
        "units": {"label": gettext("房号"), "area_basis": gettext("面积口径"), "exists": gettext("存续")},
        "building_facts": {"value": gettext("内容")},
        "offers": {
            "kind": gettext("方式"),
            "title": gettext("标题"),
            "rent_low": gettext("租金（起）"),
            "rent_high": gettext("租金（至）"),
            "rent_unit": gettext("租金单位"),
            "tax_included": gettext("含税"),
            "property_fee_included": gettext("含物业费"),
            "area_basis": gettext("面积口径"),
            "min_area_m2": gettext("最小分割面积"),
            "fitout": gettext("交付标准"),
            "available_on": gettext("可入驻日期"),
            "rent_free_months": gettext("免租月数"),
            "rent_free_with_fee": gettext("免租期也免物业费"),
            "escalation_pct": gettext("每年递增"),
            "deposit_months": gettext("押金月数"),
            "restoration_cny_m2": gettext("恢复原状费用"),
            "valid_until": gettext("有效至"),
        },
        "parties": {
            "business_phone": gettext("工作电话"),
            "business_email": gettext("工作邮箱"),
            "contact_consent": gettext("同意公开联系方式"),
        },
    }
