"""What an import says of figures and targets. Joined to `messages.MESSAGES`."""

R = "rejected"

FIGURES: dict[str, tuple[str, str, str, str, str]] = {
    "figure_kind": (
        R,
        "{column}: there is no indicator '{value}'",
        "write one of {allowed}",
        "{column}：没有指标“{value}”",
        "请填写其中之一：{allowed}",
    ),
    "figure_place": (
        R,
        "{column}: '{value}' is not found, or there are several of that name",
        "write the whole name, the code from the address of its page, or the credit code",
        "{column}：没有找到“{value}”，或同名的不止一个",
        "请填写全名、页面地址里的编号，企业也可填统一社会信用代码",
    ),
    "figure_which_place": (
        R,
        "the row names no enterprise, building or area",
        "fill 企业, 楼宇 or 区域, or 对象类型 and 对象",
        "此行没有写明是哪家企业、哪幢楼宇或哪个区域",
        "请填写“企业”“楼宇”“区域”之一，或同时填写“对象类型”和“对象”",
    ),
    "figure_place_kind": (
        R,
        "{kind} is not entered of this kind of place ({place})",
        "enter it of what the dictionary of the template names",
        "“{kind}”不能按{place}填写",
        "请按模板“字典”表所列的对象填写",
    ),
    "figure_not_yours": (
        R,
        "{column}: your account may not enter {kind} of '{value}'",
        "ask whoever is responsible for it, or an administrator for the right",
        "{column}：您的账号不能为“{value}”填写“{kind}”",
        "请由其主管人员填写，或请管理员授权",
    ),
    "figure_period": (
        R,
        "{column} '{value}' is no period",
        "write 2025, 2025年一季度, 2025年上半年, 2025-03 or 2025年1-9月, in a cell formatted as text",
        "{column}“{value}”不是期间",
        "请写成 2025、2025年一季度、2025年上半年、2025-03 或 2025年1-9月，单元格设为文本",
    ),
    "figure_not_ended": (
        R,
        "{column} '{value}' has not ended",
        "enter the months that have, as 2025年1-9月",
        "{column}“{value}”还没有结束",
        "请按已过去的月份填写，例如 2025年1-9月",
    ),
    "figure_value": (
        R,
        "{column} '{value}' is no value of this indicator",
        "write {example}",
        "{column}“{value}”不是这项指标的数值",
        "请写成 {example}",
    ),
    "figure_number": (
        R,
        "{column} '{value}' is no number that makes sense here",
        "correct it, or leave it empty",
        "{column}“{value}”不是合理的数字",
        "请更正，不清楚就留空",
    ),
    "figure_counting": (
        R,
        "{column}: '{value}' is not known",
        "write one of {allowed}",
        "{column}：看不懂“{value}”",
        "请填写其中之一：{allowed}",
    ),
    "figure_year": (
        R,
        "{column} '{value}' is no year",
        "write four digits, or leave it empty where the plan names none",
        "{column}“{value}”不是年份",
        "请填写四位数字；规划没有写年份就留空",
    ),
    "figure_bound": (
        R,
        "{column}: '{value}' is not known",
        "write 不低于 or 不高于",
        "{column}：看不懂“{value}”",
        "请填写“不低于”或“不高于”",
    ),
    "figure_refused": (
        R,
        "the value '{value}' is not possible",
        "correct the row: shares lie between 0 and 100 %, and only tax may be below zero",
        "数值“{value}”不合理",
        "请更正此行：比例在 0 到 100% 之间，除税收外不为负",
    ),
    "figure_repeated": (
        R,
        "the row says the same thing as row {first}",
        "keep one of them",
        "此行与第 {first} 行说的是同一个数",
        "请只保留一行",
    ),
}
