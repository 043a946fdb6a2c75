"""Hand-made visits, judged as the command does it. Rows of the tables are plain data; these fixtures read them.

An answer is: text (a page, status 200), a number (that status, an error page), a ``FailureKind``, or a mapping with any of
``status``, ``body``, ``headers``, ``certificate``, ``failure`` (with ``message``) and ``to`` (a redirect to that address,
then the answer of the rest; ``sends`` are the headers of the redirect). A header may have several values: a list is one
line each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urljoin

import pytest

from checks.catalogue import BY_ID
from checks.judge import Trial, judge_service
from checks.model.capture import Candidate, Capture, FailureKind, FetchFailure, Found, Role, Topic
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TRIAL = Trial(run="2026-11-23T1200Z", as_of=date(2026, 11, 23), started_at="2026-11-23T12:00:00Z")
HOME = "https://bac-a-voile.example/"
TOPICS = {
    "accessibility-mention": Topic.ACCESSIBILITY,
    "accessibility-declaration": Topic.ACCESSIBILITY,
    "statistics-page": Topic.STATISTICS,
    "budget-page": Topic.BUDGET,
    "budget-freshness": Topic.BUDGET,
    "source-code": Topic.ACCESSIBILITY,
    "legal-notice": Topic.LEGAL_NOTICE,
    "privacy-policy": Topic.PRIVACY,
    "terms-of-use": Topic.TERMS,
}
ERROR_PAGE = "<!doctype html><html><head><title>Erreur</title></head><body><h1>Page introuvable</h1></body></html>"

Answer = str | bytes | int | FailureKind | Mapping[str, Any]


def read_answer(answer: Answer) -> dict[str, Any]:
    if isinstance(answer, FailureKind):
        return {"failure": answer}
    if isinstance(answer, str | bytes):
        return {"body": answer}
    if isinstance(answer, int):
        return {"status": answer, "body": ERROR_PAGE}
    return dict(answer)


def hops(number: int, role: Role, url: str, answer: Answer, **more: Any) -> Iterator[Capture]:
    """The captures of one planned fetch: redirects, then the answer or the failure."""
    said = read_answer(answer)
    previous = None
    for rank in count():
        common = {
            "id": f"<urn:uuid:{number}-{rank}>",
            "service": "bac-a-voile",
            "number": number,
            "role": role,
            "url": url,
            "at": NOON + timedelta(seconds=10 * number + rank),
            "previous": previous,
            **more,
        }
        if "to" not in said:
            yield last_hop(common, said)
            return
        target = urljoin(url, said.pop("to"))
        sent = (("Location", target), *lines(said.pop("sends", {})))
        yield Capture(**common, status=said.pop("by", 301), headers=sent)
        previous, url = common["id"], target


def last_hop(common: Mapping[str, Any], said: Mapping[str, Any]) -> Capture:
    if "failure" in said:
        return Capture(
            **common,
            failure=FetchFailure(kind=said["failure"], message=said.get("message", ""), status=said.get("of_robots")),
        )
    body = said.get("body", "")
    headers = {"Content-Type": "text/html; charset=utf-8", **said.get("headers", {})}
    return Capture(
        **common,
        status=said.get("status", 200),
        headers=tuple(lines(headers)),
        body=body.encode() if isinstance(body, str) else body,
        is_insecure=said.get("is_insecure", False),
        certificate=said.get("certificate"),
    )


def lines(headers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        yield from ((name, one) for one in (value if isinstance(value, list) else [value]) if one is not None)


def visit(
    topic: Topic,
    home: Answer | None,
    pages: Sequence[tuple[Any, ...]],
    random: Answer,
    http: Answer | None,
    url: str,
) -> list[Capture]:
    numbers = count(1)
    captures: list[Capture] = []
    if http is not None:
        captures += hops(next(numbers), Role.HTTP, url.replace("https:", "http:"), http)
    if home is not None:
        captures += hops(next(numbers), Role.HOME, url, home)
        captures += hops(next(numbers), Role.RANDOM, urljoin(url, "/toise-0f1e2d3c4b5a"), random)
    for found, where, answer, *own in pages:
        candidate = Candidate(
            topic=Topic(own[0]) if own else topic, found=Found(found), page=url if found == "link" else ""
        )
        captures += hops(next(numbers), Role.CANDIDATE, urljoin(url, where), answer, candidates=(candidate,))
    return captures


def forge_visit(
    numbers: Iterator[int], address: str, found: str, api: Mapping[str, Answer], page: Answer | None
) -> Iterator[Capture]:
    """What was asked of a forge about one repository: the exchanges with its API, in order, then its public page."""
    told = (Candidate(topic=Topic.REPOSITORY, found=Found(found), address=address),)
    previous, number = None, next(numbers)
    for rank, (url, answer) in enumerate(api.items()):
        common = {
            "id": f"<urn:uuid:{number}-{rank}>",
            "service": "bac-a-voile",
            "number": number,
            "role": Role.FORGE,
            "url": url,
        }
        common |= {"at": NOON + timedelta(seconds=10 * number + rank), "previous": previous, "candidates": told}
        said = read_answer(answer if isinstance(answer, int | FailureKind | Mapping) else {"body": answer})
        yield last_hop(common, {"headers": {"Content-Type": "application/json"}, **said})
        previous = common["id"]
    if page is not None:
        yield from hops(next(numbers), Role.CANDIDATE, address, page, candidates=told)


@pytest.fixture(scope="session")
def trial() -> Trial:
    return TRIAL


@pytest.fixture(scope="session")
def judge() -> Callable[..., Verdict]:
    """``judge(rule, home, pages=[(found, address, answer)], random=…, http=…, url=…, group=…, **service)``.

    A page may end with the topic it is a candidate for, where that is not the topic of the rule. ``forges`` are
    (repository, found, {address of the API: answer}, its public page or ``None``). ``security_txt`` is the answer to
    ``/.well-known/security.txt``, where it is asked.
    """

    def judged(
        rule: str,
        home: Answer | None = "",
        *,
        pages: Sequence[tuple[Any, ...]] = (),
        random: Answer = 404,
        http: Answer | None = None,
        url: str | None = HOME,
        group: PhaseGroup = PhaseGroup.CONSTRUCTION,
        trial: Trial = TRIAL,
        forges: Sequence[tuple[str, str, Mapping[str, Answer], Answer | None]] = (),
        security_txt: Answer | None = None,
        **service: Any,
    ) -> Verdict:
        known = Service(**{"id": "bac-a-voile", "name": "Bac à voile", "urls": (url,) if url else (), **service})
        captures = visit(TOPICS.get(rule, Topic.ACCESSIBILITY), home, pages, random, http, url or HOME)
        numbers = count(len(captures) + 100)
        captures += [capture for forge in forges for capture in forge_visit(numbers, *forge)]
        if security_txt is not None:
            where = urljoin(url or HOME, "/.well-known/security.txt")
            captures += hops(len(captures) + 50, Role.SECURITY_TXT, where, security_txt)
        verdicts, crashes = judge_service(known, group, captures, trial, [BY_ID[rule]])
        assert not crashes, crashes[0].error
        return verdicts[0]

    return judged


def dsfr(main: str, footer: str, title: str = "Bac à voile") -> str:
    return f"""<!DOCTYPE html>
