"""Every number of a page's words leads to the row that it is read from."""
