"""Files that people take away: maps and tables of any search."""
