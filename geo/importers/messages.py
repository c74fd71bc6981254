"""Every sentence an import can say about a file, in English and Chinese, with its severity and remedy.

Places in braces are filled from the issue: `column`, `value`, `row` and whatever the reader adds.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from geo.importers.messages_database import DATABASE


class Severity(StrEnum):
    """How bad an issue is for the row: lost, changed, doubtful, or good to know."""

    REJECTED = "rejected"
    REPAIRED = "repaired"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence in two halves, what is wrong and what to do."""

    severity: Severity
    reason: str
    remedy: str
    reason_zh: str
    remedy_zh: str


def reason_of(code: str, words: dict[str, Any], locale: str) -> str:
    """Return what is wrong, filled in."""
    message = MESSAGES[code]
    return (message.reason_zh if locale.startswith("zh") else message.reason).format(**words)


def remedy_of(code: str, words: dict[str, Any], locale: str) -> str:
    """Return what to do, filled in; empty when nothing is to do."""
    message = MESSAGES[code]
    return (message.remedy_zh if locale.startswith("zh") else message.remedy).format(**words)


_R, _P, _W, _N = Severity.REJECTED, Severity.REPAIRED, Severity.WARNING, Severity.NOTE

_FILE = {
    "encoding_guessed": (
        _N,
        "the text is read as {encoding}, judged from its bytes",
        "give --encoding if names look wrong",
        "文本按 {encoding} 读取（据字节判断）",
        "若名称显示有误，请指定 --encoding",
    ),
    "encoding_odd_bytes": (
        _W,
        "{count} bytes are no characters of {encoding} and show as '�'",
        "save the file as UTF-8 or give --encoding",
        "有 {count} 个字节不属于 {encoding}，显示为“�”",
        "请另存为 UTF-8，或指定 --encoding",
    ),
    "layer_chosen": (
        _N,
        "only layer '{value}' is read, not {others}",
        "give --layer to read another",
        "仅读取图层“{value}”，未读取 {others}",
        "如需读取其他图层，请指定 --layer",
    ),
    "crs_assumed": (
        _N,
        "the file names no coordinate system; WGS-84 is taken",
        "give --crs if it is another, such as gcj02 from a map service",
        "文件未注明坐标系，按 WGS-84 处理",
        "若为其他坐标系（如地图服务的 gcj02），请指定 --crs",
    ),
    "axes_swapped": (
        _W,
        "{columns} hold the coordinates the other way round; they were swapped",
        "name the columns right with --map",
        "{columns} 两列坐标颠倒，已对调",
        "请用 --map 指明正确的列",
    ),
    "heading_unknown": (
        _N,
        "heading '{column}' is not recognised; closest: {closest}",
        "use --map '{column}=field' if it is needed",
        "未识别列名“{column}”，最接近：{closest}",
        "如需导入，请用 --map '{column}=字段'",
    ),
    "heading_second": (
        _N,
        "heading '{column}' means {field}, which is read from '{used}'",
        "use --map '{column}={field}' to read it instead",
        "列名“{column}”也表示 {field}，现读取“{used}”",
        "如需改用此列，请用 --map '{column}={field}'",
    ),
    "feature_kind_skipped": (
        _N,
        "{count} features of kind '{value}' are no {kind} and were skipped",
        "",
        "有 {count} 个类别为“{value}”的要素不属于 {kind}，已跳过",
        "",
    ),
}

_ROW = {
    "row_total": (_N, "'{value}' is a total and was skipped", "", "“{value}”为合计行，已跳过", ""),
    "row_footnote": (_N, "'{value}' is a footnote and was skipped", "", "“{value}”为附注，已跳过", ""),
    "row_header_again": (_N, "the header is repeated here and was skipped", "", "此处重复表头，已跳过", ""),
    "row_short": (
        _P,
        "the row has {found} of {expected} fields; all fit when {columns} are left blank",
        "check the row, or fill in the missing fields",
        "此行只有 {found} 个字段（应为 {expected} 个）；{columns} 留空后其余均相符",
        "请核对此行或补全字段",
    ),
    "row_long": (
        _P,
        "the row has {found} fields instead of {expected}; pieces of '{columns}' were joined again",
        "put text that holds the separator between quotes",
        "此行有 {found} 个字段（应为 {expected} 个）；已将“{columns}”的片段重新合并",
        "含分隔符的文本请加引号",
    ),
    "row_ambiguous": (
        _W,
        "the row has {found} of {expected} fields and they fit in several ways; {columns} were left blank",
        "fill in the missing fields",
        "此行只有 {found} 个字段（应为 {expected} 个），对齐方式不唯一；{columns} 留空",
        "请补全字段",
    ),
    "row_misaligned": (
        _R,
        "the row has {found} fields instead of {expected} and they do not fit the columns",
        "correct the separators of this row",
        "此行有 {found} 个字段（应为 {expected} 个），且与各列内容不符",
        "请更正此行的分隔符",
    ),
    "required_missing": (
        _R,
        "{column} is missing",
        "every row needs it",
        "缺少{column}",
        "每行必填",
    ),
    "key_repeated": (
        _W,
        "{column} '{value}' stands already in row {first}; both rows are kept",
        "give each its own",
        "{column}“{value}”已见于第 {first} 行，两行均保留",
        "请为每行指定不同的编号",
    ),
    "key_far_apart": (
        _W,
        "'{value}' stands on things half a kilometre apart, which were kept as several",
        "give each its own id, or name the right column with --map",
        "“{value}”用于相距半公里以上的要素，已按多个保存",
        "请为每个要素指定不同编号，或用 --map 指明编号列",
    ),
}

