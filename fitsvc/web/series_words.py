"""A series named in words."""

from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.case_facts import SeriesFacts
from fitsvc.web.words import RATER_ROLES


def series_name(series: SeriesFacts, catalogue: Catalogue, language: str) -> str:
    """Who rates, from where, on which form."""
    instrument = catalogue.get(series.instrument_id, series.instrument_version)
    who = str(RATER_ROLES[series.rater_role])
    if series.setting:
        who = f"{who} ({series.setting})"
    return f"{who}: {instrument.text(language).title}"
