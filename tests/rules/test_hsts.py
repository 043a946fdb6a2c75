from __future__ import annotations

import pytest

from checks.model.capture import FailureKind
from checks.parse.security.transport import FOREVER, Transport, transport
from checks.rules.security.hsts import RULE

PAGE = "<html><body><h1>Le bac</h1><p>Il traverse le fleuve toutes les vingt minutes.</p></body></html>"
YEAR = "max-age=31536000"

# One value, or several lines: the reason, and the warnings.
ROWS = [
    (YEAR, "at-least-six-months", ()),
    ("max-age=15552000", "at-least-six-months", ()),
    ("max-age=15551999", "too-short", ()),
    ("max-age=300; includeSubDomains", "too-short", ()),
    ('max-age="31536000"', "at-least-six-months", ()),
    ('MAX-AGE="31536000" ; INCLUDESUBDOMAINS', "at-least-six-months", ()),
    ("max-age = 31536000", "at-least-six-months", ()),
    ("  max-age=31536000 ;; ; includeSubDomains ; ", "at-least-six-months", ()),
    ('max-age=31536000; made-up; other=1; more="a;b"', "at-least-six-months", ()),
    ("max-age=" + "9" * 5_000, "at-least-six-months", ()),
    ("max-age=0", "switched-off", ()),
    ("max-age=000", "switched-off", ()),
    ("max-age=31536000; includeSubDomains; preload", "at-least-six-months", ()),
    ("max-age=31536000; preload", "at-least-six-months", ("preload-not-met",)),
    ("max-age=15768000; includeSubDomains; preload", "at-least-six-months", ("preload-not-met",)),
    ([YEAR, "max-age=0"], "at-least-six-months", ("repeated",)),
    (["max-age=600", YEAR], "too-short", ("repeated",)),
    ([], "absent", ()),
    # browsers ignore the whole header
    ("", "invalid", ()),
    ("includeSubDomains", "invalid", ()),
    ("max-age", "invalid", ()),
    ("max-age=", "invalid", ()),
    ("max-age=abc", "invalid", ()),
    ("max-age=31536000s", "invalid", ()),
    ("max-age=-1", "invalid", ()),
    ("max-age=1.5", "invalid", ()),
    ("max-age=٣١٥٣٦٠٠٠", "invalid", ()),
    ('max-age="31536000', "invalid", ()),
    ("max-age=31536000; max-age=31536000", "invalid", ()),
    ("max-age=31536000; includeSubDomains; IncludeSubDomains", "invalid", ()),
    ("max-age=31536000; includeSubDomains=true", "invalid", ()),
    ("max-age=31536000, includeSubDomains", "invalid", ()),
    ("max-age=31536000; includeSubDomains, max-age=31536000", "invalid", ()),
    ("max-age=31536000 includeSubDomains", "invalid", ()),
    ("Strict-Transport-Security: max-age=31536000", "invalid", ()),
    ("“max-age=31536000”", "invalid", ()),
    (["nothing", YEAR], "invalid", ("repeated",)),
]  # fmt: skip


@pytest.mark.parametrize("value,reason,warnings", ROWS)
def test_what_a_browser_reads(judge, value, reason, warnings):
    verdict = judge("hsts", {"body": PAGE, "headers": {"Strict-Transport-Security": value}})

    assert (verdict.reason, verdict.warnings) == (reason, warnings)
    assert verdict.outcome == RULE.outcomes[reason]


# Hosts that browsers know: a top-level domain that they ask over https alone.
KNOWN = [
    ("traversee.dev", [], "preloaded"),
    ("traversee.dev", "max-age=0", "preloaded"),
    ("traversee.dev", YEAR, "at-least-six-months"),
    ("traversee.fr", [], "absent"),
]


@pytest.mark.parametrize("host,value,reason", KNOWN)
def test_hosts_that_browsers_know(judge, host, value, reason):
    home = {"body": PAGE, "headers": {"Strict-Transport-Security": value}}

    assert judge("hsts", home, url=f"https://{host}/").reason == reason


