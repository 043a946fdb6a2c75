from __future__ import annotations

from dataclasses import replace

import pytest

from checks.rules.security.security_headers import EXPECTED, RULE

PAGE = "<html><body><h1>Le bac</h1><p>Il traverse le fleuve toutes les vingt minutes.</p></body></html>"
ALL = {
    "Strict-Transport-Security": "max-age=31536000",
    "Content-Security-Policy": "default-src 'self'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
FRAMED = {**ALL, "X-Frame-Options": None, "Content-Security-Policy": "default-src 'self'; Frame-Ancestors 'none'"}

# The headers of the home page: the reason, and what is missing.
ROWS = [
    (ALL, "all-present", []),
    ({name.lower(): value for name, value in ALL.items()}, "all-present", []),
    (FRAMED, "all-present", []),
    *[({**ALL, name: None}, "some-missing", [name.lower()]) for name in ALL],
    ({**ALL, "Referrer-Policy": "  "}, "some-missing", ["referrer-policy"]),
    ({**ALL, "Content-Security-Policy": None, "Content-Security-Policy-Report-Only": "default-src 'self'"}, "some-missing",
     ["content-security-policy"]),
    ({}, "some-missing", list(EXPECTED)),
]  # fmt: skip


@pytest.mark.parametrize("headers,reason,missing", ROWS)
def test_what_is_sent(judge, headers, reason, missing):
    verdict = judge("security-headers", {"body": PAGE, "headers": headers})

    assert (verdict.reason, verdict.facts["missing"]) == (reason, missing)
    assert verdict.outcome == RULE.outcomes[reason]
    assert verdict.warnings == ()


def test_each_header_is_quoted(judge):
    verdict = judge("security-headers", {"body": PAGE, "headers": FRAMED})

    assert {(one.locator, one.excerpt) for one in verdict.evidence} == {
        *[(f"header {name}", value) for name, value in FRAMED.items() if value],
    }


def test_headers_are_there_before_scripts_run(judge):
    shell = "<html><body><div id=root></div><script src=/a.js></script></body></html>"

    assert judge("security-headers", {"body": shell, "headers": ALL}).reason == "all-present"


@pytest.mark.parametrize("status", [404, 410, 500, 503, 403])
def test_an_error_page_has_no_grade(judge, status):
    assert judge("security-headers", {"status": status, "body": PAGE, "headers": ALL}).outcome == "cantTell"


def test_saved_pages_say_nothing_of_the_exchange(judge, trial):
    assert judge("security-headers", PAGE, trial=replace(trial, is_saved=True)).reason == "not-run"


def test_every_reason_has_a_row():
    assert {reason for _, reason, _ in ROWS} == set(RULE.outcomes)
    assert RULE.warnings == {}
