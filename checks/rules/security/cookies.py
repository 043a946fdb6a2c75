"""Les cookies que pose la page d'accueil ne voyagent pas en clair et ne se laissent pas voler par un script.

Pourquoi c'est important
------------------------
Le cookie de session vaut le mot de passe : qui le lit agit au nom de l'usager. Sans `Secure`, le navigateur l'envoie aussi
en clair ; sans `HttpOnly`, un script injecté dans la page le lit ; sans `SameSite`, une demande venue d'un autre site
l'emporte avec elle.

Ce que nous regardons
---------------------
Les `Set-Cookie` de la page d'accueil et de chaque réponse du site qui y mène, celle en http comprise, lus comme le fait un
navigateur. Un cookie que le site efface n'est pas jugé. Du plus grave au moins grave :

- un cookie est posé par une réponse en http, que tout réseau peut lire ;
- un cookie n'a pas `Secure` ;
- un cookie qui semble de session (`sess`, `login`, `sid`, `auth`, `token`, `jwt` dans son nom) n'a pas `HttpOnly`. Un jeton
  anti-CSRF, fait pour être lu par la page, n'y est pas tenu ;
- un cookie est refusé par les navigateurs : `SameSite=None` sans `Secure`, ou un nom en `__Host-` ou `__Secure-` dont les
  attributs ne tiennent pas la promesse ;
- une valeur de `SameSite` n'existe pas.

Un cookie de session ou anti-CSRF sans `SameSite` est signalé, sans être refusé : tous les navigateurs n'en décident pas de
même. La valeur d'un cookie n'est ni jugée ni montrée : elle est remplacée par `…`.

L'Observatoire HTTP de MDN juge aussi les cookies que le site efface, ne reconnaît ni `connect.sid` ni `XSRF-TOKEN`, et
refuse un jeton anti-CSRF sans `SameSite` : c'est la session qu'il faut protéger ainsi, pas le jeton.

Comment corriger
----------------
- Posez les cookies avec `Secure; HttpOnly; SameSite=Lax`, par le réglage de session de votre cadriciel.
- Ne posez aucun cookie en http : répondez seulement par une redirection vers https.
- Les cookies d'un répartiteur de charge ou d'un pare-feu se règlent chez lui.

Référence
---------
- IETF, Cookies: HTTP State Management Mechanism (RFC 6265bis), https://datatracker.ietf.org/doc/draft-ietf-httpbis-rfc6265bis/.
- ANSSI, Recommandations pour la mise en œuvre d'un site web.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks.model.address import is_same_site
from checks.model.capture import Capture, Role
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.parse.security.cookie_names import is_anti_forgery, is_session
from checks.parse.security.remedies import mending
from checks.parse.security.sent import home_answer, noted, values, warnings_of
from checks.parse.security.set_cookie import Cookie, breaks_prefix, cookie, is_over_https
from checks.parse.security.transport import transport
from checks.parse.site import Site

_MOST_SHOWN = 50
_MOST_QUOTED = 10
_ERROR = 400


class Reason(StrEnum):
    SECURE = "protected"
    NONE = "no-cookie"
    OVER_HTTP = "set-over-http"
    NOT_SECURE = "without-secure"
    READABLE_SESSION = "session-without-httponly"
    NONE_NOT_SECURE = "samesite-none-without-secure"
    BROKEN_PREFIX = "broken-prefix"
    SAME_SITE = "invalid-samesite"


_WORST_FIRST = list(Reason)[2:]


@dataclass(frozen=True, slots=True)
class _Set:
    """A cookie, and the answer that sets it."""

    cookie: Cookie
    answer: Capture

    @property
    def faults(self) -> tuple[Reason, ...]:
        """All that is wrong with it, the worst first, but for what a worse one makes needless to say."""
        one = self.cookie
        said = {
            Reason.OVER_HTTP: not is_over_https(self.answer),
            Reason.NONE_NOT_SECURE: one.same_site == "none" and not one.is_secure,
            Reason.BROKEN_PREFIX: breaks_prefix(one),
            Reason.NOT_SECURE: not one.is_secure and one.same_site != "none" and not breaks_prefix(one),
            Reason.READABLE_SESSION: is_session(one.name) and not one.is_http_only,
            Reason.SAME_SITE: not one.has_known_same_site,
        }
        return tuple(reason for reason, is_so in said.items() if is_so)

    @property
    def fault(self) -> Reason | None:
        return next(iter(self.faults), None)


def judge(site: Site) -> Finding:
    home = home_answer(site)
    if isinstance(home, Finding):
        return home
    found = _found(site, home)
    faults = {one.fault for one in found} - {None}
    worst = next((reason for reason in _WORST_FIRST if reason in faults), None)
    reason = worst or (Reason.SECURE if found else Reason.NONE)
    guilty = [one for one in found if one.fault is reason] if worst else found
    lines = [one.cookie.shown() for one in found if one.fault][:_MOST_QUOTED]
    return Finding(
        reason=reason,
        warnings=(*warnings_of(site, home), *_warnings(found, home, faults)),
        evidence=tuple(noted(one.answer, "Set-Cookie", one.cookie.shown()) for one in guilty[:_MOST_QUOTED])
        or (noted(home, "Set-Cookie", "(aucun cookie)"),),
        facts={
            "cookies": [_fact(one) for one in found[:_MOST_SHOWN]],
            **(mending("cookies", [f"Set-Cookie: {line}" for line in lines]) if worst else {}),
        },
    )


def _found(site: Site, home: Capture) -> list[_Set]:
    """What a browser would keep: ``Secure`` over http is dropped, an end in the past deletes, and a cookie that the same
    answer sets again is the last one."""
    found: dict[tuple[str, ...], _Set] = {}
    for answer in _answers(site, home):
        for line in values(answer, "set-cookie"):
            one = cookie(line, answer)
            if one is None or (one.is_secure and not is_over_https(answer)):
                continue
            key = (answer.url, one.name, one.domain, one.path)
            found.pop(key, None)
            if not one.is_gone:
                found[key] = _Set(one, answer)
    return list(found.values())


def _answers(site: Site, home: Capture) -> Iterator[Capture]:
    """The home page and what leads to it, the one that http shows included; a login elsewhere has cookies of its own."""
    chains = [chain for chain in site.visited if chain.role is Role.HTTP]
    chains += [site.home.chain] if site.home and site.home.chain not in chains else []
    for hop in (hop for chain in chains for hop in chain.hops):
        is_way = hop.is_redirect or (hop.status or _ERROR) < _ERROR
        if hop is home or (is_way and is_same_site(hop.url, home.url)):
            yield hop


def _warnings(found: Sequence[_Set], home: Capture, faults: set[Reason | None]) -> Iterator[str]:
    if any(one.cookie.same_site is None and _matters(one.cookie.name) for one in found):
        yield "without-samesite"
    lines = values(home, "strict-transport-security")
    policy = transport(lines[0]) if lines and is_over_https(home) else None
    if policy and policy.max_age and Reason.NOT_SECURE in faults:
        yield "eased-by-hsts"


def _matters(name: str) -> bool:
    return is_session(name) or is_anti_forgery(name)


def _fact(one: _Set) -> dict[str, object]:
    """``cookie`` is the line without its value; ``faults`` are reasons, the worst first."""
    return {"cookie": one.cookie.shown(), "url": one.answer.url, "faults": [str(fault) for fault in one.faults]}


RULE = Rule(
    id="cookies",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Cookies protégés",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.SECURE: Outcome.PASSED,
        Reason.NONE: Outcome.PASSED,
        Reason.OVER_HTTP: Outcome.FAILED,
        Reason.NOT_SECURE: Outcome.FAILED,
        Reason.READABLE_SESSION: Outcome.FAILED,
        Reason.NONE_NOT_SECURE: Outcome.FAILED,
        Reason.BROKEN_PREFIX: Outcome.FAILED,
        Reason.SAME_SITE: Outcome.FAILED,
    },
    messages={
        Reason.SECURE: "Les cookies de la page d'accueil sont protégés.",
        Reason.NONE: "La page d'accueil ne pose aucun cookie.",
        Reason.OVER_HTTP: "Un cookie est posé par une réponse en http, lisible par tout réseau.",
        Reason.NOT_SECURE: "Un cookie n'a pas l'attribut Secure : il peut voyager en clair.",
        Reason.READABLE_SESSION: "Un cookie qui semble de session n'a pas HttpOnly : un script de la page peut le lire.",
        Reason.NONE_NOT_SECURE: "Un cookie dit SameSite=None sans Secure : les navigateurs le refusent.",
        Reason.BROKEN_PREFIX: "Un cookie en __Host- ou __Secure- n'en a pas les attributs : les navigateurs le refusent.",
        Reason.SAME_SITE: "Un cookie a une valeur de SameSite qui n'existe pas : elle est ignorée.",
    },
    warnings={
        "without-samesite": "Un cookie de session ou anti-CSRF ne dit pas SameSite : chaque navigateur en décide.",
        "eased-by-hsts": "HSTS (Strict-Transport-Security) réduit le risque d'un cookie sans Secure, sans l'ôter.",
    },
    reads_exchange=True,
)
