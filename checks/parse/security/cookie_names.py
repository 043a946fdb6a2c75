"""What a cookie is for, told by its name, as far as names tell."""

from __future__ import annotations

import re

_LONGEST = 200
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARTS = re.compile(r"[^a-z0-9]+")
_SESSION = re.compile(r"(?<!ob)(?<!as)(?<!pos)sess|login|logged_?in")
_SESSION_PARTS = frozenset(
    {
        "sid",
        "ssid",
        "auth",
        "authn",
        "oauth",
        "authtoken",
        "token",
        "accesstoken",
        "refreshtoken",
        "idtoken",
        "jwt",
        "sso",
    }
)
_ANTI_FORGERY = re.compile(r"csrf|xsrf|requestverificationtoken|antiforgery")
_NOT_SESSION = re.compile(
    r"session_hash$"  # of Keycloak: a digest that its page compares
    r"|affinity|^incap_ses|^ai_session|^cookiesession1$"  # of a balancer, of a wall or of a measure: nobody is known by it
)


def is_anti_forgery(name: str) -> bool:
    """A token that the script of the page reads and sends back: it has to be readable."""
    return _ANTI_FORGERY.search(name[:_LONGEST].lower()) is not None


def is_session(name: str) -> bool:
    """Whether it looks like what proves who the user is: ``PHPSESSID``, ``connect.sid``, ``auth_token``…"""
    name = name[:_LONGEST]
    lower = name.lower()
    if is_anti_forgery(name) or _NOT_SESSION.search(lower):
        return False
    return _SESSION.search(lower) is not None or not _SESSION_PARTS.isdisjoint(_words(name))


def _words(name: str) -> set[str]:
    """``authToken`` and ``auth-token`` are two words each; the whole name is one more."""
    lower = name.lower()
    return {*_PARTS.split(_CAMEL.sub("-", name).lower()), *_PARTS.split(lower)}
