"""Key figures: one page with a choice of three periods, and the same as a file."""

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fitsvc.domain.key_figures import Period
from fitsvc.services.key_figures import KeyFigures, read_key_figures
from fitsvc.web.current import actor, catalogue, now, session
from fitsvc.web.figures.file import as_csv
from fitsvc.web.figures.pages import PERIODS, hidden_words, tables

blueprint = Blueprint("figures", __name__)


@blueprint.get("/figures")
def show() -> ResponseReturnValue:
    figures = _read()
    return render_template(
        "figures/show.html",
        figures=figures,
        tables=tables(figures),
        hidden=hidden_words(),
        periods=[
            (url_for("figures.show", period=one.value), words, one is figures.period)
            for one, words in PERIODS.items()
        ],
        file_address=url_for("figures.download", period=figures.period.value),
    )


@blueprint.get("/figures.csv")
def download() -> ResponseReturnValue:
    figures = _read()
    answer = make_response(as_csv(tables(figures), str(PERIODS[figures.period]), hidden_words()))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="figures.csv"'
    return answer


def _read() -> KeyFigures:
    wanted = request.args.get("period", "")
    period = Period(wanted) if wanted in list(Period) else Period.LAST_12_MONTHS
    return read_key_figures(session(), by=actor(), catalogue=catalogue(), period=period, now=now())
