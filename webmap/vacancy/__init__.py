"""The weekly return: managers report on a phone, in a workbook or as text; staff check, accept or send back."""
