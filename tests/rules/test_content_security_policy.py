from __future__ import annotations

from html import escape

import pytest

from checks.rules.security.content_security_policy import RULE

PAGE = "<html><head><title>Bac</title>{}</head><body>{}<h1>Le bac</h1><p>Il traverse le fleuve toutes les vingt minutes.</p></body></html>"
NAME = "Content-Security-Policy"

# What the header says of scripts, one value or several lines: the reason.
ROWS = [
    # one by one
    ("script-src 'nonce-r4nd0m' 'strict-dynamic'", "strict"),
    ("script-src 'nonce-r4nd0m' 'strict-dynamic' 'unsafe-inline' https: http: 'self'", "strict"),
    ("script-src 'sha256-bniFC3kd4JwCYRuTuxW9AjUYecKEuyTLJ+5NH6TJBWE='", "strict"),
    ("script-src 'none'", "strict"),
    ("script-src", "strict"),
    ("default-src 'none'", "strict"),
    ("SCRIPT-SRC 'NONE'", "strict"),
    ("sandbox allow-forms", "strict"),
    ("script-src 'nonce-a' 'unsafe-hashes'", "strict"),
    # by host
    ("script-src 'self'", "restrictive"),
    ("default-src 'self'", "restrictive"),
    ("script-src 'self' https://stats.beta.gouv.fr *.gouv.fr", "restrictive"),
    ("script-src 'self' 'nonce-a' 'unsafe-inline'", "restrictive"),
    ("script-src *.interne *.local", "restrictive"),
    ("script-src blob: ws: wss://*", "restrictive"),
    ("script-src 'self'; script-src-attr 'none'", "restrictive"),
    ("script-src 'unsafe-inline'; script-src-elem 'self'; script-src-attr 'none'", "restrictive"),
    ("sandbox allow-scripts; script-src 'self'", "restrictive"),
    ("script-src 'self'; script-src *", "restrictive"),
    # browsers enforce each: what is allowed is what all allow
    (["script-src 'self'", "default-src * 'unsafe-inline'"], "restrictive"),
    (["default-src * 'unsafe-inline', script-src 'self'"], "restrictive"),
    (["script-src https: 'unsafe-inline'", "script-src data: 'nonce-a'"], "restrictive"),
    (["frame-ancestors 'none'", "script-src 'self'"], "restrictive"),
    (["", "script-src 'self'"], "restrictive"),
    # inline
    ("script-src 'self' 'unsafe-inline'", "inline-scripts"),
    ("default-src 'unsafe-inline'", "inline-scripts"),
    ("script-src 'self' 'UNSAFE-INLINE'", "inline-scripts"),
    ("script-src 'self' 'unsafe-inline' 'nonce-' 'nonce-!' 'md5-abc'", "inline-scripts"),
    ("script-src 'self'; script-src-elem 'unsafe-inline'", "inline-scripts"),
    ("script-src 'nonce-a'; script-src-attr 'unsafe-inline'", "inline-scripts"),
    ("script-src-elem 'self'", "inline-scripts"),
    (["script-src 'self' 'unsafe-inline'", "default-src 'unsafe-inline'"], "inline-scripts"),
    # any origin
    *[(f"script-src 'self' {one}", "broad-sources") for one in ("*", "https:", "http:", "data:", "HTTPS:", "*:443", "https://*", "http://*:*")],
    *[(f"script-src 'nonce-a' {one}", "broad-sources") for one in ("https://*/js/", "*.fr", "https://*.com", "*.FR:8443")],
    (["script-src https:", "script-src *"], "broad-sources"),
    # nothing about scripts
    ("frame-ancestors 'self'", "no-script-restriction"),
    ("upgrade-insecure-requests", "no-script-restriction"),
    ("img-src 'self'; style-src 'self'", "no-script-restriction"),
    ("script-src-attr 'none'", "no-script-restriction"),
    ("scriptsrc 'self'; object-src 'none'", "no-script-restriction"),
    ("script-src: 'self'; img-src *", "no-script-restriction"),
    ("script-src 'self' https://é.fr; frame-ancestors 'none'", "no-script-restriction"),
    # nothing understood, nothing sent
    ("*", "invalid"),
    ("default-src: 'self'", "invalid"),
    ("'self'", "invalid"),
    ("script-src “self”", "invalid"),
    ("", "absent"),
    (" ; ;, ;", "absent"),
    ([], "absent"),
]  # fmt: skip


@pytest.mark.parametrize("value,reason", ROWS)
def test_what_all_policies_allow(judge, value, reason):
    verdict = judge("content-security-policy", {"body": PAGE.format("", ""), "headers": {NAME: value}})

    assert verdict.reason == reason
    assert verdict.outcome == RULE.outcomes[reason]


def test_a_trial_blocks_nothing(judge):
    headers = {f"{NAME}-Report-Only": "script-src 'self'"}
    alone = judge("content-security-policy", {"body": PAGE.format("", ""), "headers": headers})
    beside = judge("content-security-policy", {"body": PAGE.format("", ""), "headers": {NAME: "img-src *", **headers}})

    assert alone.reason == "report-only"
    assert alone.evidence[0].locator == f"header {NAME}-Report-Only"
    assert beside.reason == "no-script-restriction"


def meta(policy: str, name: str = "Content-Security-Policy") -> str:
    return f'<meta http-equiv="{name}" content="{escape(policy)}">'


SELF = meta("script-src 'self'")

