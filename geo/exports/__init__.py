"""What leaves the house as a file: maps, tables and pictures of the public facts."""
