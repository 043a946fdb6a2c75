"""Every text that a reader of the site may see, gathered for the catalogues of the other languages.

``make messages`` (``python -m reports.messages``) brings ``reports/locales/*/LC_MESSAGES/toise.po`` up to date: what is new
waits there for its translation, what is gone is dropped. Babel reads the code and the templates; tables and the pages of the
rules are read as they are.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import reports
from checks.catalogue import RULES
from checks.model.rule import OBSTACLE_MESSAGES, SITE_WARNINGS
from reports.language import LANGUAGES, Spoken
from reports.render.rule_page import rule_sections

HERE = Path(reports.__file__).parent
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "many": (1, 2), "ngettext": (1, 2)}
_OPTIONS = {"**/templates/**.html": {"trimmed": "true", "encoding": "utf-8"}}

Message = str | tuple[str, ...]
"""A text, or its singular and its plural."""


def messages() -> Iterator[Message]:
    """Each may come several times."""
    for _file, _line, message, _comments, _context in extract_from_dir(HERE, _METHODS, _OPTIONS, keywords=_KEYWORDS):
        yield message
    for module in pkgutil.walk_packages(reports.__path__, "reports."):
        if "migrations" not in module.name:
            importlib.import_module(module.name)
    for table in Spoken.tables:
        yield from table.french.values()
    yield from OBSTACLE_MESSAGES.values()
    yield from SITE_WARNINGS.values()
    for rule in RULES:
        yield from (rule.title, *rule.messages.values(), *rule.warnings.values())
        title, sections = rule_sections(rule.page)
        yield title
        for section in sections:
            yield from filter(None, section)


def catalogue(language: str) -> Path:
    return HERE / "locales" / language / "LC_MESSAGES" / "toise.po"


def update(language: str) -> None:
    """In the order of the texts, so that a new one changes little of the file."""
    path = catalogue(language)
    known = read_po(path.open("rb"), locale=language) if path.exists() else Catalog(locale=language)
    fresh = Catalog(locale=language)
    for message in sorted(set(messages()), key=str):
        text = known.get(message[0] if isinstance(message, tuple) else message)
        fresh.add(message, text.string if text else "")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, fresh, width=0, omit_header=True)  # it holds dates that change nothing


if __name__ == "__main__":
    for language in LANGUAGES:
        if language != "fr":
            update(language)
