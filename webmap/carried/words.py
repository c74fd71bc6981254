"""The words that the script of the offline file writes, in the language of the request."""

from collections.abc import Sequence

from flask_babel import gettext

from webmap.carried.asked import Carried
from webmap.names import hant
from webmap.words import word


def script_words(carried: Carried, asked: Sequence[str]) -> dict[str, str]:
    """Key → text; {names} are filled in by static/src/offline/words.js, `asked` is the filter in words."""
    return {
        "title": gettext("楼宇空置地图"),
        "heading": carried.heading,
        "greeting": carried.greeting,
        "sender": carried.sender,
        "gone": gettext("已不在册"),
        "asked_only": gettext("只看符合“%(filter)s”的房源", filter=" · ".join(asked)),
        "others": gettext("全部楼宇和筛选"),
        "wan": hant("万"),
        "filters": gettext("筛选"),
        "search": gettext("搜索"),
        "search_hint": gettext("楼宇名称、拼音、地址"),
        "area": gettext("面积"),
        "rent": gettext("租金"),
        "rent_unit": gettext("租金单位"),
        "rent_from": gettext("%(rent)s 起", rent="{rent}"),
        "area_of_town": gettext("区域"),
        "everywhere": gettext("全部"),
        "grade": gettext("等级"),
        "any": gettext("不限"),
        "sort": gettext("排序"),
        "sort_area": gettext("可租面积从大到小"),
        "sort_rent": gettext("租金从低到高"),
        "sort_floors": gettext("楼层从高到低"),
        "sort_name": gettext("名称"),
        "stale_too": gettext("包含久未确认的房源"),
        "n_buildings": gettext("{n} 幢楼宇"),
        "n_units": gettext("{n} 个单元"),
        "n_floors": gettext("{n} 层"),
        "to_let": gettext("可租"),
        "rate": gettext("空置率"),
        "leasable": gettext("可租售面积"),
        "floors": gettext("层数"),
        "year": gettext("建成年份"),
        "fee": gettext("物业费"),
        "unit": gettext("单元"),
        "fitout": gettext("交付"),
        "stamp": gettext("数据时效"),
        "verified": gettext("{day} 核实"),
        "from": gettext("{month} 起可租"),
        "plan": gettext("楼层剖面"),
        "back": gettext("返回列表"),
        "more": gettext("显示更多"),
        "nothing": gettext("没有符合条件的楼宇，请放宽条件。"),
        "none_here": gettext("这幢楼现在没有符合条件的房源。"),
        "no_units": gettext("这幢楼没有逐层登记。"),
        **{f"st_{code}": word(code, "occupancy") for code in ("vacant", "soon", "in_use", "own_use", "unknown")},
    }
