"""Today: one page, read only; everything that is done from it lives with its own subject."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from fitsvc.services.leader_notices import how_many_unseen
from fitsvc.services.today import show_today
from fitsvc.web import current
from fitsvc.web.access import may_open
from fitsvc.web.today.pages import today_page

blueprint = Blueprint("today", __name__)


@blueprint.get("/today")
def show() -> ResponseReturnValue:
    catalogue = current.catalogue()
    found = show_today(current.session(), by=current.actor(), catalogue=catalogue, now=current.now())
    page = today_page(found, catalogue, current.today(), current.actor().staff_id)
    unseen = how_many_unseen(current.session(), by=current.actor()) if may_open("notices.list") else 0
    return render_template("today/show.html", page=page, unseen_notices=unseen)