_VALUE = {
    "cell_error": (
        _W,
        "{column} holds the spreadsheet error '{value}'",
        "correct the formula; it was read as blank",
        "{column}为表格错误值“{value}”",
        "请更正公式；现按空白处理",
    ),
    "value_unreadable": (
        _W,
        "{column} '{value}' is no {expected}",
        "correct it; it was read as blank",
        "{column}“{value}”不是{expected_zh}",
        "请更正；现按空白处理",
    ),
    "value_out_of_range": (
        _W,
        "{column} '{value}' lies outside {low} to {high}",
        "correct it; it was read as blank",
        "{column}“{value}”超出 {low} 至 {high}",
        "请更正；现按空白处理",
    ),
    "value_rounded": (
        _W,
        "{column} '{value}' is no whole number; {result} is kept",
        "give full storeys",
        "{column}“{value}”不是整数，取 {result}",
        "请填写整数",
    ),
    "value_a_range": (
        _W,
        "{column} '{value}' is a range; {result} is kept",
        "give one number",
        "{column}“{value}”为区间，取 {result}",
        "请填写单一数值",
    ),
    "unit_doubtful": (
        _W,
        "{column} '{value}' has no known unit",
        "write the unit in the heading, such as 租金(元/㎡·天)",
        "{column}“{value}”的单位不明",
        "请在列名中注明单位，如“租金(元/㎡·天)”",
    ),
    "choice_unknown": (
        _W,
        "{column} '{value}' is none of {allowed}; it was read as unknown",
        "write one of them",
        "{column}“{value}”不属于 {allowed}，按未知处理",
        "请填写其中之一",
    ),
    "theme_unknown": (
        _N,
        "{column} '{value}' holds a theme that is not in data/taxonomies/themes.csv",
        "add it there if it is wanted",
        "{column}“{value}”含未收录的主题",
        "如需要，请加入 data/taxonomies/themes.csv",
    ),
    "industry_unknown": (
        _N,
        "industry '{value}' is not in GB/T 4754-2017",
        "give a code such as J66, or the standard's name",
        "行业“{value}”不在 GB/T 4754-2017 中",
        "请填写代码（如 J66）或标准名称",
    ),
    "level_unknown": (
        _W,
        "level '{value}' is not known",
        "write city, district, subdistrict, zone or block",
        "级别“{value}”未知",
        "请填写 市、区、街道、片区 或 地块",
    ),
    "amenity_other": (
        _N,
        "'{value}' is none of the amenity categories; the row was left out",
        "use --set category=… when all rows are of one category",
        "“{value}”不属于任何配套类别，此行未导入",
        "若全部属于同一类别，请用 --set category=…",
    ),
    "amenity_unfinished": (
        _N,
        "'{value}' is under construction and is kept as not open",
        "",
        "“{value}”在建，按未开通保存",
        "",
    ),
    "amenity_partly_open": (
        _N,
        "'{value}' is partly under construction and is kept as open",
        "",
        "“{value}”部分在建，按已开通保存",
        "",
    ),
    "ground_other": (
        _N,
        "'{value}' is no road, water, green, rail or plaza; the row was left out",
        "use --set kind=… when all rows are of one kind",
        "“{value}”不属于道路、水系、绿地、轨道或广场，此行未导入",
        "若全部属于同一类别，请用 --set kind=…",
    ),
    "blank_means": (
        _N,
        "{column} holds nothing but '{value}' and blanks; blank is read as {meaning}",
        "fill the blanks in if that is wrong",
        "{column}仅有“{value}”与空白，空白按 {meaning} 处理",
        "若不符，请填写空白处",
    ),
    "floor_range": (
        _W,
        "{column} '{value}' is a range",
        "give one floor per row",
        "{column}“{value}”为区间",
        "请每行填写一个楼层",
    ),
    "no_coordinates": (
        _W,
        "the row has no coordinates",
        "it is placed by its address where that is known",
        "此行没有坐标",
        "能匹配地址时按地址定位",
    ),
    "coordinates_bad": (
        _W,
        "'{value}' is no place on earth",
        "correct the coordinates; they were read as blank",
        "“{value}”不是有效坐标",
        "请更正；现按空白处理",
    ),
    "credit_code_bad": (
        _W,
        "{column} '{value}' fails its check digit",
        "compare it with the business licence",
        "{column}“{value}”校验位不符",
        "请与营业执照核对",
    ),
}

