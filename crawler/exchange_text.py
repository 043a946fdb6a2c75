from __future__ import annotations

from datetime import UTC
from http import HTTPStatus

from checks.model.address import without_credentials
from checks.model.capture import Capture

_ATTRIBUTES = {"domain", "expires", "max-age", "path", "priority", "samesite"}
"""Attributes of a cookie that have a value (RFC 6265bis §4.1.2); any other may be a second cookie."""

_FLAGS = {"", "httponly", "partitioned", "secure"}
"""Those that have none; any other may be the rest of a value in which the server left a semicolon."""


def exchange_text(found: Capture) -> str:
    """One archived exchange as plain text: what was asked, the status, the headers and the body.

    For people: cookies of the answer are shown by name only, addresses of headers without user and password, and bytes that
    are not text are said, not shown.
    """
    lines = [
        f"Capture {found.id}",
        f"Date : {found.at.astimezone(UTC).isoformat(timespec='seconds')}",
        f"Demande : {found.method} {found.url}",
    ]
    if found.origin:
        lines += [f"Origin envoyé : {found.origin}"]
    if found.failure:
        return "\n".join([*lines, f"Échec : {found.failure.kind} {found.failure.message}", ""])
    if found.rendering:
        lines += [f"Page affichée par un navigateur, à partir de la capture {found.rendering.of}"]
    if found.status == HTTPStatus.NOT_MODIFIED and found.body:
        lines += ["Réponse inchangée depuis un audit précédent : le corps est celui d'alors."]
    lines += [f"Réponse : {found.status}", ""]
    lines += [f"{name}: {_without_cookie_value(name, value)}" for name, value in found.headers]
    text = found.body.decode("utf-8", "replace")
    if "\0" in text:
        text = f"[{len(found.body)} octets qui ne sont pas du texte]"
    return "\n".join([*lines, "", text, ""])


def _without_cookie_value(name: str, value: str) -> str:
    if name.lower() != "set-cookie":
        return without_credentials(value)
    cookie, *attributes = value.split(";")
    named, equals, _ = cookie.partition("=")
    return ";".join([f"{named if equals else ''}=…", *map(_without_second_value, attributes)])


def _without_second_value(attribute: str) -> str:
    """An attribute as it is; of one that holds two ``=``, where a server joined two cookies by a comma, the name only."""
    name, equals, said = attribute.partition("=")
    if not equals:
        return attribute if name.strip().lower() in _FLAGS else "…"
    is_known = name.strip().lower() in _ATTRIBUTES and "=" not in said
    return attribute if is_known else f"{name}=…"
