"""What an import says of a file as a whole and of its rows. Joined to `messages.MESSAGES`."""

R, P, W, N = "rejected", "repaired", "warning", "note"

FILE: dict[str, tuple[str, str, str, str, str]] = {
    "not_checked": (
        N,
        "the file was trusted: outlines, places and repeated ids were not examined",
        "",
        "文件按可信处理：未检查轮廓、位置和重复编号",
        "",
    ),
    "encoding_guessed": (
        N,
        "the text is read as {encoding}, judged from its bytes",
        "give --encoding if names look wrong",
        "文本按 {encoding} 读取（据字节判断）",
        "若名称显示有误，请指定 --encoding",
    ),
    "encoding_odd_bytes": (
        W,
        "{count} bytes are no characters of {encoding} and show as '�'",
        "save the file as UTF-8 or give --encoding",
        "有 {count} 个字节不属于 {encoding}，显示为“�”",
        "请另存为 UTF-8，或指定 --encoding",
    ),
    "layer_chosen": (
        N,
        "only layer '{value}' is read, not {others}",
        "give --layer to read another",
        "仅读取图层“{value}”，未读取 {others}",
        "如需读取其他图层，请指定 --layer",
    ),
    "crs_assumed": (
        N,
        "the file names no coordinate system; WGS-84 is taken",
        "give --crs if it is another, such as gcj02 from a map service",
        "文件未注明坐标系，按 WGS-84 处理",
        "若为其他坐标系（如地图服务的 gcj02），请指定 --crs",
    ),
    "axes_swapped": (
        W,
        "{columns} hold the coordinates the other way round; they were swapped",
        "name the columns right with --map",
        "{columns} 两列坐标颠倒，已对调",
        "请用 --map 指明正确的列",
    ),
    "heading_unknown": (
        N,
        "heading '{column}' is not recognised; closest: {closest}",
        "use --map '{column}=field' if it is needed",
        "未识别列名“{column}”，最接近：{closest}",
        "如需导入，请用 --map '{column}=字段'",
    ),
    "heading_second": (
        N,
        "heading '{column}' means {field}, which is read from '{used}'",
        "use --map '{column}={field}' to read it instead",
        "列名“{column}”也表示 {field}，现读取“{used}”",
        "如需改用此列，请用 --map '{column}={field}'",
    ),
    "feature_kind_skipped": (
        N,
        "{count} features of kind '{value}' are no {kind} and were skipped",
        "",
        "有 {count} 个类别为“{value}”的要素不属于 {kind}，已跳过",
        "",
    ),
}

ROW: dict[str, tuple[str, str, str, str, str]] = {
    "row_total": (N, "'{value}' is a total and was skipped", "", "“{value}”为合计行，已跳过", ""),
    "row_footnote": (N, "'{value}' is a footnote and was skipped", "", "“{value}”为附注，已跳过", ""),
    "row_header_again": (N, "the header is repeated here and was skipped", "", "此处重复表头，已跳过", ""),
    "row_short": (
        P,
        "the row has {found} of {expected} fields; all fit when {columns} are left blank",
        "check the row, or fill in the missing fields",
        "此行只有 {found} 个字段（应为 {expected} 个）；{columns} 留空后其余均相符",
        "请核对此行或补全字段",
    ),
    "row_long": (
        P,
        "the row has {found} fields instead of {expected}; pieces of '{columns}' were joined again",
        "put text that holds the separator between quotes",
        "此行有 {found} 个字段（应为 {expected} 个）；已将“{columns}”的片段重新合并",
        "含分隔符的文本请加引号",
    ),
    "row_ambiguous": (
        W,
        "the row has {found} of {expected} fields and they fit in several ways; {columns} were left blank",
        "fill in the missing fields",
        "此行只有 {found} 个字段（应为 {expected} 个），对齐方式不唯一；{columns} 留空",
        "请补全字段",
    ),
    "row_misaligned": (
        R,
        "the row has {found} fields instead of {expected} and they do not fit the columns",
        "correct the separators of this row",
        "此行有 {found} 个字段（应为 {expected} 个），且与各列内容不符",
        "请更正此行的分隔符",
    ),
    "required_missing": (
        R,
        "{column} is missing",
        "every row needs it",
        "缺少{column}",
        "每行必填",
    ),
    "key_repeated": (
        W,
        "{column} '{value}' stands already in row {first}; both rows are kept",
        "give each its own",
        "{column}“{value}”已见于第 {first} 行，两行均保留",
        "请为每行指定不同的编号",
    ),
    "key_far_apart": (
        W,
        "'{value}' stands on things half a kilometre apart, which were kept as several",
        "give each its own id, or name the right column with --map",
        "“{value}”用于相距半公里以上的要素，已按多个保存",
        "请为每个要素指定不同编号，或用 --map 指明编号列",
    ),
}
