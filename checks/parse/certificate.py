"""What a certificate says of itself, and in plain French why one is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from checks.model.address import host_of
from checks.model.capture import MAX_NAMES, Capture, Certificate

_SHOWN = 3
"""Names that a sentence quotes."""

_DEPTH = re.compile(r", depth (\d+)")
_ISSUER = re.compile(r"unable to get issuer cert|unable to verify leaf signature")


def facts_of(certificate: Certificate, as_of: date) -> dict[str, Any]:
    return {
        "expires": certificate.expires.date().isoformat(),
        "issuer": certificate.issuer,
        "names": list(certificate.names),
        "days_left": days_left(certificate, as_of),
    }


def days_left(certificate: Certificate, as_of: date) -> int:
    """Whole days from the run to the day on which a certificate ends; below 0 when it has."""
    return (certificate.expires.date() - as_of).days


def in_words(certificate: Certificate) -> str:
    signed = f", délivré par {certificate.issuer}" if certificate.issuer else ""
    return f"Certificat valable jusqu'au {certificate.expires:%d/%m/%Y}{signed}."


def why_refused(refused: Capture, certificate: Certificate | None) -> str:
    """All that is wrong with the certificate of a site; empty where nothing tells.

    ``refused`` is the exchange that it ended, whose failure bears OpenSSL's words (those of older captures say nothing);
    ``certificate`` is what was shown when the page was read without checking it.
    """
    message = refused.failure.message if refused.failure else ""
    told = (
        *_time(message, certificate, refused.at),
        *_name(message, certificate, host_of(refused.url)),
        *_signature(message, certificate),
    )
    return f"Certificat refusé : {' ; '.join(told)}." if told else ""


def _time(message: str, certificate: Certificate | None, at: datetime) -> Iterator[str]:
    if certificate and certificate.expires <= at:
        yield f"il a expiré le {certificate.expires:%d/%m/%Y}"
    elif "has expired" in message:
        yield "un certificat de sa chaîne a expiré" if certificate or _depth(message) else "il a expiré"
    if "not yet valid" in message:
        yield "il n'est pas encore valable"


def _name(message: str, certificate: Certificate | None, host: str) -> Iterator[str]:
    names = certificate.names if certificate else ()
    # A list that was cut may have held the name.
    is_other = 0 < len(names) < MAX_NAMES and not any(_covers(name, host) for name in names)
    if "no name" in message:
        yield "il ne porte aucun nom de site"
    elif "Mismatch" in message or is_other:
        others = f", mais pour {', '.join(names[:_SHOWN])}{'…' * (len(names) > _SHOWN)}" if names else ""
        yield f"il ne vaut pas pour {host}{others}"


def _covers(name: str, host: str) -> bool:
    """RFC 9525 §6.3: an asterisk stands for one label, the first."""
    asterisk, _, domain = name.lower().partition(".")
    return name.lower() == host or (asterisk == "*" and host.partition(".")[2] == domain)


def _signature(message: str, certificate: Certificate | None) -> Iterator[str]:
    issuer = f" ({certificate.issuer})" if certificate and certificate.issuer else ""
    if "revoked" in message:
        yield "il a été révoqué"
    elif "self signed cert in chain" in message or (_ISSUER.search(message) and _depth(message)):
        yield f"l'autorité qui l'a délivré{issuer} est inconnue des navigateurs"
    elif "self signed" in message:
        yield "il est signé par lui-même"
    elif _ISSUER.search(message):
        yield (
            f"l'autorité qui l'a délivré{issuer} est inconnue des navigateurs, ou le site n'envoie pas le certificat"
            " intermédiaire"
        )


def _depth(message: str) -> int:
    """How far from the site's own certificate the fault was met."""
    found = _DEPTH.search(message)
    return int(found[1]) if found else 0