_GEOMETRY = {
    "geometry_missing": (_R, "there is no outline", "draw it or leave the row out", "没有轮廓", "请绘制轮廓或删除此行"),
    "geometry_wrong_type": (
        _R,
        "{value} is no {expected}",
        "give {expected} for this kind",
        "{value} 不是{expected}",
        "此类数据须为{expected}",
    ),
    "geometry_repaired": (
        _P,
        "the outline was invalid ({value}) and was repaired",
        "look at it on the map",
        "轮廓无效（{value}），已修复",
        "请在地图上核对",
    ),
    "geometry_unrepairable": (
        _R,
        "the outline is invalid ({value}) and nothing is left after repair",
        "draw it again",
        "轮廓无效（{value}），修复后为空",
        "请重新绘制",
    ),
    "geometry_unreadable": (
        _R,
        "the geometry cannot be read: {value}",
        "correct the WKT or WKB",
        "几何无法解析：{value}",
        "请更正 WKT 或 WKB",
    ),
    "geometry_merged": (
        _N,
        "{count} pieces of '{value}' were united",
        "",
        "“{value}”的 {count} 个片段已合并",
        "",
    ),
    "geometry_multipart": (
        _N,
        "the outline has {count} separate parts",
        "look at it on the map",
        "轮廓由 {count} 个分离部分组成",
        "请在地图上核对",
    ),
    "geometry_exploded": (
        _P,
        "one feature held {count} separate buildings; each became a row of its own",
        "ask for the file with one building per row",
        "一个要素含 {count} 栋分离的建筑，已逐栋拆分",
        "请索取一栋一行的数据",
    ),
}

_OSM = {
    "osm_way_cut": (
        _R,
        "way {value} is cut off at the edge of the extract ({missing} of its {count} nodes are missing)",
        "take a larger extract to have it whole",
        "路径 {value} 在数据边界处被截断（缺 {missing}/{count} 个节点）",
        "请使用范围更大的数据",
    ),
    "osm_relation_cut": (
        _R,
        "relation {value} is cut off at the edge of the extract ({missing} of its {count} ways are missing or cut)",
        "take a larger extract to have it whole",
        "关系 {value} 在数据边界处被截断（缺 {missing}/{count} 条路径）",
        "请使用范围更大的数据",
    ),
    "osm_area_cut": (
        _R,
        "area {value} is cut off at the edge of the extract ({missing} of its {count} parts are missing)",
        "take a larger extract to have it whole",
        "面 {value} 在数据边界处被截断（缺 {missing}/{count} 个组成部分）",
        "请使用范围更大的数据",
    ),
    "osm_relation_broken": (
        _R,
        "the ways of relation {value} form no area",
        "correct it in OpenStreetMap",
        "关系 {value} 的路径不能构成面",
        "请在 OpenStreetMap 中更正",
    ),
    "osm_relation_ignored": (
        _N,
        "relation {value} forms no area; its tags are not imported anyway",
        "",
        "关系 {value} 不能构成面；其标签亦不在导入之列",
        "",
    ),
    "osm_way_open": (
        _R,
        "building way {value} is not closed",
        "close it in OpenStreetMap",
        "建筑路径 {value} 未闭合",
        "请在 OpenStreetMap 中闭合",
    ),
    "osm_nodes_not_buildings": (
        _N,
        "{count} nodes tagged building are points, not outlines, and were not imported",
        "",
        "有 {count} 个带 building 标签的节点只是点，未作为建筑导入",
        "",
    ),
    "osm_unsorted": (_N, "the file is not sorted; it was sorted first", "", "文件未排序，已先行排序", ""),
}

MESSAGES: dict[str, Message] = {
    code: Message(Severity(severity), *sentences)
    for group in (_FILE, _ROW, _VALUE, _GEOMETRY, _OSM, DATABASE)
    for code, (severity, *sentences) in group.items()
}
