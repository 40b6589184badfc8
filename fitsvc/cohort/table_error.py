"""What is wrong with a file as a whole."""


class TableError(Exception):
    """The file cannot be read as a table; the text says why and, where there is one, what to do."""
