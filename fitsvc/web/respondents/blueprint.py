"""The blueprint that the three modules of this screen hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("respondents", __name__)
