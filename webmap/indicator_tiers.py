"""What pages and reports say of tax and the tiers of towers: names, how it was counted, what is not shown and why."""

from flask_babel import gettext

from geo.figures import Counted
from geo.indicators.tiers import BELOW, NEXT, OVER, THOUSANDS
from webmap.config import current_settings
from webmap.locale import current_locale


def tier_name(tier: str) -> str:
    """What a tier is called."""
    names = {
        OVER: gettext("亿元楼"),
        NEXT: gettext("准亿元楼"),
        THOUSANDS: gettext("千万元楼"),
        BELOW: gettext("不到千万元"),
    }
    return names[tier]


def tier_limits(tier: str) -> str:
    """From which tax on a tower is in a tier."""
    said = {
        OVER: gettext("1 亿元以上"),
        NEXT: gettext("8000 万元至 1 亿元"),
        THOUSANDS: gettext("1000 万至 8000 万元"),
        BELOW: gettext("1000 万元以下"),
    }
    return said[tier]


def counted_said() -> str:
    """How the tax of indicators is counted: 全口径 · 入库 · 不含一次性税收 · 注册地."""
    locale = current_locale()
    return Counted().label(locale.language if locale is not None else "zh")


def rule_said() -> str:
    """Which sums of tax are published, as a sentence."""
    settings = current_settings()
    return gettext(
        "只用已公布的税收：一幢楼至少 %(n)s 户纳税、最大一户不超过 %(share)s%%，且与别的数相减也推算不出的才公布；"
        "由一户主导的楼宇不列税收、档次、排名和每平方米税收。",
        n=settings.least_contributors,
        share=f"{settings.largest_share_pct:g}",
    )
