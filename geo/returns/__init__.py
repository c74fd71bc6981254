"""The weekly return of a building: weeks and due days, what is said of units, how plausible it is, how it is read.

Nothing here knows of accounts or pages; `webmap/vacancy` keeps the returns and decides on them.
"""
