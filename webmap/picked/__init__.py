"""Units that somebody has picked, with notes, filled in as they stand: in words, a workbook, on a map and on paper."""
