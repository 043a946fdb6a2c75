"""Le site dit aux navigateurs de ne plus lui parler qu'en https (HSTS).

Pourquoi c'est important
------------------------
Un usager tape une adresse sans `https://`, ou suit un vieux lien : sa première demande part en clair, et peut être
détournée sur un réseau public. Avec `Strict-Transport-Security`, le navigateur qui est déjà venu une fois ne fait plus
jamais cette demande en clair.

Ce que nous regardons
---------------------
L'en-tête `Strict-Transport-Security` de la réponse https de la page d'accueil, lu comme le dit la RFC 6797 :

- seule la première ligne compte quand le serveur en envoie plusieurs ;
- chaque directive n'y est qu'une fois, et `max-age` y est, en chiffres (entre guillemets ou non). Sinon un navigateur
  ignore tout l'en-tête ;
- `max-age` vaut au moins six mois (15 552 000 secondes) ;
- un en-tête envoyé en http ne compte pas.

Un hôte qui est dans la liste HSTS que les navigateurs portent en eux, par lui-même ou par un domaine au-dessus de lui
(tout `.dev`, par exemple), n'est joint qu'en https quoi qu'il envoie : la règle est alors respectée.

L'Observatoire HTTP de MDN accepte `max-age=abc` et `max-age=31536000s`, que les navigateurs ignorent, et refuse
`max-age = 31536000`, qu'ils acceptent : nous suivons la RFC. Si le certificat n'est pas valide, les navigateurs ignorent
l'en-tête : c'est la règle `https` qui le dit.

Comment corriger
----------------
- Envoyez `Strict-Transport-Security: max-age=31536000` en https, une seule fois : du serveur ou de l'application.
- Si vous craignez de vous tromper, commencez par une heure (`max-age=3600`) et allongez ensuite.
- Ajoutez `includeSubDomains` une fois que tous les sous-domaines répondent en https.
- N'ajoutez `preload` que pour vous inscrire sur https://hstspreload.org : il faut alors un an et `includeSubDomains`.

Référence
---------
- RFC 6797, sections 6.1 (grammaire), 7.2 et 8.1 (ce qu'un navigateur en fait).
- ANSSI, Recommandations pour la mise en œuvre d'un site web.
"""

from __future__ import annotations

from enum import StrEnum

from checks.model.address import host_of, is_same_site
from checks.model.capture import Capture, Role
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.parse.observatory.preload import bundled
from checks.parse.reading import http_obstacle
from checks.parse.security.remedies import mending
from checks.parse.security.sent import home_answer, met, quote, values, warnings_of
from checks.parse.security.transport import Transport, transport
from checks.parse.security.without_https import refusal_of_https, ways_home
from checks.parse.site import Site

HEADER = "strict-transport-security"
SIX_MONTHS = 15_552_000
_YEAR = 31_536_000


class Reason(StrEnum):
    SENT = "at-least-six-months"
    PRELOADED = "preloaded"
    ABSENT = "absent"
    INVALID = "invalid"
    SWITCHED_OFF = "switched-off"
    TOO_SHORT = "too-short"
    NO_HTTPS = "no-https"


def judge(site: Site) -> Finding:
    home = home_answer(site)
    if isinstance(home, Finding):
        return home
    answer = home if _is_secure(home) else _secure_answer(site)
    return _read(site, answer) if answer else _without_https(site, home)


def _read(site: Site, answer: Capture) -> Finding:
    lines = values(answer, HEADER)
    policy = transport(lines[0]) if lines else None
    reason = _reason(policy) if lines else Reason.ABSENT
    if reason is not Reason.SENT and bundled(host_of(answer.url)):
        reason = Reason.PRELOADED
    quoted = quote(answer, HEADER)
    said = {
        "repeated": len(lines) > 1,
        "preload-not-met": _is_in_vain(policy),
        "redirect-without": reason is Reason.SENT and _is_bare(site, answer),
    }
    fails = RULE.outcome(reason) is Outcome.FAILED
    return Finding(
        reason=reason,
        value=f"max-age={policy.max_age}" if policy else None,
        warnings=(*warnings_of(site, answer), *(name for name, is_so in said.items() if is_so)),
        evidence=quoted.evidence,
        facts={**_facts(policy), **(mending("hsts", quoted.received) if fails else {})},
    )


