"""Pictures of pages, for README and for looking at: written only when FITSVC_PICTURES names a folder."""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

COLOURS = 128
"""As many as a page of text and lines needs; a picture in the repository stays small."""


def take_picture(page: Page | Locator, name: str, *, whole: bool = True, width: int = 0) -> None:
    """The whole page, the part of it that is seen, or one thing on it; made narrower when a width is given."""
    folder = os.environ.get("FITSVC_PICTURES")
    if not folder:
        return
    shot = page.screenshot(full_page=whole) if isinstance(page, Page) else page.screenshot()
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    if 0 < width < picture.width:
        picture = picture.resize(
            (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
        )
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(Path(folder) / f"{name}.png", optimize=True)
