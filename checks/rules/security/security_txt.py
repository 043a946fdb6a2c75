"""Le site dit comment lui signaler une faille de sécurité (security.txt).

Pourquoi c'est important
------------------------
Qui trouve une faille et ne sait à qui le dire se tait, ou la publie. Un fichier connu de tous, à une adresse fixée, donne
la bonne adresse en une minute.

Ce que nous regardons
---------------------
L'adresse `/.well-known/security.txt` du site, telle que la RFC 9116 la décrit :

- le fichier est servi en https, avec le type `text/plain` ; une page HTML à sa place est une erreur déguisée ;
- il a au moins un `Contact`, qui est une adresse complète (`mailto:`, `https:` ou `tel:`) ;
- il a un `Expires`, un seul, écrit comme `2027-01-31T12:00:00Z` et à venir au jour de l'audit.

Un fichier signé (PGP) est lu dans sa partie signée ; la signature n'est pas vérifiée. Les commentaires et les champs
inconnus sont permis. L'ancienne adresse `/security.txt` n'est pas demandée.

Aucun chiffre publié ne compte cette règle : aucun texte n'oblige un service à publier ce fichier.

Comment corriger
----------------
- Écrivez `/.well-known/security.txt` avec deux lignes : `Contact: mailto:securite@exemple.gouv.fr` et
  `Expires: 2027-01-31T12:00:00Z`, à moins d'un an.
- Notez dans un agenda le jour où renouveler `Expires`.
- Ajoutez `Preferred-Languages: fr, en` et `Canonical:` suivi de l'adresse du fichier.

Référence
---------
- RFC 9116, https://www.rfc-editor.org/rfc/rfc9116.
- https://securitytxt.org/
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from checks.model.address import is_same_site
from checks.model.capture import Capture, Role
from checks.model.chain import Chain
from checks.model.evidence import Evidence, shortened
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.parse import looks
from checks.parse.html import Page
from checks.parse.reading import HTML, http_obstacle
from checks.parse.security.disclosure import Disclosure, date_time, disclosure, is_contact
from checks.parse.security.sent import home_answer
from checks.parse.site import Site

_MISSING = {204, 404, 410}
_ERROR = 400
_MOST_QUOTED = 10
_A_YEAR = timedelta(days=366)
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body")


class Reason(StrEnum):
    VALID = "valid"
    ABSENT = "absent"
    SOFT_404 = "soft-404"
    NOT_HTTPS = "not-https"
    WRONG_TYPE = "wrong-type"
    NO_CONTACT = "no-contact"
    INVALID_CONTACT = "invalid-contact"
    NO_EXPIRES = "no-expires"
    SEVERAL_EXPIRES = "several-expires"
    INVALID_EXPIRES = "invalid-expires"
    EXPIRED = "expired"


def judge(site: Site) -> Finding:
    home = home_answer(site)
    if isinstance(home, Finding):
        return home
    chain = next((chain for chain in reversed(site.visited) if chain.role is Role.SECURITY_TXT), None)
    if chain is None:
        return Finding(reason=Obstacle.NOT_RUN)
    unread = _unread(chain.answer)
    if unread:
        return Finding(reason=unread, warnings=site.warnings, evidence=(_seen(chain.answer),))
    return _read(site, chain)


def _unread(answer: Capture) -> Reason | Obstacle | None:
    """Why there is no file to read: an obstacle, nothing there, or a page in its place."""
    obstacle = http_obstacle(answer)
    if obstacle or answer.status in _MISSING:
        return obstacle or Reason.ABSENT
    is_page = answer.media_type in HTML or answer.body.lstrip()[:20].lower().startswith(_MARKUP)
    page = Page(answer) if is_page else None
    if (answer.status or 0) >= _ERROR:
        return Obstacle.BLOCKED if page and looks.is_wall_in_error(page) else Reason.ABSENT
    if page is None or _is_mistyped(answer):
        return None
    if looks.is_wall(page):
        return Obstacle.BLOCKED
    return Obstacle.SERVER_ERROR if looks.is_in_maintenance(page) else Reason.SOFT_404


def _is_mistyped(answer: Capture) -> bool:
    """Sent as HTML, but it is the file: every word of it but its type is right."""
    return not answer.body.lstrip().startswith(b"<") and bool(disclosure(answer.body).all("contact"))


def _read(site: Site, chain: Chain) -> Finding:
    answer, file = chain.answer, disclosure(chain.answer.body)
    expires = file.all("expires")
    return Finding(
        reason=_reason(answer, file, site.as_of),
        value=expires[0][:40] if len(expires) == 1 else None,
        warnings=(*site.warnings, *_warnings(chain, file, site.as_of)),
        evidence=_quoted(answer, file),
        facts={"contacts": [shortened(one) for one in file.all("contact")[:_MOST_QUOTED]], "is_signed": file.is_signed},
    )


def _reason(answer: Capture, file: Disclosure, today: date) -> Reason:
    if not answer.url.lower().startswith("https:"):
        return Reason.NOT_HTTPS
    if answer.media_type != "text/plain":
        return Reason.WRONG_TYPE
    contacts = file.all("contact")
    if not any(map(is_contact, contacts)):
        return Reason.INVALID_CONTACT if contacts else Reason.NO_CONTACT
    return _expiry(file.all("expires"), today)


def _expiry(said: tuple[str, ...], today: date) -> Reason:
    if len(said) != 1:
        return Reason.SEVERAL_EXPIRES if said else Reason.NO_EXPIRES
    end = date_time(said[0])
    if end is None:
        return Reason.INVALID_EXPIRES
    return Reason.VALID if end >= _start(today) else Reason.EXPIRED


def _warnings(chain: Chain, file: Disclosure, today: date) -> Iterator[str]:
    ends = [end for end in map(date_time, file.all("expires")) if end]
    canonical = file.all("canonical")
    said = {
        "other-domain": not is_same_site(chain.first.url, chain.answer.url),
        "expires-far": any(end > _start(today) + _A_YEAR for end in ends),
        "some-invalid-contact": len({is_contact(one) for one in file.all("contact")}) > 1,
        "several-languages": len(file.all("preferred-languages")) > 1,
        "canonical-elsewhere": bool(canonical) and not {chain.first.url, chain.answer.url} & set(canonical),
        "not-utf8": not file.is_utf8,
    }
    return (name for name, is_so in said.items() if is_so)


def _start(today: date) -> datetime:
    return datetime.combine(today, time(), tzinfo=UTC)


def _quoted(answer: Capture, file: Disclosure) -> tuple[Evidence, ...]:
    """The lines that decide, else the beginning of what is there."""
    lines = [f"{name.title()}: {value}" for name, value in file.fields if name in {"contact", "expires"}]
    start = shortened(answer.body[:1_000].decode("utf-8", "replace")) or "(fichier vide)"
    kind = answer.header("content-type") or "(en-tête absent)"
    typed = () if answer.media_type == "text/plain" else (_seen(answer, kind, "header Content-Type"),)
    return (*typed, *(_seen(answer, line) for line in lines[:_MOST_QUOTED] or [start]))


def _seen(answer: Capture, excerpt: str = "", locator: str = "") -> Evidence:
    failure = answer.failure
    text = f"{failure.kind}: {failure.message}" if failure else excerpt
    return Evidence(url=answer.url, capture=answer.id, status=answer.status, excerpt=shortened(text), locator=locator)


RULE = Rule(
    id="security-txt",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Signalement des failles (security.txt)",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.VALID: Outcome.PASSED,
        Reason.ABSENT: Outcome.FAILED,
        Reason.SOFT_404: Outcome.FAILED,
        Reason.NOT_HTTPS: Outcome.FAILED,
        Reason.WRONG_TYPE: Outcome.FAILED,
        Reason.NO_CONTACT: Outcome.FAILED,
        Reason.INVALID_CONTACT: Outcome.FAILED,
        Reason.NO_EXPIRES: Outcome.FAILED,
        Reason.SEVERAL_EXPIRES: Outcome.FAILED,
        Reason.INVALID_EXPIRES: Outcome.FAILED,
        Reason.EXPIRED: Outcome.FAILED,
    },
    messages={
        Reason.VALID: "Le fichier security.txt dit à qui signaler une faille, et il est à jour.",
        Reason.ABSENT: "Le site n'a pas de fichier /.well-known/security.txt.",
        Reason.SOFT_404: "L'adresse de security.txt donne une page HTML au lieu du fichier.",
        Reason.NOT_HTTPS: "Le fichier security.txt n'est pas servi en https.",
        Reason.WRONG_TYPE: "Le fichier security.txt n'est pas servi avec le type text/plain.",
        Reason.NO_CONTACT: "Le fichier security.txt n'a pas de champ Contact.",
        Reason.INVALID_CONTACT: "Aucun Contact du fichier security.txt n'est une adresse complète (mailto:, https:, tel:).",
        Reason.NO_EXPIRES: "Le fichier security.txt n'a pas de champ Expires.",
        Reason.SEVERAL_EXPIRES: "Le fichier security.txt a plusieurs champs Expires : il n'en faut qu'un.",
        Reason.INVALID_EXPIRES: "La date Expires du fichier security.txt ne se lit pas (2027-01-31T12:00:00Z).",
        Reason.EXPIRED: "Le fichier security.txt a expiré.",
    },
    warnings={
        "other-domain": "Le fichier security.txt vient d'un autre domaine.",
        "expires-far": "La date Expires est à plus d'un an : la RFC 9116 conseille moins.",
        "some-invalid-contact": "Un Contact n'est pas une adresse complète (mailto:, https:, tel:).",
        "several-languages": "Preferred-Languages est écrit plusieurs fois : il n'en faut qu'un.",
        "canonical-elsewhere": "Aucun champ Canonical ne donne l'adresse où le fichier a été lu.",
        "not-utf8": "Le fichier security.txt n'est pas en UTF-8.",
    },
    reads_exchange=True,
)
