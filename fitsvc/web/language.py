"""Danish unless the person asks for English; numbers and dates as that language writes them."""

from flask import Flask, request
from flask_babel import Babel
from flask_login import current_user

from fitsvc.web.current import config

LANGUAGES = ("da", "en")


def cookie_name() -> str:
    """Over https a name that no other host can set a cookie of."""
    return "__Host-language" if config().is_https else "language"


def choose() -> str:
    """The account's language, else what this browser chose on the sign-in page, else Danish."""
    if current_user and current_user.is_authenticated:
        return current_user.language if current_user.language in LANGUAGES else "da"
    wanted = request.cookies.get(cookie_name(), "")
    return wanted if wanted in LANGUAGES else "da"


def init_app(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = "da"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Copenhagen"
    Babel(app, locale_selector=choose)
