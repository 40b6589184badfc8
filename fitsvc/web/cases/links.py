"""Links to pages that may not be there, or not be this reader's to open."""

from flask import url_for

from fitsvc.web.access import may_open


def link_if(endpoint: str, **values: object) -> str | None:
    """The page's address when this reader may open it; None otherwise, and then nothing is offered."""
    return url_for(endpoint, **values) if may_open(endpoint) else None  # type: ignore[arg-type]
