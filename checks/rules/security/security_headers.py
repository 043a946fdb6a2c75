"""La note de l'Observatoire HTTP de MDN est B ou mieux.

Pourquoi c'est important
------------------------
Quelques en-têtes HTTP suffisent à empêcher des attaques courantes : page affichée dans un site piégé, script injecté,
retour forcé à http. La note de l'Observatoire est celle que les équipes connaissent ; elle résume douze tests.

Ce que nous regardons
---------------------
La réponse de la page d'accueil, ses redirections, ses cookies, ses scripts, et sa réponse à une requête préalable d'une
autre origine (`OPTIONS`). La note est celle de l'algorithme v6 de l'Observatoire, test pour test : 100 points, moins ce
que coûte chaque test, plus des points en prime à partir de 90. De A+ (100 et plus) à F (moins de 25) ; B commence à 70.

- La version de l'algorithme et la liste HSTS utilisée sont gardées avec chaque note : d'une version à l'autre, les notes
  ne se comparent pas.
- Une page d'accueil en erreur (404, 5xx) n'a pas de note. Une page refusée (401, 403) en a une, gardée pour mémoire : ce
  sont les en-têtes du contrôle, pas ceux du service. Un site lu en http seulement n'a de note que si son serveur refuse
  https ; s'il a seulement tardé à répondre, nous n'en savons rien.
- La note reproduit l'Observatoire, y compris ce qu'il ne voit pas. Les règles `hsts`, `content-security-policy`,
  `clickjacking-protection`, `x-content-type-options`, `referrer-policy` et `cookies` jugent par elles-mêmes, et donnent
  la ligne à ajouter. Un serveur qui renvoie n'importe quelle origine en acceptant les cookies est signalé ici par un
  avertissement : l'Observatoire en service ne le voit plus.
- Un script dont l'adresse est impossible (`https://`) arrête l'Observatoire ; nous donnons la note des autres.

Comment corriger
----------------
- Commencez par les tests qui coûtent le plus : la fiche les montre avec leurs points.
- Suivez les règles d'en-tête une à une : chacune donne la ligne pour nginx, Apache, Caddy, Django, Rails, Express et Scalingo.

Référence
---------
- MDN HTTP Observatory, algorithme v6 (19 août 2026) : https://developer.mozilla.org/fr/observatory
- RFC 6797 (HSTS) ; RFC 6265 (cookies) ; RFC 8941 (champs structurés) ; W3C Content Security Policy Level 3 ;
  W3C Subresource Integrity ; W3C Referrer Policy ; WHATWG Fetch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import chain as chained

from checks.model.capture import Capture
from checks.model.chain import Chain
from checks.model.evidence import Evidence, shortened
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.parse.observatory.captured import captured_scan, graded, plain, preflight
from checks.parse.observatory.markup import markup_of
from checks.parse.observatory.preload import BUNDLED, bundled
from checks.parse.observatory.results import ALGORITHM, RESULTS, Criterion
from checks.parse.observatory.scan import Scan
from checks.parse.observatory.score import Score, is_graded, score
from checks.parse.observatory.scripts import faulty_scripts
from checks.parse.reading import http_obstacle
from checks.parse.security.sent import ABSENT, home_answer, met, noted, values
from checks.parse.security.set_cookie import cookie
from checks.parse.security.without_https import refusal_of_https
from checks.parse.site import Site

_B = 70
_A_FEW = 3
_HEADERS = {
    Criterion.CSP: "content-security-policy",
    Criterion.COOKIES: "set-cookie",
    Criterion.HSTS: "strict-transport-security",
    Criterion.REDIRECTION: "location",
    Criterion.XFO: "x-frame-options",
    Criterion.XCTO: "x-content-type-options",
    Criterion.REFERRER: "referrer-policy",
    Criterion.CORS: "access-control-allow-origin",
    Criterion.CORP: "cross-origin-resource-policy",
    Criterion.COOP: "cross-origin-opener-policy",
    Criterion.COEP: "cross-origin-embedder-policy",
}


class Reason(StrEnum):
    GOOD = "grade-b-or-better"
    BELOW = "grade-below-b"


def judge(site: Site) -> Finding:
    home = home_answer(site)
    obstacle = home if isinstance(home, Finding) else None
    scan, asked = captured_scan(site), graded(site)
    if scan is None or asked is None:
        return obstacle or Finding(reason=Obstacle.NOT_RUN)
    if not is_graded(scan.auto.status):
        reason = http_obstacle(asked.answer) or Obstacle.HOME_NOT_FOUND
        return obstacle or Finding(reason=reason, evidence=(met(asked.answer),))
    found = score(scan, bundled)
    facts = {"score": found.score, "algorithm": ALGORITHM, "tests": found.tests(), "preload": BUNDLED}
    if obstacle:
        is_of_a_wall = obstacle.reason == Obstacle.BLOCKED
        return Finding(reason=obstacle.reason, evidence=obstacle.evidence, facts=facts if is_of_a_wall else {})
    proof = None if scan.https else refusal_of_https(site)
    if isinstance(proof, Finding):
        return proof
    reflecting = _reflecting(site)
    return Finding(
        reason=Reason.GOOD if found.score >= _B else Reason.BELOW,
        value=found.grade,
        warnings=(*site.warnings, *(["origin-reflected"] if reflecting else [])),
        evidence=(*_costly(site, asked, scan, found), *([reflecting] if reflecting else [])),
        facts=facts,
    )


def _costly(site: Site, asked: Chain, scan: Scan, found: Score) -> tuple[Evidence, ...]:
    """What is behind the tests that cost points, the dearest first; the answer itself where none does."""
    costs = {test: RESULTS[test][result].modifier for test, result in found.results.items()}
    dear = sorted((test for test in costs if costs[test] < 0), key=lambda test: costs[test])
    answer = asked.answer
    whole = Evidence(url=answer.url, capture=answer.id, status=answer.status)
    quoted = (
        _scripts(answer, scan) if test is Criterion.SRI else (_quoted(_answer_of(site, asked, test), test),)
        for test in dear
    )
    return tuple(chained.from_iterable(quoted)) or (whole,)


def _scripts(answer: Capture, scan: Scan) -> Iterator[Evidence]:
    """The first scripts of others that are not secured, each with its address."""
    for script in faulty_scripts(scan, markup_of(scan).scripts)[:_A_FEW]:
        whole = Evidence(url=answer.url, capture=answer.id, status=answer.status, locator="script[src]")
        yield replace(whole, excerpt=shortened(script.source))


def _answer_of(site: Site, asked: Chain, test: Criterion) -> Capture:
    """The exchange that a test reads: the last that set cookies, the first over http, else the answer."""
    if test is Criterion.REDIRECTION:
        over_http = plain(site)
        return over_http.hops[0] if over_http else asked.answer
    if test is Criterion.COOKIES:
        return next((hop for hop in reversed(asked.hops) if hop.header("set-cookie") is not None), asked.answer)
    return asked.answer


def _quoted(capture: Capture, test: Criterion) -> Evidence:
    name = _HEADERS[test]
    lines = values(capture, name)
    if test is Criterion.COOKIES:
        lines = tuple(_without_value(line, capture) for line in lines)
    return noted(capture, name.title(), ", ".join(lines) or ABSENT)


def _without_value(line: str, capture: Capture) -> str:
    read = cookie(line, capture)
    return read.shown() if read else "(cookie refusé)"


def _reflecting(site: Site) -> Evidence | None:
    """The answer to a preflight that lets the origin sent, which is a stranger's, act with the cookies of the visitor."""
    answer = preflight(site)
    if answer is None or not answer.origin:
        return None
    allowed = answer.header("access-control-allow-origin")
    trusts = (answer.header("access-control-allow-credentials") or "").strip().lower() == "true"
    if allowed != answer.origin or not trusts:
        return None
    said = f"Access-Control-Allow-Origin: {allowed}; Access-Control-Allow-Credentials: true"
    return noted(answer, "Access-Control-Allow-Origin", said)


RULE = Rule(
    id="security-headers",
    version=2,
    since="0.1.0",
    status=Status.ACTIVE,
    title="En-têtes de sécurité (Observatoire de MDN)",
    page=__doc__,
    judge=judge,
    outcomes={Reason.GOOD: Outcome.PASSED, Reason.BELOW: Outcome.FAILED},
    messages={
        Reason.GOOD: "La note de l'Observatoire HTTP de MDN est B ou mieux.",
        Reason.BELOW: "La note de l'Observatoire HTTP de MDN est inférieure à B.",
    },
    warnings={
        "origin-reflected": "Le site autorise n'importe quelle origine à agir avec les cookies de l'usager"
        " (Access-Control-Allow-Origin recopié, Access-Control-Allow-Credentials: true).",
    },
    reads_exchange=True,
)
