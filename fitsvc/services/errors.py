"""What a service can answer besides success."""


class NotFound(LookupError):
    """Not there, or not this person's to see: the two must not be told apart. The page is 404."""


class Refused(Exception):
    """The act is not possible as things stand; `code` names why and the page puts words to it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
