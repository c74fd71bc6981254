"""Writes what an answer counts: enterprises, square metres or ten thousands of yuan."""

from datetime import date

from flask_babel import gettext

from geo.clusters.amounts import MEASURES, Measure
from geo.clusters.analysis import Findings
from webmap.cluster_ground import may_know
from webmap.numbers import Number, day, number
from webmap.words import industry_name

_TENS_OF_THOUSANDS = 10_000


def amount(value: Number, by: Measure, digits: int = 0) -> str:
    """A number as the tables have it, without its unit; of tax in ten thousands of yuan."""
    return number(value / _TENS_OF_THOUSANDS if by == "tax" else value, digits if by == "enterprises" else 0)


def with_unit(value: Number, by: Measure, digits: int = 0) -> str:
    """The same with its unit."""
    told = amount(value, by, digits)
    if by == "enterprises":
        return gettext("%(n)s 家", n=told)
    return f"{told} m²" if by == "area" else gettext("%(n)s 万元", n=told)


def unit(by: Measure) -> str:
    """The unit of a column."""
    return {"enterprises": gettext("家"), "area": "m²", "tax": gettext("万元")}[by]


def offered() -> dict[Measure, str]:
    """The measures that whoever asks may choose, with their names."""
    names = {"enterprises": gettext("企业数"), "area": gettext("用房面积"), "tax": gettext("税收（税收专员）")}
    return {by: names[by] for by in MEASURES if by != "tax" or may_know("tax")}


def monthly() -> dict[Measure, str]:
    """Those of them that there is an answer about for every month."""
    return {by: name for by, name in offered().items() if by == "enterprises" or (by == "area" and may_know("area"))}


def sentence(found: Findings, on: date) -> str:
    """The answer in one sentence."""
    by = found.question.by
    told = {
        "day": day(on),
        "name": industry_name(found.question.industry),
        "firms": number(found.firms),
        "total": with_unit(found.total, by),
        "all": with_unit(found.everything, by),
        "share": f"{found.share:.1%}",
        "cells": number(len(found.here)),
        "hot": number(int(found.hot.sum())),
        "cold": number(int(found.cold.sum())),
    }
    if by == "area":
        return gettext(
            "%(day)s，%(name)s %(firms)s 家用房 %(total)s，占 %(all)s 的 %(share)s。"
            "%(cells)s 个网格中，%(hot)s 个为热点，%(cold)s 个为冷点。",
            **told,
        )
    return gettext(
        "%(day)s止一年，%(name)s %(firms)s 家缴税 %(total)s，占 %(all)s 的 %(share)s。"
        "%(cells)s 个网格中，%(hot)s 个为热点，%(cold)s 个为冷点。",
        **told,
    )
