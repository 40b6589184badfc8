"""axe, with all its rules, on every page we look at; and whether it fits the screen."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ONLY_FAULTS = {"resultTypes": ["violations"]}  # it need not describe what is well, which takes longest


def sticks_out(page: Page) -> int:
    """Pixels by which the page is wider than the screen, once its styles are there: a click does not wait for them."""
    page.wait_for_load_state()
    return int(page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)"))


def accessibility_faults(page: Page) -> list[str]:
    """One line for each rule that is broken, with the first places."""
    page.wait_for_load_state()
    return [
        f"{one['id']}: {one['help']} {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in Axe().run(page, options=ONLY_FAULTS).response["violations"]
    ]
