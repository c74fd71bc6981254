"""The page of the search box, for readers without JavaScript and for every page but the map."""
