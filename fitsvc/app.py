"""The only place where all parts meet."""

import os
import sys
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask
from sqlalchemy.orm import Session

from fitsvc.config import Config, ConfigError, read_config
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import InstrumentError
from fitsvc.instruments import load_catalogue
from fitsvc.resources import resource_folder
from fitsvc.schema import DatabaseNotReady, require_newest
from fitsvc.services.instruments import InstrumentsChanged, register_instruments
from fitsvc.services.kommune_accounts import find_unknown_units
from fitsvc.storage.engine import build_engine, writing
from fitsvc.storage.installation import DEMO_DAYS_AHEAD, find_fact
from fitsvc.web import (
    access,
    compression,
    database,
    device_lock,
    errands,
    errors,
    headers,
    known_browsers,
    language,
    limits,
    log_guard,
    log_sealing,
    security,
    templates,
    wall,
)
from fitsvc.web.access_request.views import blueprint as access_request
from fitsvc.web.account.devices import blueprint as devices
from fitsvc.web.account.factors import blueprint as own_factors
from fitsvc.web.account.views import blueprint as account
from fitsvc.web.account_links.views import blueprint as account_links
from fitsvc.web.admin.factors import blueprint as admin_factors
from fitsvc.web.admin.people import blueprint as admin
from fitsvc.web.admin.teams import blueprint as admin_teams
from fitsvc.web.calendar.views import blueprint as calendar
from fitsvc.web.care_sessions.views import blueprint as care_sessions
from fitsvc.web.caseload.views import blueprint as caseload
from fitsvc.web.cases.views import blueprint as cases
from fitsvc.web.confirm.views import blueprint as confirm
from fitsvc.web.deviations.views import blueprint as deviations
from fitsvc.web.emergency.views import blueprint as emergency
from fitsvc.web.ending.views import blueprint as ending
from fitsvc.web.episodes.views import blueprint as episodes
from fitsvc.web.expectations.views import blueprint as expectations
from fitsvc.web.figures.views import blueprint as figures
from fitsvc.web.follow_up_settings.views import blueprint as follow_up_settings
from fitsvc.web.frozen.views import blueprint as frozen
from fitsvc.web.goal_statuses.views import blueprint as goal_statuses
from fitsvc.web.handed_over.views import blueprint as handed_over
from fitsvc.web.kommune_sign_in import ways_in
from fitsvc.web.kommune_sign_in.views import blueprint as kommune_sign_in
from fitsvc.web.log_pages.control_views import blueprint as log_controls
from fitsvc.web.log_pages.views import blueprint as log_pages
from fitsvc.web.meeting_asking.views import blueprint as meeting_asking
from fitsvc.web.meeting_room.views import blueprint as meeting_room
from fitsvc.web.meetings.hold_views import blueprint as meetings
from fitsvc.web.method.views import blueprint as method
from fitsvc.web.notices.views import blueprint as notices
from fitsvc.web.opening.views import blueprint as opening
from fitsvc.web.paper.views import blueprint as paper
from fitsvc.web.preparation.views import blueprint as preparation
from fitsvc.web.progress.views import blueprint as progress
from fitsvc.web.protection.views import blueprint as protection
from fitsvc.web.report.views import blueprint as report
from fitsvc.web.respond.views import blueprint as respond
from fitsvc.web.respondents.views import blueprint as respondents
from fitsvc.web.retention.views import blueprint as retention
from fitsvc.web.second_factor.views import blueprint as second_factor
from fitsvc.web.session_sharing.views import blueprint as session_sharing
from fitsvc.web.substitutes.views import blueprint as substitutes
from fitsvc.web.today.views import blueprint as today

STARTUP_PROBLEMS = (ConfigError, InstrumentError, InstrumentsChanged, DatabaseNotReady)

# One blueprint per screen.
SCREENS: tuple[Blueprint, ...] = (
    respond,
    kommune_sign_in,
    account,
    account_links,
    devices,
    own_factors,
    second_factor,
    confirm,
    calendar,
    care_sessions,
    handed_over,
    paper,
    caseload,
    today,
    cases,
    method,
    opening,
    episodes,
    respondents,
    progress,
    meetings,
    deviations,
    meeting_room,
    expectations,
    meeting_asking,
    goal_statuses,
    preparation,
    ending,
    report,
    frozen,
    access_request,
    figures,
    emergency,
    protection,
    substitutes,
    session_sharing,
    notices,
    admin,
    admin_teams,
    admin_factors,
    follow_up_settings,
    retention,
    log_pages,
    log_controls,
)


class Service(Flask):
    """A Flask that knows all its functions to be plain ones, and does not look at each of them at each request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(config: Config) -> Flask:
    """The service, ready to answer. The database must be migrated already (`fitsvc migrate`)."""
    app = Service(
        "fitsvc",
        template_folder=str(resource_folder("templates")),
        static_folder=str(resource_folder("static")),
    )
    app.extensions["fitsvc_config"] = config
    app.extensions["fitsvc_catalogue"] = catalogue = load_catalogue(config.instrument_packs)
    app.extensions["fitsvc_days_ahead"] = prepare_database(config, catalogue)
    compression.init_app(app)
    database.init_app(app, config.database_url, config.data_keys)
    log_guard.init_app(app)
    log_sealing.init_app(app)
    wall.init_app(app, config)
    headers.init_app(app)
    device_lock.init_app(app)  # before the check of tokens: a locked device shows its form whatever is sent
    access.shut_closed(app)  # before the check of tokens, too
    security.init_app(app, config)
    known_browsers.init_app(app)
    limits.init_app(app, config)
    access.init_app(app)
    ways_in.init_app(app, config)
    language.init_app(app)
    templates.init_app(app)
    errors.init_app(app)
    errands.init_app(app)
    for screen in SCREENS:
        app.register_blueprint(screen)
    access.check_register(app)
    return app


def prepare_database(config: Config, catalogue: Catalogue) -> int:
    """Refuse changed instruments, note new ones, and read how many days ahead a demo's clock runs."""
    engine = build_engine(config.database_url, config.data_keys)
    try:
        require_newest(engine)
        with Session(writing(engine)) as session, session.begin():
            register_instruments(session, catalogue)
            _require_units(session, config)
            return int(find_fact(session, DEMO_DAYS_AHEAD) or 0) if config.demo else 0
    finally:
        engine.dispose()


def _require_units(session: Session, config: Config) -> None:
    """Refuse a mapping of the kommune's claims that leads to units nobody has made."""
    provider = config.kommune_provider
    if provider is not None and (missing := find_unknown_units(session, provider.mapping)):
        raise ConfigError(
            [
                f"FITSVC_OIDC_MAPPING: units.values: no unit of this service is called {one!r}"
                for one in missing
            ]
        )


def create_app_from_environment() -> Flask:
    """The factory for servers and `flask --app fitsvc`: settings from the environment, problems named."""
    try:
        return create_app(read_config(os.environ))
    except STARTUP_PROBLEMS as problem:
        sys.exit(str(problem))
