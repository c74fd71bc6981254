"""Words of a sentence that ask for nothing by themselves."""

import re

_CHINESE = """
需要 我们 我司 我公司 我 想要 想 要 求租 找 寻找 租赁 租用 租 办公室 办公楼 写字楼 办公空间 办公 场地
房源 一个 一间 一层 一处 面积 租金 预算 月租 附近 最好 希望 必须 一定 优先 可以 可 能 位于 在 的 有 和
或者 或 及 与 并 且 都 也 请 帮忙 帮 您好 你好 谢谢 公司 企业 团队 行业 从事 做 是 为 左右 以内 之内 内
前 入驻 搬入 了 吗 呢 吧 交付 装修 楼层 楼宇 大楼 离 到 步行 带 近 每月 一月 上海 个 这 那 里 给 月 大概
大约 约 不要 需 于 区域 整层 等
"""
_ENGLISH = """
we i need needs want wants looking look for a an the office offices space with and or in at of to is are be
our my please from by near would like should must have has some on floor floors per month team company firm
rent budget move moving around about within building unit units area location located close walk walking sqm
people staff preferably ideally prefer that this it us me can could find hi hello thanks you available
industry fit out fit-out if possible
"""

FILLERS = re.compile(
    "|".join(sorted(_CHINESE.split(), key=len, reverse=True)) + rf"|(?<![a-z])(?:{'|'.join(_ENGLISH.split())})(?![a-z])"
)
"""In a folded text (`geo/matching/plain_text.py`)."""
