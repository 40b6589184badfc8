"""Pictures of pages, for README and for looking at: written only when FITSVC_PICTURES names a folder."""

import os
from pathlib import Path

from playwright.sync_api import Page


def take_picture(page: Page, name: str, *, whole: bool = True) -> None:
    folder = os.environ.get("FITSVC_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=whole)
