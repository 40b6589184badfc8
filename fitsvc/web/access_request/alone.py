"""The same file without a server: what a command needs of the web to put words to a case."""

from flask import Flask

from fitsvc.config import Config
from fitsvc.resources import resource_folder
from fitsvc.services.access_request import WholeCase
from fitsvc.web import language, templates
from fitsvc.web.access_request.file import LONGEST_PDF_ALONE, pack


def pack_alone(whole: WholeCase, config: Config) -> bytes:
    app = Flask(
        "fitsvc",
        template_folder=str(resource_folder("templates")),
        static_folder=str(resource_folder("static")),
    )
    app.extensions["fitsvc_config"] = config
    language.init_app(app)
    templates.init_app(app)
    with app.test_request_context():
        return pack(whole, config.kommune_name, longest_pdf=LONGEST_PDF_ALONE)
