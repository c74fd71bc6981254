"""Figures that offices enter (tax, employees, coverage), the targets of plans, and publishing the sums of a year."""
