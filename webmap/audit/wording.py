"""The audit in words: what tables and columns are called, and their values."""

from typing import Any

from flask_babel import gettext

from geo.taxonomy import Word
from webmap.names import label
from webmap.words import word

_TABLES = (
    Word("alerts", "订阅", "Alerts"),
    Word("amenities", "配套设施", "Amenities"),
    Word("amenity_distances", "配套距离", "Distances"),
    Word("areas", "区域", "Areas"),
    Word("attempts", "登录尝试", "Sign-in attempts"),
    Word("building_facts", "楼宇条件", "Building conditions"),
    Word("buildings", "楼宇", "Building"),
    Word("clusters", "产业集群", "Clusters"),
    Word("complexes", "项目", "Item"),
    Word("confirmations", "无变化确认", "Confirmation"),
    Word("enterprises", "企业", "Enterprise"),
    Word("field_edits", "人工更正", "Correction"),
    Word("files", "文件", "File"),
    Word("floors", "楼层", "Floor"),
    Word("import_runs", "导入", "Import"),
    Word("import_uploads", "上传", "Upload"),
    Word("inquiries", "询问", "Inquiry"),
    Word("inquiry_messages", "询问的消息", "Message of an inquiry"),
    Word("invitations", "邀请", "Invitation"),
    Word("mails", "邮件", "Mail"),
    Word("offer_units", "招商信息的单元", "Unit of an offer"),
    Word("offers", "招商信息", "Offer"),
    Word("parties", "相关单位", "Party"),
    Word("party_roles", "单位角色", "Role of a party"),
    Word("pictures", "图片", "Picture"),
    Word("report_links", "填报链接", "Report link"),
    Word("return_lines", "填报条目", "Line of a return"),
    Word("return_submissions", "填报", "Return"),
    Word("sections", "楼宇分部", "Section"),
    Word("sessions", "登录会话", "Session"),
    Word("sources", "数据来源", "Source"),
    Word("tenancies", "入驻关系", "Tenancy"),
    Word("unit_states", "单元状态", "State of a unit"),
    Word("units", "单元", "Unit"),
    Word("user_roles", "账号角色", "Role of an account"),
    Word("users", "账号", "Account"),
    Word("vacancy_returns", "空置周报", "Weekly return"),
)
_COLUMNS = (
    Word("address", "地址", "Address"),
    Word("area_basis", "面积口径", "Area basis"),
    Word("area_m2", "面积", "Area"),
    Word("available_on", "可租时间", "Available from"),
    Word("contract", "合同", "Contract"),
    Word("email", "邮箱", "E-mail"),
    Word("fitout", "交付标准", "Fit-out"),
    Word("full_name", "姓名", "Name"),
    Word("grade", "等级", "Grade"),
    Word("known", "知悉时段", "Known during"),
    Word("label", "房号", "Room"),
    Word("lifts", "电梯", "Lifts"),
    Word("name", "名称", "Name"),
    Word("name_en", "英文名称", "English name"),
    Word("occupancy", "使用状态", "Occupancy"),
    Word("offer_id", "招商信息", "Offer"),
    Word("password_hash", "密码", "Password"),
    Word("public_status", "公开状态", "Public state"),
    Word("publishable", "可公开", "Publishable"),
    Word("rent_amount", "租金", "Rent"),
    Word("rent_cny_m2_day", "租金（元/㎡·天）", "Rent, CNY/m²/day"),
    Word("rent_high", "租金上限", "Highest rent"),
    Word("rent_low", "租金下限", "Lowest rent"),
    Word("rent_unit", "租金单位", "Rent unit"),
    Word("reported_on", "填报日期", "Reported on"),
    Word("role", "角色", "Role"),
    Word("state", "状态", "State"),
    Word("status", "状态", "State"),
    Word("use", "用途", "Use"),
    Word("valid", "有效时段", "Valid during"),
    Word("verified_on", "核实日期", "Verified on"),
    Word("withdrawn_at", "撤下时间", "Withdrawn at"),
)
_KINDS = {
    "occupancy": "occupancy",
    "public_status": "occupancy",
    "fitout": "fitout",
    "use": "use",
    "rent_unit": "rent_unit",
    "area_basis": "area_basis",
}
_LONGEST = 160
_TABLE_WORDS = {each.code: each for each in _TABLES}
_COLUMN_WORDS = {each.code: each for each in _COLUMNS}


def table_name(table: str) -> str:
    """What a table is about; its own name where it has no word."""
    return _word(_TABLE_WORDS, table)


def column_name(column: str) -> str:
    """What a column is called; its own name where it has no word."""
    return _word(_COLUMN_WORDS, column)


def told(value: Any, column: str) -> str:
    """A value as text: codes as words, long ones cut."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    text = word(value, _KINDS[column]) if column in _KINDS and isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _word(words: dict[str, Word], code: str) -> str:
    return label(words[code]) if code in words else code
