"""What the pages of a copy are told once per language: words, names and the texts around them."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext, ngettext

from webmap.names import attribution
from webmap.words import vocabulary

KINDS = ("grade", "theme", "status", "occupancy", "fitout", "use", "area_basis", "fact", "said", "role")
KINDS += ("industry", "amenity", "rent_unit", "offer_kind")

_MANY = 90
"""A number that texts are asked for with, to be replaced."""


def page_words(boot: dict[str, Any], sources: Iterable[Any]) -> dict[str, Any]:
    """What `static/src/listed.js` draws pages with, in the language of the request; `boot` is the map page's."""
    kept = {name: boot[name] for name in ("locale", "prefix", "title", "words", "text", "fold")}
    return {
        **kept,
        "kinds": {kind: vocabulary(kind) for kind in KINDS},
        "areas": {area["code"]: area["name"] for area in boot["areas"]},
        "sources": {source.id: str(attribution(source)) for source in sources},
        "said": _texts(),
    }


def _texts() -> dict[str, str]:
    """The texts of the site's own pages under short names; `{…}` stands for what is filled in."""
    return {
        "and": gettext("、"),
        "place": gettext("位置"),
        "unnamed": gettext("未命名楼宇"),
        "leasable": gettext("可租售面积"),
        "unstated": gettext("未登记"),
        "gross": gettext("总建筑面积 %(area)s", area="{area}"),
        "vacant": gettext("可租"),
        "soon": gettext("预计可租另有 %(area)s", area="{area}"),
        "units": ngettext("%(num)s 个单元", "%(num)s 个单元", _MANY).replace(str(_MANY), "{n}"),
        "units_1": ngettext("%(num)s 个单元", "%(num)s 个单元", 1),
        "rate": gettext("空置率"),
        "of_leasable": gettext("占可租售面积"),
        "of_units": gettext("占已登记单元 %(area)s", area="{area}"),
        "unknown": gettext("未知 %(share)s", share="{share}"),
        "rent": gettext("挂牌租金"),
        "asked": gettext("租金"),
        "to_agree": gettext("面议"),
        "nothing": gettext("暂无可租"),
        "not_quoted": gettext("未挂牌"),
        "firms": gettext("入驻企业"),
        "leading": gettext("%(group)s为主，占 %(share)s", group="{group}", share="{share}"),
        "plan": gettext("楼层剖面"),
        "no_plan": gettext("尚无楼层和单元的登记。"),
        "on_market": gettext("可租房源"),
        "no_market": gettext("目前没有公开可租的单元。"),
        "unit": gettext("单元"),
        "floor": gettext("楼层"),
        "area": gettext("面积"),
        "area_unknown": gettext("面积不详"),
        "handed_over": gettext("交付"),
        "available": gettext("可租时间"),
        "at_once": gettext("即时"),
        "age": gettext("数据时效"),
        "reported": gettext("报送"),
        "nobody": gettext("无人报送"),
        "checked": gettext("%(ago)s核实", ago="{day} "),
        "unchecked": gettext("未核实"),
        "recorded": gettext("%(day)s 录入", day="{day}"),
        "divisible": gettext("%(area)s 起可分割", area="{area}"),
        "conditions": gettext("楼宇条件"),
        "typical": gettext("标准层面积"),
        "fee": gettext("物业费"),
        "parking": gettext("停车位"),
        "lifts": gettext("客梯"),
        "undated": gettext("日期不详"),
        "contact": gettext("联系"),
        "around": gettext("周边配套"),
        "inside": gettext("楼内"),
        "on_foot": gettext("步行 %(metres)s 米", metres="{metres}"),
        "straight": gettext("直线 %(metres)s 米", metres="{metres}"),
        "industries": gettext("楼内产业"),
        "industry": gettext("行业"),
        "share": gettext("占比"),
        "count": gettext("企业数"),
        "names": gettext("企业名称"),
        "no_names": gettext("名称不公开"),
        "sources": gettext("数据来源"),
        "as_reported": gettext("面积、租金为来源所报，未经本站测量；以合同为准。"),
        "state": gettext("使用状态"),
        "terms": gettext("租赁条件"),
        "kind": gettext("方式"),
        "tax": gettext("税"),
        "included": gettext("已含"),
        "apart": gettext("另付"),
        "rent_free": gettext("免租期"),
        "with_fee": gettext("%(months)s，免物业费", months="{months}"),
        "without_fee": gettext("%(months)s，物业费照付", months="{months}"),
        "deposit": gettext("押金"),
        "escalation": gettext("年递增"),
        "restoration": gettext("恢复原状"),
        "restored": gettext("%(amount)s 元/m²，退租时", amount="{amount}"),
        "months": ngettext("%(num)s 个月", "%(num)s 个月", _MANY).replace(str(_MANY), "{n}"),
        "months_1": ngettext("%(num)s 个月", "%(num)s 个月", 1),
        "whole": gettext("看整栋楼"),
        "on_map": gettext("在三维地图中查看"),
        "same_floor": gettext("在本层的位置"),
        "more": gettext("本楼其他可租单元"),
        "full_page": gettext("完整页面（走势、周边同行）"),
        "one_day": gettext("副本只有这一天的情况，没有历史走势。"),
    }
