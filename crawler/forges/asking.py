"""Asking forges what they know of the repositories of services: by their APIs, one file a forge, over httpx."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import httpx

from checks.model.address import host_of
from checks.model.capture import Capture, FailureKind, FetchFailure
from checks.model.repository import Repository, Software, repository
from crawler.archive import read_body
from crawler.failures import FetchFailedError
from crawler.forges import gitea, github, gitlab
from crawler.forges.forge import Forge, said
from crawler.forges.memory import remembered, validators
from crawler.forges.tokens import forge_tokens, without_tokens
from crawler.forges.transport import fetch
from crawler.pace import Pace
from crawler.visit import Answer, Ticket, Visit

FORGES: Mapping[Software, tuple[Forge, ...]] = {
    Software.GITHUB: (github.FORGE,),
    Software.GITLAB: (gitlab.FORGE,),
    Software.GITEA: (gitea.FORGE,),
    Software.UNKNOWN: (gitlab.FORGE, gitea.FORGE),
}
"""How to ask what; the API of sourcehut answers nobody without a token, so its pages are read instead."""

MAX_REDIRECTS = 3
MAX_PAUSE = 3600.0
"""Seconds for which a forge that limits us is left alone; its limits are by the hour."""

MAX_FAILURES = 3
DEAD = 300.0
"""Seconds for which a forge that failed so many times in a row is left alone."""

_TOLD = {200, 304}
_LIMITS = {403, 429}
_REDIRECTS = {301, 302, 303, 307, 308}


class Forges:
    """Asks forges, one request at a time a host and ``delay`` seconds apart, until one says that it was asked enough.

    ``timeout`` is the time for a whole answer, in seconds. Raises :class:`InputError` for tokens that are none.
    """

    def __init__(
        self, transport: httpx.AsyncBaseTransport, *, user_agent: str, delay: float, timeout: float, pace: Pace
    ) -> None:
        self._tokens = forge_tokens()
        self._delay = delay
        self._timeout = timeout
        self._pace = pace
        self._client = httpx.AsyncClient(
            transport=transport,
            headers={"User-Agent": user_agent, "Accept-Encoding": "identity"},
            timeout=timeout,
            trust_env=False,
        )
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)

    async def ask(self, visit: Visit, ticket: Ticket) -> None:
        """Keeps all that a forge answers of the repository of a ticket, doubts included, in the captures of the visit."""
        named = repository(ticket.fetch.url)
        for forge in FORGES.get(named.software, ()):
            inquiry = _Inquiry(self, visit, ticket, forge)
            answer = await inquiry.put(forge.question(named))
            known = said(answer) if answer else None
            if answer is None or answer.failure:
                return
            if known is None:
                continue  # another software may be there
            for url in self._further(forge, named, answer, known):
                await inquiry.put(url)
            return

    async def close(self) -> None:
        await self._client.aclose()

    def _further(self, forge: Forge, named: Repository, answer: Capture, known: Mapping[str, Any]) -> tuple[str, ...]:
        """What an answer leaves to be asked."""
        if answer.status == HTTPStatus.NOT_FOUND:
            return forge.instead(named)
        if answer.status not in _TOLD:
            return ()
        more = (forge.publiccode(named),) if self.token(answer.url) else ()
        return (*forge.doubts(named, known), *more)

    def token(self, url: str) -> str | None:
        """The token for an address, if it is secure: that of its host, which is ``github.com`` for ``api.github.com``."""
        host = host_of(url)
        return self._tokens.get(host.removeprefix("api.")) if url.startswith("https:") else None

    async def exchange(self, url: str, headers: Mapping[str, str]) -> Answer:
        """One request in its turn. Raises :class:`FetchFailedError`, also where the forge asked to be left alone."""
        host = self._hosts[host_of(url)]
        async with host.turn:
            if host.refusal and time.monotonic() < host.free_at:
                raise FetchFailedError(host.refusal)
            await asyncio.sleep(max(host.free_at - time.monotonic(), 0.0))
            async with self._pace.turn(host_of(url), line=f"{host_of(url)} (forge)"):
                return await self._exchanged(host, url, headers)

    async def _exchanged(self, host: _Host, url: str, headers: Mapping[str, str]) -> Answer:
        try:
            request, response, raw = await fetch(self._client, url, headers, self._timeout)
        except FetchFailedError as error:
            host.fail(error.failure)
            raise
        host.answer(self._delay, _pause(response))
        return self._answer(request, response, raw)

    def _answer(self, request: httpx.Request, response: httpx.Response, raw: bytes) -> Answer:
        headers = [(name, without_tokens(value, self._tokens)) for name, value in _pairs(response.headers)]
        body, _ = read_body(raw, headers)
        clean = without_tokens(body.decode("latin-1"), self._tokens).encode("latin-1")
        if clean != body:  # a token may come back compressed too
            raw, headers = clean, [pair for pair in headers if pair[0].lower() != "content-encoding"]
        sent = [pair for pair in _pairs(request.headers) if pair[0].lower() not in {"authorization", "host"}]
        return Answer(status=response.status_code, headers=headers, raw_body=raw, request_headers=sent)


class _Host:
    """When a host may be asked again. ``refusal`` is why it is not asked before."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.free_at = 0.0
        self.refusal: FetchFailure | None = None
        self._failures = 0

    def answer(self, delay: float, pause: float) -> None:
        self._failures = 0
        self.refusal = None
        if pause:
            self.refusal = FetchFailure(kind=FailureKind.BLOCKED, message="limits its requests: not asked")
        self.free_at = time.monotonic() + max(delay, pause)

    def fail(self, failure: FetchFailure) -> None:
        """One that is silent would cost its time to every service in turn: after a few tries it is given up for a while."""
        self._failures += 1
        if self._failures >= MAX_FAILURES:
            self.refusal = FetchFailure(
                kind=failure.kind, message=f"{failure.message}, {self._failures} times: not asked"
            )
            self.free_at = time.monotonic() + DEAD


