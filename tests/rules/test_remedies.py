"""Every failed reason of a header comes with what was received, what to send, and how, for seven servers."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from checks.catalogue import BY_ID
from checks.model.capture import FailureKind
from checks.model.outcome import Outcome
from checks.parse.security.remedies import REMEDIES, SERVERS, line_to_send, remedies_of
from reports.render import words

PAGE = "<html><head><title>Bac</title>{}</head><body><h1>Le bac</h1><p>Il traverse le fleuve toutes les vingt minutes.</p></body></html>"
META = '<meta http-equiv="X-Frame-Options" content="DENY">'
CSP, XFO, HSTS = "Content-Security-Policy", "X-Frame-Options", "Strict-Transport-Security"

# For each rule and failed reason, headers of the home page that give it.
FAILED = {
    "hsts": {
        "absent": {},
        "invalid": {HSTS: "max-age=abc"},
        "switched-off": {HSTS: "max-age=0"},
        "too-short": {HSTS: "max-age=600"},
        "no-https": None,
    },
    "content-security-policy": {
        "absent": {},
        "report-only": {f"{CSP}-Report-Only": "default-src 'self'"},
        "invalid": {CSP: "*"},
        "no-script-restriction": {CSP: "img-src *"},
        "inline-scripts": {CSP: "script-src 'unsafe-inline'"},
        "broad-sources": {CSP: "script-src *"},
    },
    "clickjacking-protection": {
        "absent": {},
        "meta-only": {},
        "allow-from": {XFO: "ALLOW-FROM https://a.fr"},
        "invalid": {XFO: "same-origin"},
        "any-site": {CSP: "frame-ancestors *"},
    },
    "x-content-type-options": {"absent": {}, "invalid": {"X-Content-Type-Options": "none"}},
    "referrer-policy": {
        "sends-address": {"Referrer-Policy": "unsafe-url"},
        "invalid": {"Referrer-Policy": "never"},
    },
    "cookies": {
        "set-over-http": None,
        "without-secure": {"Set-Cookie": "a=b"},
        "session-without-httponly": {"Set-Cookie": "PHPSESSID=b; Secure"},
        "samesite-none-without-secure": {"Set-Cookie": "a=b; SameSite=None"},
        "broken-prefix": {"Set-Cookie": "__Host-a=b; Secure"},
        "invalid-samesite": {"Set-Cookie": "a=b; Secure; SameSite=x"},
    },
}
CASES = [(rule, reason, headers) for rule, reasons in FAILED.items() for reason, headers in reasons.items()]


@pytest.mark.parametrize("rule,reason,headers", CASES)
def test_a_failure_says_what_to_send_and_how(judge, rule, reason, headers):
    page = PAGE.format(META if reason == "meta-only" else "")
    if headers is None:
        http = {"body": page, "headers": {"Set-Cookie": "a=b", HSTS: "max-age=1"}}
        verdict = judge(rule, FailureKind.REFUSED, http=http)
    else:
        verdict = judge(rule, {"body": page, "headers": headers})

    assert (verdict.outcome, verdict.reason) == ("failed", reason)
    assert tuple(verdict.facts["remedies"]) == SERVERS
    assert all(lines.strip() for lines in verdict.facts["remedies"].values())
    assert verdict.facts["send"] in {line_to_send(remedy) for remedy in remedies_of(rule)}
    assert bool(verdict.facts["received"]) == (reason != "absent")
    assert verdict.evidence


@pytest.mark.parametrize("rule", FAILED)
def test_every_failed_reason_is_here(rule):
    outcomes = BY_ID[rule].outcomes

    assert set(FAILED[rule]) == {reason for reason, outcome in outcomes.items() if outcome is Outcome.FAILED}


def test_passed_verdicts_ask_for_nothing(judge):
    assert "send" not in judge("cookies", PAGE.format("")).facts


@pytest.mark.parametrize("remedy", REMEDIES)
def test_snippets_hold_together(remedy):
    lines = REMEDIES[remedy]
    ast.parse(lines["django"])

    for server, text in lines.items():
        assert not re.search(r"\{(?:header|value)\}", text), server
        for opening, closing in ("()", "[]", "{}"):
            assert text.count(opening) == text.count(closing), server
        assert text.count('"') % 2 == 0, server
    assert all(
        line.endswith((";", "}")) or line.startswith("#") or "; " in line for line in lines["nginx"].splitlines()
    )


@pytest.mark.parametrize("remedy", REMEDIES)
def test_the_value_to_send_is_in_the_snippets_of_servers(remedy):
    header, _, value = line_to_send(remedy).partition(": ")
    texts = [REMEDIES[remedy][server] for server in ("nginx", "apache", "caddy")]

    assert all((header in text or "cookie" in text) for text in texts)
    assert header == "Set-Cookie" or all(f'"{value}"' in text for text in texts)


def test_a_policy_is_to_be_tried_first():
    for server, text in REMEDIES["content-security-policy"].items():
        assert re.match(r"(?://|#) .*Report-Only\.\n", text), server


def test_the_table_knows_the_rules_and_the_names():
    table = tomllib.loads((Path(__file__).parents[2] / "checks/parse/security/remedies.toml").read_text("utf-8"))

    assert {remedy for remedies in table["rules"].values() for remedy in remedies} == set(REMEDIES)
    assert set(table["rules"]) == set(FAILED)
    assert tuple(words.SERVERS) == SERVERS