# In the head, in the body: the reason.
METAS = [
    (SELF, "", "restrictive"),
    (meta("script-src 'self'", " content-SECURITY-policy "), "", "restrictive"),
    (meta("script-src * 'unsafe-inline'") + SELF, "", "restrictive"),
    (meta("sandbox; report-uri /x; frame-ancestors 'none'; img-src *"), "", "no-script-restriction"),
    (meta("frame-ancestors 'none'"), "", "absent"),
    (meta("script-src 'self'", "Content-Security-Policy-Report-Only"), "", "absent"),
    (meta(""), "", "absent"),
    (f"<noscript>{SELF}</noscript>", "", "absent"),
    (f"<template>{SELF}</template>", "", "absent"),
    (f"<!-- {SELF} -->", "", "absent"),
    ("", f"<div>{SELF}</div>", "absent"),
]


@pytest.mark.parametrize("head,body,reason", METAS)
def test_a_policy_in_the_page(judge, head, body, reason):
    verdict = judge("content-security-policy", PAGE.format(head, body))

    assert verdict.reason == reason
    assert ("by-meta" in verdict.warnings) == (reason != "absent")


def test_header_and_page_are_enforced_both(judge):
    home = {
        "body": PAGE.format(SELF, ""),
        "headers": {NAME: "default-src * 'unsafe-inline'; object-src 'none'; base-uri 'none'"},
    }
    verdict = judge("content-security-policy", home)

    assert verdict.reason == "restrictive"
    assert {one.locator for one in verdict.evidence} == {f"header {NAME}", "head meta[http-equiv]"}
    assert "by-meta" not in verdict.warnings


def test_what_scripts_add_to_a_page_came_after(judge):
    shell = f"<html><head>{SELF}</head><body><div id=root></div><script src=/a.js></script></body></html>"

    assert judge("content-security-policy", shell).reason == "restrictive"


# A policy: what is warned of.
WARNINGS = [
    ("script-src 'self'; object-src 'none'; base-uri 'self'; style-src 'self'", ()),
    ("default-src 'self'; base-uri 'self'", ()),
    ("default-src 'self'", ("no-base-uri",)),
    ("script-src 'self'; base-uri 'self'; style-src 'self'", ("any-object",)),
    ("script-src 'self'; base-uri 'self'; style-src 'self'; object-src *", ("any-object",)),
    ("script-src 'self'; base-uri 'self'; object-src 'none'", ("inline-styles",)),
    ("default-src 'self'; base-uri 'self'; style-src 'unsafe-inline'", ("inline-styles",)),
    ("default-src 'self'; base-uri 'self'; style-src-attr 'unsafe-inline'", ("inline-styles",)),
    ("default-src 'self'; base-uri 'self'; style-src 'unsafe-inline' 'nonce-a'", ()),
    ("default-src 'self' 'unsafe-eval'; base-uri 'self'", ("unsafe-eval",)),
    ("default-src 'self' 'wasm-unsafe-eval'; base-uri 'self'", ()),
    ("default-src 'self'; base-uri 'self'; default-src *", ("repeated-directive",)),
    ("default-src 'self'; base-uri 'self'; frame-src: *", ("unknown-directive",)),
    ("default-src self; base-uri 'self'", ("unquoted-keyword",)),
    ("default-src 'self' nonce-r4nd0m; base-uri 'self'", ("unquoted-keyword",)),
    ("default-src 'self' SHA256-bniFC3kd4JwCYRuTuxW9AjUYecKEuyTLJ+5NH6TJBWE=; base-uri 'self'", ("unquoted-keyword",)),
    ("default-src 'self'; base-uri 'self'; frame-ancestors none", ("unquoted-keyword",)),
    (["default-src 'self' 'unsafe-eval'; base-uri 'self'", "script-src 'self'"], ()),
]


@pytest.mark.parametrize("value,warnings", WARNINGS)
def test_what_is_weak_without_being_refused(judge, value, warnings):
    verdict = judge("content-security-policy", {"body": PAGE.format("", ""), "headers": {NAME: value}})

    assert verdict.warnings == warnings


def test_what_is_received_is_quoted_and_cut(judge):
    long = "img-src " + "https://a.example " * 4_000
    verdict = judge("content-security-policy", {"body": PAGE.format("", ""), "headers": {NAME: long}})

    assert len(verdict.facts["received"][0]) <= 1_100
    assert len(verdict.evidence[0].excerpt) <= 300
    assert verdict.facts["send"].startswith("Content-Security-Policy: default-src 'self'; ")


EXCERPTS = [
    ("img-src *; Script-Src 'self'  *; style-src 'self'", "Script-Src 'self' *"),
    ("img-src *;script-src *;;script-src-attr 'none'", "script-src *; script-src-attr 'none'"),
    ("default-src *; img-src *", "default-src *"),
    ("img-src *, default-src 'self'", "default-src 'self'"),
    ("img-src *; font-src *", "img-src *; font-src *"),
]


@pytest.mark.parametrize("value,excerpt", EXCERPTS)
def test_the_excerpt_is_what_is_said_of_scripts(judge, value, excerpt):
    home = {"body": PAGE.format("", ""), "headers": {NAME: "img-src " + "https://a.example " * 40 + ";" + value}}
    long = judge("content-security-policy", home).evidence[0].excerpt
    short = judge("content-security-policy", {**home, "headers": {NAME: value}}).evidence[0].excerpt

    assert short == excerpt
    assert long == excerpt or not excerpt.startswith(("script", "Script", "default"))


def test_what_we_say_to_send_is_what_we_ask_for(judge):
    send = judge("content-security-policy", PAGE.format("", "")).facts["send"].partition(": ")[2]
    verdict = judge("content-security-policy", {"body": PAGE.format("", ""), "headers": {NAME: send}})

    assert (verdict.outcome, verdict.warnings) == ("passed", ())


def test_every_reason_and_warning_has_a_row():
    assert {reason for _, reason in ROWS} | {"report-only"} == set(RULE.outcomes)
    assert {warning for _, warnings in WARNINGS for warning in warnings} | {"by-meta"} == set(RULE.warnings)
