"""The caseload: the list by address, and the search by POST."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fitsvc.domain.roles import Scope
from fitsvc.services.caseload import list_caseload, search_caseload
from fitsvc.storage.organisation import list_units
from fitsvc.web import current
from fitsvc.web.caseload.address import address, read_choice
from fitsvc.web.caseload.forms import SearchForm
from fitsvc.web.caseload.pages import list_page, row_pages

blueprint = Blueprint("caseload", __name__)


@blueprint.get("/cases", endpoint="list")
def list_cases() -> ResponseReturnValue:
    units = _units_to_choose()
    choice = read_choice(request.args, frozenset(unit_id for unit_id, _name in units))
    catalogue = current.catalogue()
    found = list_caseload(
        current.session(), by=current.actor(), catalogue=catalogue, choice=choice, now=current.now()
    )
    return render_template(
        "caseload/list.html",
        page=list_page(found, choice, units, current.today()),
        form=SearchForm(),
        page_address=lambda number: address(choice, number),
    )


@blueprint.get("/cases/search")
def search_again() -> ResponseReturnValue:
    """Somebody reloaded or came back: the words are gone, as they should be."""
    return redirect(url_for("caseload.list"))


@blueprint.post("/cases/search")
def search() -> ResponseReturnValue:
    form = SearchForm()
    if not form.validate():
        return render_template("caseload/search.html", form=form, rows=(), is_cut=False), 422
    catalogue = current.catalogue()
    rows, is_cut = search_caseload(
        current.session(), by=current.actor(), catalogue=catalogue, words=form.words.data, now=current.now()
    )
    return render_template(
        "caseload/search.html", form=form, rows=row_pages(rows, current.today()), is_cut=is_cut
    )


def _units_to_choose() -> list[tuple[UUID, str]]:
    """Whoever sees the whole kommune may look at one unit at a time."""
    if Scope.KOMMUNE not in current.actor().scopes:
        return []
    return [(unit.id, unit.name) for unit in list_units(current.session())]
