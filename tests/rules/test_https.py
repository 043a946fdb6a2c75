from __future__ import annotations

from dataclasses import replace

import pytest

from checks.model.capture import FailureKind
from checks.rules.security.https import RULE

PAGE = "<html><body><p>Le bac traverse le fleuve.</p></body></html>"
SECURE = "https://bac-a-voile.example/"
TO_HTTPS = {"to": SECURE, "body": PAGE}

# What http answers, what https answers (None: http already led there): the reason.
ROWS = [
    (TO_HTTPS, None, "redirects-to-https"),
    ({**TO_HTTPS, "by": 302}, None, "redirects-to-https"),
    ({**TO_HTTPS, "by": 308}, None, "redirects-to-https"),
    ({**TO_HTTPS, "status": 500}, None, "redirects-to-https"),
    ({**TO_HTTPS, "status": 403}, None, "redirects-to-https"),
    (FailureKind.REFUSED, PAGE, "https-only"),
    (FailureKind.TIMEOUT, PAGE, "https-only"),
    (404, PAGE, "https-only"),
    (403, PAGE, "https-only"),
    (PAGE, PAGE, "no-redirect"),
    ('<meta http-equiv=refresh content="0;url=https://bac-a-voile.example/">', PAGE, "no-redirect"),
    (PAGE, FailureKind.TIMEOUT, "no-redirect"),
    (PAGE, None, "no-redirect"),
    (PAGE, FailureKind.REFUSED, "no-https"),
    (PAGE, FailureKind.TLS, "no-https"),
    ({"to": "http://www.bac-a-voile.example/", "body": PAGE}, FailureKind.REFUSED, "no-https"),
    ({"to": "http://www.bac-a-voile.example/", "body": PAGE}, PAGE, "late-redirect"),
    ({"to": "/accueil", "body": PAGE}, PAGE, "late-redirect"),
    ({"to": "https://www.bac-a-voile.example/", "body": PAGE}, PAGE, "redirect-off-host"),
    ({"to": "https://port.example/bac", "body": PAGE}, None, "redirect-off-host"),
    # nothing is known
    (FailureKind.DNS, FailureKind.DNS, "unreachable"),
    (FailureKind.TIMEOUT, FailureKind.TIMEOUT, "unreachable"),
    (FailureKind.ROBOTS, None, "robots-disallowed"),
    (503, PAGE, "server-error"),
    (429, PAGE, "server-error"),
    (403, FailureKind.TIMEOUT, "blocked"),
    (404, FailureKind.TIMEOUT, "unreachable"),
    ({"to": SECURE, "failure": FailureKind.TIMEOUT}, None, "unreachable"),
    ({"status": 302, "body": ""}, PAGE, "redirect-loop"),
    (None, PAGE, "not-run"),
    (None, None, "not-run"),
]


@pytest.mark.parametrize("http,secure,reason", ROWS)
def test_how_the_site_answers(judge, http, secure, reason):
    verdict = judge("https", secure, http=http)

    assert verdict.reason == reason
    assert reason not in RULE.outcomes or verdict.outcome == RULE.outcomes[reason]
    assert verdict.warnings == ()


def test_a_bad_certificate(judge):
    verdict = judge(
        "https", FailureKind.TLS, http=PAGE, pages=[("link", "/accessibilite", {"body": PAGE, "is_insecure": True})]
    )

    assert (verdict.outcome, verdict.reason) == ("failed", "bad-certificate")
    assert verdict.evidence[0].excerpt.startswith("tls")


@pytest.mark.parametrize("url", [None, "https://github.com/port/bac", "https://bac-a-voile.example/api.json"])
def test_what_is_no_website(judge, url):
    assert judge("https", PAGE, http=TO_HTTPS, url=url).outcome == "inapplicable"


def test_the_header_that_redirects_is_the_evidence(judge):
    verdict = judge("https", None, http=TO_HTTPS)

    first = verdict.evidence[0]
    assert (first.url, first.locator) == ("http://bac-a-voile.example/", "header Location")
    assert first.excerpt == f"Location: {SECURE}"


def test_saved_pages_say_nothing_of_the_exchange(judge, trial):
    assert judge("https", PAGE, http=TO_HTTPS, trial=replace(trial, is_saved=True)).reason == "not-run"


def test_every_reason_has_a_row():
    assert {reason for *_, reason in ROWS} | {"bad-certificate"} >= set(RULE.outcomes)
    assert RULE.warnings == {}
