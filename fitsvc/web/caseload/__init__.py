"""The list of cases: narrowed and ordered by address, searched by a form that leaves no trace of the words."""
