"""What reading and judging a page costs, against the plainest way there is of having its text.

Prints ratios measured in one run, which say the same on a slow machine as on a fast one: run ``python -m benchmarks.parsing``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from bs4 import BeautifulSoup

from benchmarks.timing import seconds
from checks.catalogue import RULES
from checks.judge import Trial, judge_service
from checks.model.capture import Candidate, Capture, Found, Role, Topic
from checks.model.service import PhaseGroup, Service
from checks.parse.html import Page

_TRIAL = Trial(run="2026-11-23T1200Z", as_of=date(2026, 11, 23), started_at="2026-11-23T12:00:00Z")
_SERVICE = Service(id="bac-a-voile", name="Bac à voile", urls=("https://bac-a-voile.example/",))
_ACCESSIBILITY = [rule for rule in RULES if rule.id.startswith("accessibility-")]

_HEAD = (
    "<!DOCTYPE html><html lang='fr'><head><meta charset='utf-8'><title>Accessibilité - Bac à voile</title></head><body>"
)
_HEADER = (
    "<header role='banner' class='fr-header'><p class='fr-logo'>République<br>Française</p><nav class='fr-nav'><ul>"
    "<li><a class='fr-nav__link' href='/horaires'>Horaires</a></li></ul></nav></header><main id='contenu'>"
)
_FOOTER = (
    "</main><footer class='fr-footer' role='contentinfo'><ul class='fr-footer__bottom-list'><li class='fr-footer__bottom-item'>"
    "<a class='fr-footer__bottom-link' href='/2'>Accessibilité : partiellement conforme</a></li></ul></footer></body></html>"
)
_DECLARATION = (
    "<h1>Déclaration d’accessibilité</h1><p>Le port s’engage à rendre son service accessible, conformément à l’article 47 de la "
    "loi n° 2005-102 du 11 février 2005.</p><h2>État de conformité</h2><p>Bac à voile est partiellement conforme avec le RGAA."
    "</p><h2>Résultats des tests</h2><p>L’audit du 3 mars 2026, réalisé par la société Balise, révèle que 71 % des critères sont "
    "respectés.</p><h2>Retour d’information et contact</h2><p>Écrivez à quai@port.example.</p><h2>Voies de recours</h2>"
    "<p>Écrire au Défenseur des droits.</p>"
)
_CARD = (
    "<div class='fr-col-12 fr-col-md-4'><div class='fr-card fr-enlarge-link'><div class='fr-card__body'>"
    "<h3 class='fr-card__title'><a class='fr-card__link' href='/ports/12'>Le port de l’Embouchure</a></h3>"
    "<p class='fr-card__desc'>Trente voitures, toutes les vingt minutes, de six heures à minuit.</p></div></div></div>"
)
_PROSE = "<p>Le bac traverse le fleuve toutes les vingt minutes, par tous les temps.</p>"

PAGES = {
    "normal": _DECLARATION + _PROSE * 40,
    "DSFR, 200 kB": _DECLARATION + _CARD * 600,
    "nested 1,900 deep": _DECLARATION + "<div>" * 1_900 + "accessibilité non conforme " * 15_000,
    "one line of 480 kB": f"{_DECLARATION}<p>{'Le bac est à quai, 12 fois par an. ' * 13_500}</p>",
    "5,000 links": _DECLARATION + "<a href='/page'>Accessibilité : non conforme</a> " * 5_000,
    "5,000 headings": _DECLARATION + "<h2>État de conformité</h2><p>Non conforme</p>" * 5_000,
    "1,000 declarations": _DECLARATION * 1_000,
    "past the limits": _DECLARATION + "<div>" * 200_000,
}


def _capture(number: int, role: Role, page: str, *topics: Topic) -> Capture:
    return Capture(
        id=f"<urn:uuid:{number}>",
        service=_SERVICE.id,
        number=number,
        role=role,
        url=f"https://bac-a-voile.example/{'' if role is Role.HOME else number}",
        at=datetime(2026, 11, 23, tzinfo=UTC),
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=page.encode(),
        candidates=tuple(Candidate(topic=topic, found=Found.LINK) for topic in topics),
    )


def _read(capture: Capture) -> None:
    page = Page(capture)
    _ = page.words, page.links


def _row(name: str, content: str) -> str:
    home = _capture(1, Role.HOME, _HEAD + _HEADER + _PROSE * 8 + _FOOTER)
    page = _capture(2, Role.CANDIDATE, _HEAD + _HEADER + content + _FOOTER, Topic.ACCESSIBILITY)
    plain = seconds(lambda: BeautifulSoup(page.body.decode(), "lxml").get_text())
    reading = seconds(lambda: _read(page))
    judging = seconds(lambda: judge_service(_SERVICE, PhaseGroup.CONSTRUCTION, [home, page], _TRIAL, _ACCESSIBILITY))
    return f"{name:20}{len(page.body) / 1000:9.0f} kB{plain * 1000:9.0f} ms{reading / plain:9.2f} x{judging / plain:9.2f} x"


def main() -> None:
    print(f"{'':20}{'size':>12}{'plain text':>12}{'reading':>11}{'judging':>11}")  # noqa: T201 - its output
    for name, content in PAGES.items():
        print(_row(name, content))  # noqa: T201 - idem


if __name__ == "__main__":
    main()
