"""The answer whose headers the rules read, the values of each as a browser gets them, and the words that quote them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from checks.model.address import is_same_site
from checks.model.capture import Capture
from checks.model.evidence import Evidence, shortened
from checks.model.rule import Finding, Obstacle
from checks.parse import looks
from checks.parse.reading import Reading
from checks.parse.site import Site

ABSENT = "(en-tête absent)"
_SIGN_IN = (("client_id=", "response_type="), ("SAMLRequest=",), ("wa=wsignin1.0",))
"""What a request to sign in holds: OAuth 2 and OpenID Connect (RFC 6749, section 4.1.1), SAML 2.0, WS-Federation."""

_OWS = " \t\r\n"
_MOST_QUOTED = 10
_LONGEST_QUOTE = 1_000


def home_answer(site: Site) -> Capture | Finding:
    """The exchange that gave the home page, or why there is none to read. Headers come before any script runs."""
    if site.obstacle and not (site.obstacle.reason == Obstacle.NEEDS_RENDERING and site.home):
        return site.obstacle
    if site.home is None:
        return Finding(reason=Obstacle.NOT_RUN)
    if _is_sign_in_elsewhere(site, site.home):
        return Finding(reason=Obstacle.MOVED, evidence=(site.home.evidence(),))
    return site.home.chain.answer


def _is_sign_in_elsewhere(site: Site, home: Reading) -> bool:
    """Whether the home page ends with another site that asks who the visitor is: its headers are not the service's."""
    end = home.chain.answer.url
    if is_same_site(end, site.service.url or ""):
        return False
    asked = [hop.url for hop in home.chain.hops if is_same_site(hop.url, end)]
    is_asked = any(all(word in url for word in words) for url in asked for words in _SIGN_IN)
    return is_asked or (home.page is not None and looks.requires_login(home.page))


def warnings_of(site: Site, answer: Capture) -> tuple[str, ...]:
    """The warnings of the site, which are known of a page that awaits its scripts too."""
    is_moved = site.service.url is not None and not is_same_site(answer.url, site.service.url)
    said = {"moved": is_moved, "insecure-fetch": answer.is_insecure}
    return tuple(name for name, is_so in said.items() if is_so)


def values(capture: Capture, name: str) -> tuple[str, ...]:
    """Each line of a header, in the order received, without the white space around it."""
    return tuple(value.strip(_OWS) for value in capture.all(name))


def listed(lines: Iterable[str]) -> tuple[str, ...]:
    """The values of a header that is a list: WHATWG Fetch, "get, decode, and split". No line gives no value."""
    lines = tuple(lines)
    return tuple(part.strip(_OWS) for part in split_outside_quotes(", ".join(lines), ",")) if lines else ()


def split_outside_quotes(text: str, separator: str) -> list[str]:
    if '"' not in text:
        return text.split(separator)
    parts, start, is_quoted, is_escaped = [], 0, False, False
    for place, char in enumerate(text):
        if is_escaped:
            is_escaped = False
        elif is_quoted and char == "\\":
            is_escaped = True
        elif char == '"':
            is_quoted = not is_quoted
        elif char == separator and not is_quoted:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a verdict shows of an answer: its evidence, and the header lines received (none where it was absent)."""

    evidence: tuple[Evidence, ...]
    received: tuple[str, ...]


def quote(capture: Capture, *names: str, pick: Callable[[str], str] = str) -> Quote:
    """The lines of these headers, at most ten; that the first one is absent where none of them was sent.

    ``pick`` gives the part of a line that decides, for an excerpt: nothing where all of it does.
    """
    sent = [(name.title(), value) for name in names for value in values(capture, name)][:_MOST_QUOTED]
    return Quote(
        evidence=tuple(noted(capture, name, pick(value) or value or "(en-tête vide)") for name, value in sent)
        or (noted(capture, names[0].title(), ABSENT),),
        received=tuple(f"{name}: {shortened(value, _LONGEST_QUOTE)}" for name, value in sent),
    )


def with_tags(quoted: Quote, capture: Capture, name: str, tags: Sequence[str], locator: str) -> Quote:
    """A quote of a header, and the ``<meta>`` of the page that say the same: alone where no header was sent."""
    in_page = tuple(replace(noted(capture, name, tag), locator=locator) for tag in tags)
    return Quote(
        evidence=(*(quoted.evidence if quoted.received or not tags else ()), *in_page),
        received=(*quoted.received, *(shortened(tag, _LONGEST_QUOTE) for tag in tags)),
    )


def met(capture: Capture) -> Evidence:
    """An exchange on the way to the home page: where it led, or why it failed."""
    failure, location = capture.failure, capture.header("location")
    excerpt = f"{failure.kind}: {failure.message}" if failure else f"Location: {location}" if location else ""
    return Evidence(
        url=capture.url,
        capture=capture.id,
        status=capture.status,
        excerpt=shortened(excerpt),
        locator="header Location" if location else "",
    )


def noted(capture: Capture, name: str, excerpt: str) -> Evidence:
    """An evidence that stands in a header of an answer."""
    return Evidence(
        url=capture.url,
        capture=capture.id,
        status=capture.status,
        excerpt=shortened(excerpt),
        locator=f"header {name}",
    )
