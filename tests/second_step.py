"""Going through the real sign-in with both factors, in tests that need it: everybody has one list of recovery codes."""

import re
from hashlib import sha256
from itertools import count

from playwright.sync_api import Page
from werkzeug.test import TestResponse

from fitsvc.storage.accounts import Staff
from tests.client import CSRF, StaffClient

_next = count()
_CODES = [f"aaaa-bbbb-cccc-{number:04}" for number in range(200)]


def give_second_factor(staff: Staff) -> None:
    """An app whose secret nobody asks for, and two hundred recovery codes."""
    staff.tf_primary_method, staff.tf_totp_secret = "authenticator", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    staff.mf_recovery_codes = [sha256(code.replace("-", "").encode()).hexdigest() for code in _CODES]  # type: ignore[assignment]


def next_code() -> str:
    """One that no test of this process has used."""
    return _CODES[next(_next) % len(_CODES)]


def finish(client: StaffClient, answer: TestResponse, **kw: str) -> TestResponse:
    """The second step, when the first one has led to it; else the answer as it was."""
    if answer.status_code == 303 and answer.location == "/login/code":
        return client.send("/login/code", {"recovery_code": next_code()} | kw)
    kept, token = re.search(r'name="kept" value="([^"]+)"', answer.text), CSRF.search(answer.text)
    if answer.status_code == 200 and 'action="/login/code"' in answer.text and kept and token:
        sent = {"recovery_code": next_code(), "csrf_token": token.group(1), "kept": kept.group(1)}
        return client.post("/login/code", data=sent | kw)
    return answer


def finish_in_browser(page: Page) -> None:
    """The same in a real browser."""
    page.get_by_text("Jeg har den ikke på mig").click()
    page.get_by_label("Nødkode").fill(next_code())
    page.get_by_role("button", name="Videre").click()
    page.wait_for_url(lambda url: "/login" not in url)
