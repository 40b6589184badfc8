"""axe, with all its rules, on every page we look at."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ONLY_FAULTS = {"resultTypes": ["violations"]}  # it need not describe what is well, which takes longest


def accessibility_faults(page: Page) -> list[str]:
    """One line for each rule that is broken, with the first places."""
    return [
        f"{one['id']}: {one['help']} {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in Axe().run(page, options=ONLY_FAULTS).response["violations"]
    ]
