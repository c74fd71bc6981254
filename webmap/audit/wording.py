"""The audit in words: what tables and columns are called, and their values."""

from typing import Any

from flask_babel import gettext, lazy_gettext

from webmap.words import word

_TABLES = {
    "alerts": lazy_gettext("订阅"),
    "amenities": lazy_gettext("配套设施"),
    "amenity_distances": lazy_gettext("配套距离"),
    "areas": lazy_gettext("区域"),
    "attempts": lazy_gettext("登录尝试"),
    "building_facts": lazy_gettext("楼宇条件"),
    "buildings": lazy_gettext("楼宇"),
    "clusters": lazy_gettext("产业集群"),
    "complexes": lazy_gettext("项目"),
    "confirmations": lazy_gettext("无变化确认"),
    "enterprises": lazy_gettext("企业"),
    "field_edits": lazy_gettext("人工更正"),
    "files": lazy_gettext("文件"),
    "floors": lazy_gettext("楼层"),
    "import_runs": lazy_gettext("导入"),
    "import_uploads": lazy_gettext("上传"),
    "inquiries": lazy_gettext("询问"),
    "inquiry_messages": lazy_gettext("询问的消息"),
    "invitations": lazy_gettext("邀请"),
    "mails": lazy_gettext("邮件"),
    "offer_units": lazy_gettext("招商信息的单元"),
    "offers": lazy_gettext("招商信息"),
    "parties": lazy_gettext("相关单位"),
    "party_roles": lazy_gettext("单位角色"),
    "pictures": lazy_gettext("图片"),
    "report_links": lazy_gettext("填报链接"),
    "return_lines": lazy_gettext("填报条目"),
    "return_submissions": lazy_gettext("填报"),
    "sections": lazy_gettext("楼宇分部"),
    "sessions": lazy_gettext("登录会话"),
    "sources": lazy_gettext("数据来源"),
    "tenancies": lazy_gettext("入驻关系"),
    "unit_states": lazy_gettext("单元状态"),
    "units": lazy_gettext("单元"),
    "user_roles": lazy_gettext("账号角色"),
    "users": lazy_gettext("账号"),
    "vacancy_returns": lazy_gettext("空置周报"),
}
_COLUMNS = {
    "address": lazy_gettext("地址"),
    "area_basis": lazy_gettext("面积口径"),
    "area_m2": lazy_gettext("面积"),
    "available_on": lazy_gettext("可租时间"),
    "contract": lazy_gettext("合同"),
    "email": lazy_gettext("邮箱"),
    "fitout": lazy_gettext("交付标准"),
    "full_name": lazy_gettext("姓名"),
    "grade": lazy_gettext("等级"),
    "known": lazy_gettext("知悉时段"),
    "label": lazy_gettext("房号"),
    "lifts": lazy_gettext("电梯"),
    "name": lazy_gettext("名称"),
    "name_en": lazy_gettext("英文名称"),
    "occupancy": lazy_gettext("使用状态"),
    "password_hash": lazy_gettext("密码"),
    "public_status": lazy_gettext("公开状态"),
    "publishable": lazy_gettext("可公开"),
    "rent_amount": lazy_gettext("租金"),
    "rent_high": lazy_gettext("租金上限"),
    "rent_low": lazy_gettext("租金下限"),
    "rent_unit": lazy_gettext("租金单位"),
    "reported_on": lazy_gettext("填报日期"),
    "role": lazy_gettext("角色"),
    "state": lazy_gettext("状态"),
    "status": lazy_gettext("状态"),
    "use": lazy_gettext("用途"),
    "valid": lazy_gettext("有效时段"),
    "verified_on": lazy_gettext("核实日期"),
    "withdrawn_at": lazy_gettext("撤下时间"),
}
_KINDS = {
    "occupancy": "occupancy",
    "public_status": "occupancy",
    "fitout": "fitout",
    "use": "use",
    "rent_unit": "rent_unit",
    "area_basis": "area_basis",
}
_LONGEST = 160


def table_name(table: str) -> str:
    """What a table is about; its own name where it has no word."""
    return str(_TABLES.get(table, table))


def column_name(column: str) -> str:
    """What a column is called; its own name where it has no word."""
    return str(_COLUMNS.get(column, column))


def told(value: Any, column: str) -> str:
    """A value as text: codes as words, long ones cut."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    text = word(value, _KINDS[column]) if column in _KINDS and isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
