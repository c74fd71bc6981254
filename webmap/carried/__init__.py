"""The offline map: one page that holds a district, a search or somebody's choice, and opens from a disk or a chat."""