def test_what_is_said_is_read():
    assert transport("max-age=31536000; includeSubDomains; preload") == Transport(
        max_age=31_536_000, includes_subdomains=True, is_to_preload=True
    )
    assert transport("max-age=99999999999") == Transport(max_age=FOREVER)


SECURE = {"body": PAGE, "headers": {"Strict-Transport-Security": YEAR}}
BARE = "https://bac-a-voile.example/"

# What the address of the registry gives, what http gives: the reason.
WAYS = [
    (SECURE, PAGE, "at-least-six-months"),
    # http gives the page, with a header that counts for nothing there; https was refused, or sent back
    ({"failure": FailureKind.REFUSED}, SECURE, "no-https"),
    ({"failure": FailureKind.TLS}, SECURE, "no-https"),
    ({"failure": FailureKind.RESET}, PAGE, "no-https"),
    ({"to": "http://bac-a-voile.example/", **SECURE}, None, "no-https"),
    # nothing is known of https
    ({"failure": FailureKind.TIMEOUT}, SECURE, "unreachable"),
    ({"failure": FailureKind.DNS}, SECURE, "unreachable"),
    (None, PAGE, "not-run"),
    (None, None, "not-run"),
]


@pytest.mark.parametrize("home,http,reason", WAYS)
def test_where_https_stands(judge, home, http, reason):
    verdict = judge("hsts", home, http=http)

    assert verdict.reason == reason
    assert not verdict.evidence or verdict.evidence[0].capture


def test_http_declared_and_https_behind(judge):
    verdict = judge("hsts", PAGE, http={"to": BARE, **SECURE}, url="http://bac-a-voile.example/")

    assert verdict.reason == "at-least-six-months"


WAY = [
    ({"to": "https://www.bac-a-voile.example/", **SECURE}, ("redirect-without",)),
    ({"to": "https://www.bac-a-voile.example/", "sends": {"Strict-Transport-Security": YEAR}, **SECURE}, ()),
    ({"to": "https://www.bac-a-voile.example/", "sends": {"Strict-Transport-Security": "max-age=0"}, **SECURE}, ("redirect-without",)),
    ({"to": "https://www.bac-a-voile.example/", "body": PAGE}, ()),
    ({"to": "/fr/", **SECURE}, ()),
    ({"to": "https://port.example/", **SECURE}, ("moved",)),
]  # fmt: skip


@pytest.mark.parametrize("home,warnings", WAY)
def test_what_redirects_on_the_way(judge, home, warnings):
    assert judge("hsts", home).warnings == warnings


def test_a_bad_certificate_is_the_business_of_another_rule(judge):
    verdict = judge("hsts", {**SECURE, "is_insecure": True})

    assert (verdict.reason, verdict.warnings) == ("at-least-six-months", ("insecure-fetch",))


def test_what_is_received_and_what_to_send(judge):
    verdict = judge("hsts", {"body": PAGE, "headers": {"Strict-Transport-Security": ["max-age=600", "x"]}})

    assert [(one.locator, one.excerpt) for one in verdict.evidence] == [
        ("header Strict-Transport-Security", "max-age=600"),
        ("header Strict-Transport-Security", "x"),
    ]
    assert verdict.value == "max-age=600"
    assert verdict.facts["received"] == ["Strict-Transport-Security: max-age=600", "Strict-Transport-Security: x"]
    assert verdict.facts["send"] == "Strict-Transport-Security: max-age=31536000"
    assert "add_header" in verdict.facts["remedies"]["nginx"]


def test_an_absent_header_is_said_to_be(judge):
    verdict = judge("hsts", PAGE)

    assert [(one.locator, one.excerpt) for one in verdict.evidence] == [
        ("header Strict-Transport-Security", "(en-tête absent)")
    ]
    assert verdict.facts["received"] == []


def test_every_reason_and_warning_has_a_row():
    assert {reason for _, reason, _ in ROWS} | {reason for *_, reason in (*WAYS, *KNOWN)} >= set(RULE.outcomes)
    said = {warning for *_, warnings in (*ROWS, *WAY) for warning in warnings}
    assert said - {"moved"} == set(RULE.warnings)
