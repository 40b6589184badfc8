"""The blueprint that this screen's modules hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("meeting_room", __name__)
