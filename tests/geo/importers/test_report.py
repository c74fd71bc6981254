import json
import string

import openpyxl
import pytest

from geo.importers.fields import Kind
from geo.importers.messages import MESSAGES
from geo.importers.report import ImportReport, IssueLog


def report_on(read, name, kind, **options):
    found = read(name, kind, **options)
    report = ImportReport(name, str(kind), dry_run=True, encoding=found.file.info.encoding, crs=found.file.crs)
    report.recognition = found.file.recognition.as_json()
    report.take(found.log)
    return report


def test_the_report_reads_as_sentences_in_both_languages(read):
    report = report_on(read, "titles_and_totals.csv", Kind.UNITS)
    assert "Row 5: 楼层 '3F-4F' is a range; give one floor per row." in report.as_text("en")
    assert "第5行：楼层“3F-4F”为区间；请每行填写一个楼层。" in report.as_text("zh")


def test_json_holds_counts_and_every_issue_with_row_column_value_reason_and_remedy(read):
    content = json.loads(report_on(read, "ragged_rows.csv", Kind.UNITS).to_json())
    assert content["rows"]["read"] == 43
    assert content["rows"]["rejected"] == 1
    rejected = next(issue for issue in content["issues"] if issue["severity"] == "rejected")
    assert (rejected["row"], rejected["code"]) == (32, "row_misaligned")
    assert "10 fields instead of 7" in rejected["reason"]
    assert rejected["remedy"]


def test_the_workbook_lists_the_issues_and_what_the_columns_mean(read, tmp_path):
    report_on(read, "enterprises.csv", Kind.ENTERPRISES).to_xlsx(tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    issues = list(book["issues"].iter_rows(values_only=True))
    assert issues[0][:3] == ("row", "column", "value")
    assert any(row[1] == "统一社会信用代码" and row[3] == "warning" for row in issues)
    assert ("企业名称", "name", None) in list(book["columns"].iter_rows(values_only=True))


def test_a_text_that_looks_like_a_formula_is_not_run_by_the_spreadsheet(tmp_path):
    log = IssueLog()
    log.add("choice_unknown", row=2, column="状态", value="=HYPERLINK(1)", allowed="空置")
    report = ImportReport("x.csv", "units")
    report.take(log)
    report.to_xlsx(tmp_path / "report.xlsx")
    assert openpyxl.load_workbook(tmp_path / "report.xlsx")["issues"]["C2"].value == "'=HYPERLINK(1)"


def test_many_issues_are_counted_but_not_all_kept():
    log = IssueLog(kept=3)
    for row in range(10):
        log.add("row_total", row=row, value="合计")
    assert (len(log.issues), log.by_code["row_total"]) == (3, 10)


def test_the_terminal_shows_the_first_of_many_and_the_number_of_the_rest():
    log = IssueLog()
    for row in range(1, 31):
        log.add("row_misaligned", row=row, found=3, expected=4)
    report = ImportReport("x.csv", "units")
    report.take(log)
    text = report.as_text("en", issues=5)
    assert text.count("[rejected]") == 5
    assert "25 more" in text


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_both_languages_of_a_sentence_have_the_same_places(code):
    def places(*texts):
        return {name.removesuffix("_zh") for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}

    message = MESSAGES[code]
    assert places(message.reason, message.remedy) == places(message.reason_zh, message.remedy_zh)