class _Inquiry:
    """The exchanges about one repository: each is kept, and each leads to the next."""

    def __init__(self, forges: Forges, visit: Visit, ticket: Ticket, forge: Forge) -> None:
        self._forges = forges
        self._visit = visit
        self._ticket = ticket
        self._forge = forge

    async def put(self, url: str) -> Capture | None:
        """The last capture of a question, redirects followed on the same host; ``None`` where the visit has no more to spend."""
        capture = await self._asked(url)
        for _ in range(MAX_REDIRECTS):
            target = _target(capture) if capture else None
            if target is None:
                break
            capture = await self._asked(target)
        return capture

    async def _asked(self, url: str) -> Capture | None:
        visit = self._visit
        if visit.refusal(self._ticket):
            return None
        known = remembered(visit.archive.home if visit.archive else None).get(url)
        token = self._forges.token(url)
        headers = {
            **self._forge.headers,
            **(validators(known) if known else {}),
            **({"Authorization": f"{self._forge.scheme} {token}"} if token else {}),
        }
        try:
            answer = await self._forges.exchange(url, headers)
        except FetchFailedError as error:
            return self._kept(visit.keep_failure(self._ticket, url, error.failure))
        finally:
            visit.sent += 1
        return self._kept(visit.keep_answer(self._ticket, url, answer, known))

    def _kept(self, capture: Capture) -> Capture:
        self._ticket.previous = capture.id
        return capture


def _target(capture: Capture) -> str | None:
    """Where a redirect leads, if that is on the same host: a token goes nowhere else."""
    location = capture.header("location")
    if capture.status not in _REDIRECTS or not location:
        return None
    try:
        target = str(httpx.URL(capture.url).join(location))
    except httpx.InvalidURL:
        return None
    is_same = host_of(target) == host_of(capture.url) and target.startswith(capture.url.partition("//")[0])
    return target if is_same else None


def _pause(response: httpx.Response) -> float:
    """Seconds for which the forge asks to be left alone, 0 where it does not (``Retry-After``, ``X-RateLimit-*``)."""
    headers = response.headers
    is_spent = headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining")) == "0"
    if not is_spent and not (response.status_code in _LIMITS and "retry-after" in headers):
        return MAX_PAUSE if response.status_code == 429 else 0.0  # noqa: PLR2004
    reset = _seconds(headers.get("x-ratelimit-reset", headers.get("ratelimit-reset")))
    wait = _seconds(headers.get("retry-after")) or (reset - time.time() if reset else 0.0) or MAX_PAUSE
    return min(max(wait, 1.0), MAX_PAUSE)


def _seconds(value: str | None) -> float | None:
    return float(value) if value and value.isascii() and value.isdigit() else None


def _pairs(headers: httpx.Headers) -> Iterator[tuple[str, str]]:
    return ((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)