def _reason(policy: Transport | None) -> Reason:
    if policy is None:
        return Reason.INVALID
    if policy.max_age == 0:
        return Reason.SWITCHED_OFF
    return Reason.SENT if policy.max_age >= SIX_MONTHS else Reason.TOO_SHORT


def _facts(policy: Transport | None) -> dict[str, object]:
    if policy is None:
        return {}
    told = {"max_age": policy.max_age, "includes_subdomains": policy.includes_subdomains}
    return {**told, "is_to_preload": policy.is_to_preload}


def _is_in_vain(policy: Transport | None) -> bool:
    """Whether ``preload`` asks for a list that takes only a year or more, subdomains included."""
    return policy is not None and policy.is_to_preload and not (policy.includes_subdomains and policy.max_age >= _YEAR)


def _is_bare(site: Site, answer: Capture) -> bool:
    """Whether another host of the site, met on the way over https, redirects without a policy of its own."""
    return any(
        host_of(hop.url) != host_of(answer.url)
        and is_same_site(hop.url, answer.url)
        and not any(policy and policy.max_age for policy in map(transport, values(hop, HEADER)[:1]))
        for hop in ways_home(site)
        if _is_secure(hop) and hop.is_redirect
    )


def _is_secure(capture: Capture) -> bool:
    return capture.status is not None and capture.url.lower().startswith("https:")


def _secure_answer(site: Site) -> Capture | None:
    """Where http gives the home page: the same page over https, if it was seen."""
    ends = (chain.answer for chain in site.visited if chain.role in {Role.HOME, Role.HTTP})
    return next((end for end in ends if _is_secure(end) and not http_obstacle(end)), None)


def _without_https(site: Site, home: Capture) -> Finding:
    """Https was refused, or led back to http; where it was only late, nothing is known of it."""
    proof = refusal_of_https(site)
    if isinstance(proof, Finding):
        return proof
    return Finding(
        reason=Reason.NO_HTTPS,
        warnings=warnings_of(site, home),
        evidence=(met(home), met(proof)),
        facts=mending("hsts", quote(home, HEADER).received),
    )


RULE = Rule(
    id="hsts",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Navigation forcée en https (HSTS)",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.SENT: Outcome.PASSED,
        Reason.PRELOADED: Outcome.PASSED,
        Reason.ABSENT: Outcome.FAILED,
        Reason.INVALID: Outcome.FAILED,
        Reason.SWITCHED_OFF: Outcome.FAILED,
        Reason.TOO_SHORT: Outcome.FAILED,
        Reason.NO_HTTPS: Outcome.FAILED,
    },
    messages={
        Reason.SENT: "Les navigateurs ne parlent plus au site qu'en https, pour six mois au moins.",
        Reason.PRELOADED: "L'hôte est dans la liste HSTS des navigateurs : ils ne lui parlent qu'en https.",
        Reason.ABSENT: "L'en-tête Strict-Transport-Security n'est pas envoyé.",
        Reason.INVALID: "L'en-tête Strict-Transport-Security est mal écrit : les navigateurs l'ignorent.",
        Reason.SWITCHED_OFF: "L'en-tête Strict-Transport-Security dit max-age=0 : il annule la protection.",
        Reason.TOO_SHORT: "L'en-tête Strict-Transport-Security protège moins de six mois (15 552 000 secondes).",
        Reason.NO_HTTPS: "Le site ne répond pas en https : l'en-tête ne peut pas y être envoyé.",
    },
    warnings={
        "repeated": "L'en-tête Strict-Transport-Security est envoyé plusieurs fois : seul le premier compte.",
        "preload-not-met": "L'en-tête demande preload sans un an et includeSubDomains : l'inscription sera refusée.",
        "redirect-without": "Une autre adresse du site renvoie ici sans envoyer Strict-Transport-Security.",
    },
    reads_exchange=True,
)
