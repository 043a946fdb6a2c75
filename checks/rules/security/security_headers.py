"""La page d'accueil est envoyée avec les en-têtes de sécurité attendus.

Pourquoi c'est important
------------------------
Quelques en-têtes HTTP suffisent à empêcher des attaques courantes : page affichée dans un site piégé, script injecté,
retour forcé à http. Ils ne coûtent qu'une ligne de configuration chacun.

Ce que nous regardons
---------------------
La présence, dans la réponse de la page d'accueil, de : `Strict-Transport-Security`, `Content-Security-Policy`,
`X-Frame-Options` (ou `frame-ancestors` dans la politique de contenu), `X-Content-Type-Options`, `Referrer-Policy`.

Cette règle est à l'essai : la présence seule ne dit pas la qualité. Elle ne compte dans aucun chiffre publié tant que la
note de l'Observatoire HTTP de MDN n'est pas calculée.

Comment corriger
----------------
- `Strict-Transport-Security: max-age=31536000; includeSubDomains`
- `Content-Security-Policy: default-src 'self'; frame-ancestors 'none'`, à adapter à la page
- `X-Content-Type-Options: nosniff`
- `Referrer-Policy: strict-origin-when-cross-origin`

Référence
---------
- RFC 6797 (HSTS) ; W3C Content Security Policy Level 3 ; W3C Referrer Policy ; WHATWG Fetch (nosniff).
- MDN HTTP Observatory.
"""

from __future__ import annotations

from enum import StrEnum

from checks.model.capture import Capture
from checks.model.evidence import Evidence, shortened
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.parse.site import Site

EXPECTED = (
    "strict-transport-security",
    "content-security-policy",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
)


class Reason(StrEnum):
    ALL_PRESENT = "all-present"
    SOME_MISSING = "some-missing"


def judge(site: Site) -> Finding:
    if site.obstacle and not (site.obstacle.reason == Obstacle.NEEDS_RENDERING and site.home):
        return site.obstacle
    if site.home is None:
        return Finding(reason=Obstacle.NOT_RUN)
    capture = site.home.chain.answer
    present = [name for name in EXPECTED if _is_present(capture, name)]
    missing = [name for name in EXPECTED if name not in present]
    return Finding(
        reason=Reason.SOME_MISSING if missing else Reason.ALL_PRESENT,
        warnings=site.warnings,
        evidence=tuple(_quoted(capture, name) for name in present) or (site.home.evidence(),),
        facts={"present": present, "missing": missing},
    )


def _is_present(capture: Capture, name: str) -> bool:
    return bool(_values(capture, name))


def _values(capture: Capture, name: str) -> str:
    """What is sent under a name; a policy that says who may frame the page does what ``X-Frame-Options`` does."""
    own = "; ".join(value.strip() for value in capture.all(name) if value.strip())
    if own or name != "x-frame-options":
        return own
    policies = "; ".join(capture.all("content-security-policy"))
    return policies if "frame-ancestors" in policies.lower() else ""


def _quoted(capture: Capture, name: str) -> Evidence:
    is_sent = capture.header(name) is not None
    return Evidence(
        url=capture.url,
        capture=capture.id,
        status=capture.status,
        excerpt=shortened(_values(capture, name)),
        locator=f"header {(name if is_sent else 'content-security-policy').title()}",
    )


RULE = Rule(
    id="security-headers",
    version=1,
    since="0.1.0",
    status=Status.EVALUATION,
    title="En-têtes de sécurité",
    page=__doc__,
    judge=judge,
    outcomes={Reason.ALL_PRESENT: Outcome.PASSED, Reason.SOME_MISSING: Outcome.FAILED},
    messages={
        Reason.ALL_PRESENT: "Les en-têtes de sécurité attendus sont tous envoyés.",
        Reason.SOME_MISSING: "Un ou plusieurs en-têtes de sécurité attendus ne sont pas envoyés.",
    },
    reads_exchange=True,
)
