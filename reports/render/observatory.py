"""The tests and results of the MDN HTTP Observatory, which are codes, as French readers see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.language import Spoken

TESTS: Mapping[str, str] = Spoken(
    {
        "content-security-policy": "Politique de contenu (CSP)",
        "cookies": "Cookies",
        "cross-origin-embedder-policy": "Contenus intégrés (COEP)",
        "cross-origin-opener-policy": "Fenêtres d'autres sites (COOP)",
        "cross-origin-resource-sharing": "Partage avec d'autres origines (CORS)",
        "redirection": "Redirection vers https",
        "referrer-policy": "Adresse de provenance (Referrer-Policy)",
        "strict-transport-security": "https imposé (HSTS)",
        "subresource-integrity": "Intégrité des scripts (SRI)",
        "x-content-type-options": "Type des fichiers (X-Content-Type-Options)",
        "x-frame-options": "Mise en cadre (X-Frame-Options)",
        "cross-origin-resource-policy": "Usage par d'autres sites (CORP)",
    }
)

RULES: Mapping[str, str] = {
    "content-security-policy": "content-security-policy",
    "cookies": "cookies",
    "redirection": "https",
    "referrer-policy": "referrer-policy",
    "strict-transport-security": "hsts",
    "x-content-type-options": "x-content-type-options",
    "x-frame-options": "clickjacking-protection",
}
"""The rule of ours that asks the same as a test, for itself."""

RESULTS: Mapping[str, str] = Spoken(
    {
        "csp-implemented-with-no-unsafe-default-src-none": "stricte, et rien n'est permis par défaut",
        "csp-implemented-with-no-unsafe": "stricte",
        "csp-implemented-with-unsafe-inline-in-style-src-only": "permet les styles écrits dans la page",
        "csp-implemented-but-duplicate-directives": "nomme deux fois l'adresse des rapports",
        "csp-implemented-with-insecure-scheme-in-passive-content-only": "permet des images ou des médias en http",
        "csp-implemented-with-unsafe-eval": "permet l'exécution de texte (unsafe-eval)",
        "csp-implemented-with-unsafe-inline": "permet les scripts écrits dans la page, ou venus de partout",
        "csp-implemented-with-insecure-scheme": "permet des contenus en http",
        "csp-header-invalid": "ne peut pas être lue",
        "csp-not-implemented": "absente",
        "csp-not-implemented-but-reporting-enabled": "seulement observée (Report-Only), pas appliquée",
        "cookies-secure-with-httponly-sessions-and-samesite": "protégés, et limités au site",
        "cookies-secure-with-httponly-sessions": "protégés",
        "cookies-not-found": "aucun",
        "cookies-without-secure-flag-but-protected-by-hsts": "sans Secure, mais https est imposé",
        "cookies-session-without-secure-flag-but-protected-by-hsts": "cookie de session sans Secure, mais https est imposé",
        "cookies-without-secure-flag": "sans Secure",
        "cookies-samesite-flag-invalid": "SameSite sans valeur connue, ou None sans Secure",
        "cookies-anticsrf-without-samesite-flag": "jeton anti-CSRF sans SameSite",
        "cookies-session-without-httponly-flag": "cookie de session sans HttpOnly",
        "cookies-session-without-secure-flag": "cookie de session sans Secure",
        "coep-not-implemented": "sans politique",
        "coep-implemented-with-unsafe-none": "politique désactivée",
        "coep-implemented-with-require-corp": "exige l'accord des autres sites",
        "coep-implemented-with-credentialless": "demande les autres sites sans cookies",
        "coep-header-invalid": "politique illisible",
        "coop-not-implemented": "sans politique",
        "coop-implemented-with-unsafe-none": "politique désactivée",
        "coop-implemented-with-same-origin": "tenues à l'écart",
        "coop-implemented-with-same-origin-allow-popups": "tenues à l'écart, sauf celles que le site ouvre",
        "coop-implemented-with-noopener-allow-popups": "sans lien avec celle du site",
        "coop-header-invalid": "politique illisible",
        "cross-origin-resource-sharing-not-implemented": "absent",
        "cross-origin-resource-sharing-implemented-with-public-access": "ouvert à tous, sans cookies",
        "cross-origin-resource-sharing-implemented-with-restricted-access": "limité",
        "cross-origin-resource-sharing-implemented-with-universal-access": "ouvert à tous, avec les cookies de l'usager",
        "redirection-all-redirects-preloaded": "tous les hôtes sont dans la liste HSTS des navigateurs",
        "redirection-to-https": "immédiate",
        "redirection-not-needed-no-http": "inutile, le site ne répond pas en http",
        "redirection-off-host-from-http": "change d'hôte avant de passer en https",
        "redirection-not-to-https-on-initial-redirection": "passe d'abord par une autre adresse en http",
        "redirection-not-to-https": "finit en http",
        "redirection-missing": "absente",
        "redirection-invalid-cert": "certificat non valable",
        "referrer-policy-private": "protégée",
        "referrer-policy-not-implemented": "laissée au navigateur",
        "referrer-policy-unsafe": "envoyée aux autres sites",
        "referrer-policy-header-invalid": "ne peut pas être lue",
        "hsts-preloaded": "site dans la liste HSTS des navigateurs",
        "hsts-implemented-max-age-at-least-six-months": "six mois au moins",
        "hsts-implemented-max-age-less-than-six-months": "moins de six mois",
        "hsts-not-implemented": "absent",
        "hsts-header-invalid": "ne peut pas être lu",
        "hsts-not-implemented-no-https": "impossible, le site ne répond pas en https",
        "hsts-invalid-cert": "certificat non valable",
        "sri-implemented-and-all-scripts-loaded-securely": "vérifiée, y compris pour les scripts du site",
        "sri-implemented-and-external-scripts-loaded-securely": "vérifiée pour les scripts d'autres sites",
        "sri-not-implemented-response-not-html": "sans objet, ce n'est pas du HTML",
        "sri-not-implemented-but-no-scripts-loaded": "sans objet, aucun script",
        "sri-not-implemented-but-all-scripts-loaded-from-secure-origin": "inutile, les scripts viennent du site",
        "sri-not-implemented-but-external-scripts-loaded-securely": "non vérifiée pour des scripts d'autres sites",
        "sri-implemented-but-external-scripts-not-loaded-securely": "vérifiée, mais des scripts sont lus sans https",
        "sri-not-implemented-and-external-scripts-not-loaded-securely": "non vérifiée, et des scripts sont lus sans https",
        "html-not-parseable": "la page n'est pas du HTML",
        "x-content-type-options-nosniff": "imposé",
        "x-content-type-options-not-implemented": "absent",
        "x-content-type-options-header-invalid": "ne peut pas être lu",
        "x-frame-options-implemented-via-csp": "réglée par la politique de contenu",
        "x-frame-options-sameorigin-or-deny": "interdite aux autres sites",
        "x-frame-options-allow-from-origin": "permise à un site",
        "x-frame-options-not-implemented": "permise à tous",
        "x-frame-options-header-invalid": "ne peut pas être lue",
        "corp-not-implemented": "sans politique",
        "corp-implemented-with-cross-origin": "permis à tous",
        "corp-implemented-with-same-site": "limité aux sites du même domaine",
        "corp-implemented-with-same-origin": "limité au site",
        "corp-header-invalid": "politique illisible",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One test of a scorecard: ``points`` as ``−20``, ``0`` or ``+5``; ``rule`` is the id of ours, empty where there is none."""

    title: str
    result: str
    points: str
    is_passed: bool
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Grading:
    """A score as its reader sees it; ``lines`` begin with what costs most."""

    score: int
    algorithm: int
    preload: str
    lines: tuple[Line, ...]


def grading(facts: Mapping[str, Any]) -> Grading | None:
    """The score in the facts of ``security-headers``; ``None`` where there is none, or where it is not of a form we know."""
    tests = facts.get("tests")
    if not isinstance(tests, Mapping) or not isinstance(facts.get("score"), int):
        return None
    lines = sorted(_lines(tests), key=lambda line: line[0])
    return Grading(
        facts["score"], facts.get("algorithm", 0), str(facts.get("preload", "")), tuple(line for _, line in lines)
    )


def _lines(tests: Mapping[str, Any]) -> Iterator[tuple[int, Line]]:
    for name, said in tests.items():
        if isinstance(said, Mapping) and isinstance(said.get("scoreModifier"), int):
            points, code = said["scoreModifier"], str(said.get("result", ""))
            yield (
                points,
                Line(
                    title=TESTS.get(name, name),
                    result=RESULTS.get(code, code),
                    points=f"{points:+d}".replace("-", "\N{MINUS SIGN}") if points else "0",
                    is_passed=bool(said.get("pass")),
                    rule=RULES.get(name, ""),
                ),
            )