<html lang="fr" data-fr-scheme="system"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/dsfr/dsfr.min.css"></head><body>
<header role="banner" class="fr-header"><p class="fr-logo">République<br>Française</p>
<a href="/" title="Accueil"><p class="fr-header__service-title">Bac à voile</p></a>
<nav class="fr-nav" role="navigation"><ul><li><a href="/horaires">Horaires</a></li><li><a href="/tarifs">Tarifs</a></li></ul></nav>
</header><main id="contenu" role="main"><div class="fr-container">{main}</div></main>
<footer class="fr-footer" role="contentinfo" id="footer"><ul class="fr-footer__bottom-list">
<li class="fr-footer__bottom-item"><a class="fr-footer__bottom-link" href="/plan">Plan du site</a></li>
<li class="fr-footer__bottom-item">{footer}</li>
<li class="fr-footer__bottom-item"><a class="fr-footer__bottom-link" href="/mentions-legales">Mentions légales</a></li>
</ul></footer><script type="module" src="/dsfr/dsfr.module.min.js"></script></body></html>"""


def wordpress(main: str, footer: str, title: str = "Bac à voile – La traversée") -> str:
    return f"""<!DOCTYPE html><html lang="fr-FR"><head><meta charset="UTF-8"/><title>{title}</title>
<meta name="generator" content="WordPress 6.6"/></head><body class="home page wp-embed-responsive">
<div id="page" class="hfeed site"><div id="masthead"><a href="/" rel="home">Bac à voile</a>
<form role="search"><input type="search" name="s"></form></div>
<div id="content" class="site-content"><div class="entry-content">{main}</div></div>
<div id="colophon" class="site-footer"><div class="site-info"><a href="/contact/">Contact</a> | {footer} | <a href="/rss/">Flux</a></div></div>
</div><script src='/wp-includes/js/jquery.min.js?ver=3.7'></script></body></html>"""


def by_hand(main: str, footer: str, title: str = "bac") -> str:
    return f"""<html><head><title>{title}</title></head><body bgcolor=white>
<table width=100%><tr><td><h1>Le bac</h1>{main}</td></tr></table><hr><center><small>{footer}</small></center></body></html>"""


def next_js(main: str, footer: str, title: str = "Bac à voile") -> str:
    return f"""<!DOCTYPE html><html lang="fr"><head><meta charSet="utf-8"/><title>{title}</title>
<script src="/_next/static/chunks/main.js" defer=""></script></head><body><div id="__next"><div class="layout_root__x1">
<div class="top"><a href="/">Bac à voile</a> <a href="/horaires">Horaires</a> <a href="/tarifs">Tarifs</a> <a href="/acces">Venir au bac</a></div>
<main class="layout_main__y2">{main}</main><footer class="footer_box__z3"><div>{footer}<!-- --> <span>© 2026</span></div></footer>
</div></div><script id="__NEXT_DATA__" type="application/json">{{"props":{{}}}}</script></body></html>"""


@pytest.fixture(scope="session")
def dress() -> Mapping[str, Callable[..., str]]:
    """How many hands write the same page: ``dress[hand](main, footer)``."""
    return {"dsfr": dsfr, "wordpress": wordpress, "by-hand": by_hand, "next": next_js}
