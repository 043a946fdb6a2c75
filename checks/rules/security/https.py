"""Le site est servi en https, et http y mène aussitôt.

Pourquoi c'est important
------------------------
Sans chiffrement, ce que lit et écrit un usager peut être vu et modifié en chemin. Une page encore servie en http suffit
à un attaquant pour détourner la visite avant qu'elle soit protégée.

Ce que nous regardons
---------------------
- L'adresse demandée en http renvoie dès la première réponse vers https, sur le même hôte (ou http ne répond pas du tout).
- Le certificat présenté en https est valide pour cet hôte. Qui l'a délivré, pour quels noms et jusqu'à quand est noté ;
  s'il expire dans les 21 jours, le verdict porte l'avertissement `certificate-expires-soon`.

Un certificat est refusé comme un navigateur le refuse : il a expiré, il vaut pour un autre nom, il est signé par lui-même
ou par une autorité inconnue, ou le site n'envoie pas le certificat intermédiaire. Le verdict dit lequel, quand il se voit.

Si le certificat est mauvais, la page est lue une seconde fois sans le vérifier, pour que les autres règles puissent être
jugées : elles portent alors l'avertissement `insecure-fetch`.

Comment corriger
----------------
- Faites répondre au port 80 une seule chose : `301` vers la même adresse en https.
- Renvoyez vers `www` ou vers un autre domaine seulement ensuite, une fois en https.
- Renouvelez le certificat automatiquement (ACME), bien avant sa fin, et incluez-y tous les noms du site.
- Faites envoyer par le serveur la chaîne entière (`fullchain.pem`), et non le certificat seul.

Référence
---------
- RFC 9110, section 4.2.2 (https) et 4.3.4 (certificats) ; RFC 6797, section 7.2 (réponse aux requêtes non chiffrées).
- ANSSI, Recommandations pour la mise en œuvre d'un site web, R1 et R3.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from urllib.parse import urlsplit

from checks.model.address import host_of
from checks.model.capture import Capture, FailureKind, Role
from checks.model.chain import Chain
from checks.model.evidence import shortened
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.parse.certificate import days_left, facts_of, in_words, why_refused
from checks.parse.reading import http_obstacle, is_html, veil
from checks.parse.security.sent import met
from checks.parse.security.without_https import REFUSALS, ways_home
from checks.parse.site import Site


class Reason(StrEnum):
    REDIRECTS = "redirects-to-https"
    HTTPS_ONLY = "https-only"
    NO_REDIRECT = "no-redirect"
    REDIRECT_OFF_HOST = "redirect-off-host"
    LATE_REDIRECT = "late-redirect"
    NO_HTTPS = "no-https"
    BAD_CERTIFICATE = "bad-certificate"


SOON = 21
"""Days: what renews a certificate of three months by itself does so 30 days before its end."""

EXPIRES_SOON = "certificate-expires-soon"
_SILENCES = {FailureKind.REFUSED, FailureKind.TIMEOUT, FailureKind.RESET}


def judge(site: Site) -> Finding:
    if site.obstacle and site.obstacle.reason in {Obstacle.NO_URL, Obstacle.NOT_RUN, Obstacle.NOT_A_WEBSITE}:
        return site.obstacle
    bad = _bad_certificate(site)
    return _refused(site, bad) if bad else _with_certificate(site, _way_in(site))


def _way_in(site: Site) -> Finding:
    http = next((chain for chain in site.visited if chain.role is Role.HTTP), None)
    if http is None:
        return Finding(reason=Obstacle.NOT_RUN)
    secure = _secure(site)
    return (
        _without_http(http.first.failure.kind, http.first, secure)
        if http.first.failure
        else _with_http(site, http, secure)
    )


def _without_http(kind: FailureKind, first: Capture, secure: Capture | None) -> Finding:
    """http is not there where it is silent; an answer that was cut, too large or not asked for tells nothing of it."""
    return _found(Reason.HTTPS_ONLY, secure) if secure and kind in _SILENCES else _unseen(first)


def _with_http(site: Site, http: Chain, secure: Capture | None) -> Finding:
    first = http.first
    if not first.is_redirect:
        return _without_redirect(site, first, secure)
    second = http.hops[1] if len(http.hops) > 1 else first
    if urlsplit(second.url).scheme != "https":
        return _in_clear(site, Reason.LATE_REDIRECT, first, second)
    if second.failure and secure is None:
        return _unseen(second)
    same = host_of(second.url) == host_of(first.url)
    return _found(Reason.REDIRECTS if same else Reason.REDIRECT_OFF_HOST, first, second)


def _without_redirect(site: Site, first: Capture, secure: Capture | None) -> Finding:
    obstacle = http_obstacle(first)
    if _is_wall(site, first) or (obstacle and (secure is None or obstacle is not Obstacle.BLOCKED)):
        return Finding(reason=obstacle or Obstacle.BLOCKED, evidence=(met(first),))
    if (first.status or 0) >= 400:  # noqa: PLR2004 - http says no, so nothing is served in clear
        return _found(Reason.HTTPS_ONLY, first, secure) if secure else _unseen(first)
    return _in_clear(site, Reason.NO_REDIRECT, first)


def _is_wall(site: Site, first: Capture) -> bool:
    """A control of the visitor, shown with the status of a page: what comes after it is not known."""
    return first.status == 200 and is_html(first) and veil(site.page_of(first)) is Obstacle.BLOCKED  # noqa: PLR2004


def _in_clear(site: Site, reason: Reason, *captures: Capture) -> Finding:
    """http shows the page. That https is not there is said only where the server refused it, not where it was late."""
    ends = [chain.answer for chain in site.visited if chain.role is Role.HOME]
    refusal = next((end for end in ends if end.failure and end.failure.kind in REFUSALS), None)
    if refusal and _secure(site) is None:
        return _found(Reason.NO_HTTPS, *captures, refusal)
    return _found(reason, *captures)


def _secure(site: Site) -> Capture | None:
    """An answer over https whose certificate was checked, of the home page or on the way to it."""
    hops = ways_home(site)
    return next((hop for hop in hops if hop.status and hop.url.startswith("https:") and not hop.is_insecure), None)


def _with_certificate(site: Site, finding: Finding) -> Finding:
    """The certificate that ends first, of those met on the way to the home page."""
    shown = [(hop, hop.certificate) for hop in ways_home(site) if hop.certificate and not hop.is_insecure]
    if not shown or not isinstance(finding.reason, Reason):
        return finding
    hop, certificate = min(shown, key=lambda pair: pair[1].expires)
    facts = facts_of(certificate, site.as_of)
    if days_left(certificate, site.as_of) > SOON:
        return replace(finding, facts=facts)
    evidence = replace(met(hop), excerpt=in_words(certificate), locator="")
    return replace(finding, warnings=(EXPIRES_SOON,), evidence=(*finding.evidence, evidence), facts=facts)


def _refused(site: Site, bad: Capture) -> Finding:
    """What is wrong with the certificate stands in the exchange that did not check it."""
    hops = (hop for chain in site.visited for hop in chain.hops if hop.is_insecure and hop.certificate)
    again = next((hop for hop in hops if host_of(hop.url) == host_of(bad.url)), None)
    certificate = again.certificate if again else None
    why = why_refused(bad, certificate)
    facts = facts_of(certificate, site.as_of) if certificate else {}
    evidence = (met(bad), replace(met(again), excerpt=shortened(why), locator="")) if again and why else (met(bad),)
    return Finding(reason=Reason.BAD_CERTIFICATE, evidence=evidence, facts={**facts, "why": why} if why else facts)


def _bad_certificate(site: Site) -> Capture | None:
    """The exchange that a certificate ended: the same page answers when nobody checks."""
    if not any(hop.is_insecure and hop.status for chain in site.visited for hop in chain.hops):
        return None
    ends = (chain.answer for chain in site.visited if chain.role in {Role.HOME, Role.HTTP})
    return next((end for end in ends if end.failure and end.failure.kind is FailureKind.TLS), None)


def _unseen(capture: Capture | None) -> Finding:
    if capture is None:
        return Finding(reason=Obstacle.NOT_RUN)
    return Finding(reason=http_obstacle(capture) or Obstacle.UNREACHABLE, evidence=(met(capture),))


def _found(reason: Reason, *captures: Capture | None) -> Finding:
    return Finding(reason=reason, evidence=tuple(met(capture) for capture in captures if capture))


RULE = Rule(
    id="https",
    version=2,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Connexion chiffrée (https)",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.REDIRECTS: Outcome.PASSED,
        Reason.HTTPS_ONLY: Outcome.PASSED,
        Reason.NO_REDIRECT: Outcome.FAILED,
        Reason.REDIRECT_OFF_HOST: Outcome.FAILED,
        Reason.LATE_REDIRECT: Outcome.FAILED,
        Reason.NO_HTTPS: Outcome.FAILED,
        Reason.BAD_CERTIFICATE: Outcome.FAILED,
    },
    messages={
        Reason.REDIRECTS: "L'adresse en http renvoie aussitôt vers https, et le certificat est valide.",
        Reason.HTTPS_ONLY: "Le site ne répond qu'en https, et le certificat est valide.",
        Reason.NO_REDIRECT: "L'adresse en http affiche la page au lieu de renvoyer vers https.",
        Reason.REDIRECT_OFF_HOST: "L'adresse en http renvoie vers un autre hôte avant d'être protégée par https.",
        Reason.LATE_REDIRECT: "L'adresse en http renvoie d'abord vers une autre adresse en http.",
        Reason.NO_HTTPS: "Le site répond en http, mais pas en https.",
        Reason.BAD_CERTIFICATE: "Le certificat du site n'est pas valide : un navigateur affiche un avertissement.",
    },
    warnings={EXPIRES_SOON: "Le certificat du site expire dans moins de trois semaines."},
    reads_exchange=True,
)
