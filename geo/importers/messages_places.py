"""What an import says of outlines and of OpenStreetMap objects. Joined to `messages.MESSAGES`."""

R, P, W, N = "rejected", "repaired", "warning", "note"

GEOMETRY: dict[str, tuple[str, str, str, str, str]] = {
    "geometry_missing": (R, "there is no outline", "draw it or leave the row out", "没有轮廓", "请绘制轮廓或删除此行"),
    "geometry_wrong_type": (
        R,
        "{value} is no {expected}",
        "give {expected} for this kind",
        "{value} 不是{expected}",
        "此类数据须为{expected}",
    ),
    "geometry_repaired": (
        P,
        "the outline was invalid ({value}) and was repaired",
        "look at it on the map",
        "轮廓无效（{value}），已修复",
        "请在地图上核对",
    ),
    "geometry_unrepairable": (
        R,
        "the outline is invalid ({value}) and nothing is left after repair",
        "draw it again",
        "轮廓无效（{value}），修复后为空",
        "请重新绘制",
    ),
    "geometry_too_detailed": (
        R,
        "the geometry has {value} corners; a map can draw {most}",
        "simplify it, or give every building a row of its own",
        "几何有 {value} 个顶点，地图最多绘制 {most} 个",
        "请简化，或一栋一行",
    ),
    "geometry_unreadable": (
        W,
        "the geometry cannot be read: {value}",
        "correct the WKT or WKB",
        "几何无法解析：{value}",
        "请更正 WKT 或 WKB",
    ),
    "geometry_merged": (
        N,
        "{count} pieces of '{value}' were united",
        "",
        "“{value}”的 {count} 个片段已合并",
        "",
    ),
    "geometry_multipart": (
        N,
        "the outline has {count} separate parts",
        "look at it on the map",
        "轮廓由 {count} 个分离部分组成",
        "请在地图上核对",
    ),
    "geometry_exploded": (
        P,
        "one feature held {count} separate buildings; each became a row of its own",
        "ask for the file with one building per row",
        "一个要素含 {count} 栋分离的建筑，已逐栋拆分",
        "请索取一栋一行的数据",
    ),
}

OSM: dict[str, tuple[str, str, str, str, str]] = {
    "osm_way_cut": (
        R,
        "way {value} is cut off at the edge of the extract ({missing} of its {count} nodes are missing)",
        "take a larger extract to have it whole",
        "路径 {value} 在数据边界处被截断（缺 {missing}/{count} 个节点）",
        "请使用范围更大的数据",
    ),
    "osm_relation_cut": (
        R,
        "relation {value} is cut off at the edge of the extract ({missing} of its {count} ways are missing or cut)",
        "take a larger extract to have it whole",
        "关系 {value} 在数据边界处被截断（缺 {missing}/{count} 条路径）",
        "请使用范围更大的数据",
    ),
    "osm_area_cut": (
        R,
        "area {value} is cut off at the edge of the extract ({missing} of its {count} parts are missing)",
        "take a larger extract to have it whole",
        "面 {value} 在数据边界处被截断（缺 {missing}/{count} 个组成部分）",
        "请使用范围更大的数据",
    ),
    "osm_relation_broken": (
        R,
        "the ways of relation {value} form no area",
        "correct it in OpenStreetMap",
        "关系 {value} 的路径不能构成面",
        "请在 OpenStreetMap 中更正",
    ),
    "osm_relation_ignored": (
        N,
        "relation {value} forms no area; its tags are not imported anyway",
        "",
        "关系 {value} 不能构成面；其标签亦不在导入之列",
        "",
    ),
    "osm_way_open": (
        R,
        "building way {value} is not closed",
        "close it in OpenStreetMap",
        "建筑路径 {value} 未闭合",
        "请在 OpenStreetMap 中闭合",
    ),
    "osm_nodes_not_buildings": (
        N,
        "{count} nodes tagged building are points, not outlines, and were not imported",
        "",
        "有 {count} 个带 building 标签的节点只是点，未作为建筑导入",
        "",
    ),
    "osm_unsorted": (N, "the file is not sorted; it was sorted first", "", "文件未排序，已先行排序", ""),
}
