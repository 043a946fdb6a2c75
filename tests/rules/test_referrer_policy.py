from __future__ import annotations

import pytest

from checks.rules.security.referrer_policy import RULE

PAGE = "<html><head><title>Bac</title>{}</head><body><h1>Le bac</h1><p>Il traverse le fleuve toutes les vingt minutes.</p>{}</body></html>"
NAME = "Referrer-Policy"

# One value, or several lines: the reason, and the policy that holds.
ROWS = [
    *[(policy, "private", policy) for policy in ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")],
    *[(policy, "origin-only", policy) for policy in ("origin", "origin-when-cross-origin")],
    *[(policy, "sends-address", policy) for policy in ("unsafe-url", "no-referrer-when-downgrade")],
    ("No-Referrer", "private", "no-referrer"),
    ("unsafe-url, strict-origin", "private", "strict-origin"),
    ("strict-origin, unsafe-url", "sends-address", "unsafe-url"),
    ("strict-origin, of-tomorrow", "private", "strict-origin"),
    (["unsafe-url", "no-referrer"], "private", "no-referrer"),
    ("no-referrer,", "private", "no-referrer"),
    ("never", "invalid", None),
    ("strict-origin;", "invalid", None),
    ("no-referrer same-origin", "invalid", None),
    ("“no-referrer”", "invalid", None),
    ("", "browser-default", None),
    ([], "browser-default", None),
]  # fmt: skip


@pytest.mark.parametrize("value,reason,policy", ROWS)
def test_the_last_known_word_of_the_header(judge, value, reason, policy):
    verdict = judge("referrer-policy", {"body": PAGE.format("", ""), "headers": {NAME: value}})

    assert (verdict.reason, verdict.value, verdict.warnings) == (reason, policy, ())
    assert verdict.outcome == RULE.outcomes[reason]


def meta(content: str) -> str:
    return f'<meta name="Referrer" content="{content}">'


# The header, the head and the body: the reason, and whether the page decides.
METAS = [
    (None, meta("no-referrer"), "", "private", True),
    (None, meta("always"), "", "sends-address", True),
    (None, meta("never"), "", "private", True),
    (None, meta("default"), "", "private", True),
    (None, meta("origin-when-crossorigin"), "", "origin-only", True),
    ("no-referrer", meta("unsafe-url"), "", "sends-address", True),
    ("unsafe-url", meta("no-referrer"), "", "private", True),
    (None, meta("unsafe-url") + meta("no-referrer"), "", "private", True),
    (None, meta("no-referrer"), meta("unsafe-url"), "sends-address", True),
    ("unsafe-url", meta("no-referrer, origin"), "", "sends-address", False),
    (None, meta("no-referrer, origin"), "", "invalid", False),
    (None, meta(""), "", "browser-default", False),
    ("no-referrer", f"<noscript>{meta('unsafe-url')}</noscript>", f"<template>{meta('unsafe-url')}</template>", "private", False),
]  # fmt: skip


@pytest.mark.parametrize("value,head,body,reason,is_meta", METAS)
def test_the_page_has_the_last_word(judge, value, head, body, reason, is_meta):
    verdict = judge("referrer-policy", {"body": PAGE.format(head, body), "headers": {NAME: value}})

    assert (verdict.reason, verdict.warnings) == (reason, ("by-meta",) if is_meta else ())
    assert not is_meta or verdict.evidence[-1].locator == "meta[name=referrer]"


def test_what_is_received_and_what_to_send(judge):
    verdict = judge("referrer-policy", {"body": PAGE.format(meta("unsafe-url"), ""), "headers": {NAME: "no-referrer"}})

    assert verdict.facts["received"] == ["Referrer-Policy: no-referrer", '<meta name="referrer" content="unsafe-url">']
    assert verdict.facts["send"] == "Referrer-Policy: strict-origin-when-cross-origin"


def test_every_reason_and_warning_has_a_row():
    assert {reason for _, reason, _ in ROWS} == set(RULE.outcomes)
    assert set(RULE.warnings) == {"by-meta"}
