from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from checks.model.evidence import shortened
from checks.model.outcome import Outcome
from reports import language
from reports.figures.audited import FIGURES
from reports.figures.figure import FEW
from reports.render import since, words
from reports.render.directory import Directory, Listing
from reports.render.foreign import cut, shown, web_address
from reports.render.names import file_names
from reports.render.report import Report
from reports.render.rule_page import anchor, blocks, spoken_rule, spoken_sections
from reports.render.serving import policy_in_page

File = tuple[str, str | bytes | Iterable[str]]
"""The path of a file in the site, and its text, whole or in parts, or its bytes."""


_KEPT = ("advice", "answered", "grading", "proof", "remedy", "seen_at", "stated", "way_to")
"""Macros of ``kept.html``."""

_MOST_KEPT = 1024
"""Texts of one macro that are kept: a service brings some ten addresses and headers of its own."""

_QUOTED = re.compile("«[^«»]*»")


class Writer:
    """What the pages of a site share: the services as lists show them, the names of the pages, the templates."""

    def __init__(self, report: Report, directory: Directory | None = None) -> None:
        report = replace(report, rules={rule.id: spoken_rule(rule) for rule in report.rules.values()})
        self.report = report
        self.directory = directory or Directory(report.bare_services, report.rules)
        self._names = report.run.incubators
        known = (figure.group for figure in report.parts("incubator"))
        self.incubators: Mapping[str, tuple[Listing, ...]] = self.directory.by_incubator(known, self._names)
        self.incubator_pages = file_names(self.incubators)
        self.rule_pages = file_names(report.rules)
        self.sections = {rule.id: spoken_sections(rule.page) for rule in report.rules.values()}
        self._environment = _environment()
        self._environment.globals |= {
            "report": report,
            "publisher": report.publisher,
            "directory": self.directory,
            "incubators": self.incubators,
            "incubator_pages": self.incubator_pages,
            "rule_pages": self.rule_pages,
            "sections": self.sections,
            "incubator_name": self.incubator_name,
            "standing": report.overrides,
            "counting_rules": {figure.id: figure.rules for figure in FIGURES},
            "ending": {override.key for override in report.overrides.ending},
        }
        self._environment.globals |= _kept(self._environment)

    def incubator_name(self, incubator: str) -> str:
        """What the registry calls it, or its id."""
        return self._names.get(incubator, incubator)

    def page(self, path: str, template: str, **context: Any) -> tuple[str, str]:
        """``root`` is what leads from the page to the top of the site, unless the context gives another."""
        given = {"root": "../" * path.count("/"), "path": path, **context}
        return path, self._environment.get_template(template).render(**given)


def _kept(environment: Environment) -> dict[str, Callable[..., str]]:
    """Macros that need nothing but their arguments, each text of which stands on thousands of pages: it is made once."""
    show: Any = environment.get_template("macros.html").module
    kept: Any = environment.get_template("kept.html").module
    macros = {"told": show.outcome, "linked": show.address, "prose": show.prose}
    macros |= {name: getattr(kept, name) for name in _KEPT}
    return {name: lru_cache(_MOST_KEPT)(macro) for name, macro in macros.items()}


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports.render"),
        auto_reload=False,  # else each use of a template looks at its file again
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(language._, language.many, newstyle=False)  # type: ignore[attr-defined]
    functions: tuple[Callable[..., Any], ...] = (
        anchor,
        blocks,
        cut,
        french,
        ours,
        quote,
        shortened,
        web_address,
        words.counted,
    )
    environment.globals |= {function.__name__: function for function in functions}
    environment.globals |= {
        "words": words,
        "Outcome": Outcome,
        "few": FEW,
        "said": since,
        "many": language.many,
        "policy": policy_in_page(),
        "language": language.spoken,
    }
    return environment


def ours(text: str) -> Markup:
    """Our own text as a page says it; in another language, the French that it quotes (« … ») is marked as French."""
    said = escape(shown(words.spaced(text)))
    if language.spoken() == "fr":
        return said
    return Markup(_QUOTED.sub(r'<span lang="fr">\g<0></span>', str(said)))  # noqa: S704 - escaped above


def french() -> Markup:
    """What an element says of its own words, where they stay French and the page does not."""
    return Markup() if language.spoken() == "fr" else Markup(' lang="fr"')


def _shown(value: Any) -> Any:
    """Every text printed by a template passes here, so that none can be forgotten; inside ``{% trans %}``, by ``cut``."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value
