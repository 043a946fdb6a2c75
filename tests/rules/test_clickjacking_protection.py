from __future__ import annotations

import pytest

from checks.rules.security.clickjacking_protection import RULE

PAGE = "<html><head><title>Bac</title>{}</head><body><h1>Le bac</h1><p>Il traverse le fleuve toutes les vingt minutes.</p></body></html>"
CSP = "Content-Security-Policy"
XFO = "X-Frame-Options"

# The headers: the reason, and the warnings.
ROWS = [
    ({XFO: "DENY"}, "x-frame-options", ()),
    ({XFO: "SameOrigin"}, "x-frame-options", ()),
    ({XFO: " deny "}, "x-frame-options", ()),
    ({XFO: ["SAMEORIGIN", "SAMEORIGIN"]}, "x-frame-options", ()),
    ({XFO: "SAMEORIGIN, sameorigin"}, "x-frame-options", ()),
    ({XFO: ["DENY", "SAMEORIGIN"]}, "x-frame-options", ("conflicting-values",)),
    ({XFO: "ALLOWALL, invalid"}, "x-frame-options", ("conflicting-values",)),
    ({XFO: "ALLOW-FROM https://a.fr, SAMEORIGIN"}, "x-frame-options", ("conflicting-values",)),
    ({XFO: "ALLOW-FROM https://partenaire.example"}, "allow-from", ()),
    ({XFO: ["ALLOW-FROM https://a.fr", "ALLOW-FROM https://b.fr"]}, "allow-from", ("conflicting-values",)),
    ({XFO: "ALLOWALL"}, "invalid", ()),
    ({XFO: "SAMEORIGIN;"}, "invalid", ()),
    ({XFO: "same-origin"}, "invalid", ()),
    ({XFO: "“SAMEORIGIN”"}, "invalid", ()),
    ({XFO: '"DENY"'}, "invalid", ()),
    ({XFO: ""}, "invalid", ()),
    ({}, "absent", ()),
    ({f"{CSP}-Report-Only": "frame-ancestors 'none'"}, "absent", ()),
    ({CSP: "default-src 'none'"}, "absent", ()),
    ({CSP: "frame-ancestors 'none'"}, "frame-ancestors", ()),
    ({CSP: "frame-ancestors"}, "frame-ancestors", ()),
    ({CSP: "img-src *; Frame-Ancestors 'self' https://partenaire.example *.gouv.fr"}, "frame-ancestors", ()),
    ({CSP: "frame-ancestors *.douane.gouv.fr *.douane"}, "frame-ancestors", ()),
    ({CSP: "frame-ancestors 'self'", XFO: "ALLOWALL"}, "frame-ancestors", ()),
    ({CSP: ["frame-ancestors *", "frame-ancestors 'self'"]}, "frame-ancestors", ()),
    ({CSP: "frame-ancestors *, frame-ancestors 'self'"}, "frame-ancestors", ()),
    ({CSP: "frame-ancestors 'none'; frame-ancestors *"}, "frame-ancestors", ()),
    # the directive hides the other header, even where it lets everyone in
    *[({CSP: f"frame-ancestors {one}", XFO: "DENY"}, "any-site", ()) for one in ("*", "https:", "http: 'self'", "https://*", "'self' *.fr")],
    ({CSP: ["frame-ancestors *", "frame-ancestors https:"]}, "any-site", ()),
    ({CSP: "frame-ancestors *; frame-ancestors 'none'"}, "any-site", ()),
]  # fmt: skip


@pytest.mark.parametrize("headers,reason,warnings", ROWS)
def test_who_may_frame_the_page(judge, headers, reason, warnings):
    verdict = judge("clickjacking-protection", {"body": PAGE.format(""), "headers": headers})

    assert (verdict.reason, verdict.warnings) == (reason, warnings)
    assert verdict.outcome == RULE.outcomes[reason]


METAS = [
    ("<meta http-equiv=Content-Security-Policy content=\"default-src 'self'; frame-ancestors 'none'\">", "meta-only"),
    ("<meta http-equiv=X-Frame-Options content=DENY>", "meta-only"),
    ("<meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">", "absent"),
]


@pytest.mark.parametrize("head,reason", METAS)
def test_in_the_page_it_counts_for_nothing(judge, head, reason):
    verdict = judge("clickjacking-protection", PAGE.format(head))
    beside = judge("clickjacking-protection", {"body": PAGE.format(head), "headers": {XFO: "DENY"}})

    assert (verdict.reason, verdict.outcome) == (reason, "failed")
    assert reason == "absent" or verdict.facts["received"][0].startswith("<meta")
    assert beside.reason == "x-frame-options"


def test_the_remedy_is_the_header_that_decides(judge):
    absent = judge("clickjacking-protection", PAGE.format(""))
    broad = judge(
        "clickjacking-protection", {"body": PAGE.format(""), "headers": {CSP: "frame-ancestors *", XFO: "DENY"}}
    )

    assert absent.facts["send"] == "X-Frame-Options: SAMEORIGIN"
    assert broad.facts["send"] == "Content-Security-Policy: frame-ancestors 'self'"
    assert broad.facts["received"] == ["Content-Security-Policy: frame-ancestors *", "X-Frame-Options: DENY"]


def test_the_excerpt_is_the_directive(judge):
    policy = "img-src " + "https://a.example " * 40 + "; frame-ancestors  'self' ; font-src *"
    verdict = judge("clickjacking-protection", {"body": PAGE.format(""), "headers": {CSP: policy, XFO: "DENY"}})

    assert [one.excerpt for one in verdict.evidence] == ["frame-ancestors 'self'", "DENY"]


def test_every_reason_and_warning_has_a_row():
    assert {reason for _, reason, _ in ROWS} | {reason for _, reason in METAS} == set(RULE.outcomes)
    assert {warning for *_, warnings in ROWS for warning in warnings} == set(RULE.warnings)
