"""The annual page as one accessible document (PDF/UA-1), for those who keep or print it."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from checks.model.errors import InputError
from reports.render.tagging import finish

_INSTALL = "pip install 'toise[pdf]'"
_SYSTEM = "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"


def paper_style(name: str) -> str:
    """``page`` dresses the document, ``chart`` what is drawn in it, which no style of the page reaches."""
    return files("reports.render").joinpath("paper", f"{name}.css").read_text("utf-8")


def check_paper() -> None:
    """Raises :class:`InputError`, saying what to install, where no document could be made."""
    _weasyprint()


def pdf(page: str) -> bytes:
    """The PDF of a page that needs nothing but itself. The same page gives the same bytes, with the same fonts."""
    weasyprint = _weasyprint()
    # Whatever it would fetch is a fault of ours, and ends it.
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=(), fail_on_errors=True)
    style = weasyprint.CSS(string=paper_style("page"), url_fetcher=nothing)
    document = weasyprint.HTML(string=page, url_fetcher=nothing)
    written: bytes = document.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1", finisher=finish)
    return written


def _weasyprint() -> Any:
    try:
        import weasyprint  # noqa: PLC0415 - an extra, slow to import
    except ImportError as error:
        raise InputError(f"Le PDF demande WeasyPrint, qui n'est pas installé : {_INSTALL}") from error
    except OSError as error:  # how its binding says that the system lacks a library
        raise InputError(f"Le PDF demande Pango, que ce système n'a pas ; sous Debian et Ubuntu : {_SYSTEM}") from error
    return weasyprint
