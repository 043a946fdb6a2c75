"""The header line to send, and the lines of configuration that send it, for seven servers and frameworks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files

_TABLE = tomllib.loads(files("checks.parse.security").joinpath("remedies.toml").read_text("utf-8"))

_COMMENTS = {"express": "//"}
SERVERS = ("nginx", "apache", "caddy", "django", "rails", "express", "scalingo")


def mending(remedy: str, received: Sequence[str]) -> dict[str, object]:
    """The facts of a failed verdict: ``received`` (header lines), ``send`` (one line), ``remedies`` (server: lines)."""
    return {"received": list(received), "send": line_to_send(remedy), "remedies": dict(REMEDIES[remedy])}


def remedies_of(rule: str) -> tuple[str, ...]:
    """The names of those that a rule may give; none for a rule that is not about one header."""
    return tuple(_TABLE["rules"].get(rule, ()))


def line_to_send(remedy: str) -> str:
    told = _TABLE["headers"][remedy]
    return f"{told['header']}: {told['value']}"


def _snippets(told: Mapping[str, str]) -> Mapping[str, str]:
    return {server: told.get(server, _TABLE["servers"].get(server, "")) for server in SERVERS}


def _filled(server: str, snippet: str, told: Mapping[str, str]) -> str:
    """Only the two marks are replaced: configurations have braces of their own."""
    lines = snippet.replace("{header}", told["header"]).replace("{value}", told["value"]).strip("\n")
    return f"{_COMMENTS.get(server, '#')} {told['note']}\n{lines}" if "note" in told else lines


REMEDIES: Mapping[str, Mapping[str, str]] = {
    remedy: {server: _filled(server, snippet, told) for server, snippet in _snippets(told).items()}
    for remedy, told in _TABLE["headers"].items()
}
