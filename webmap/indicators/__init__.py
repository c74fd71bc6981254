"""The pages of indicators: every number with its definition, formula, rows, change and target."""
