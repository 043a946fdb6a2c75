from __future__ import annotations

import pytest

from checks.rules.security.x_content_type_options import RULE

PAGE = "<html><body><h1>Le bac</h1><p>Il traverse le fleuve toutes les vingt minutes.</p></body></html>"

# One value, or several lines: the reason.
ROWS = [
    ("nosniff", "nosniff"),
    (" NoSniff\t", "nosniff"),
    ("nosniff, nosniff", "nosniff"),
    (["nosniff", "none"], "nosniff"),
    ("nosniff;", "invalid"),
    ("nosniff'", "invalid"),
    ('"nosniff"', "invalid"),
    ("none, nosniff", "invalid"),
    (["", "nosniff"], "invalid"),
    ("", "invalid"),
    ([], "absent"),
]


@pytest.mark.parametrize("value,reason", ROWS)
def test_the_first_value_decides(judge, value, reason):
    verdict = judge("x-content-type-options", {"body": PAGE, "headers": {"X-Content-Type-Options": value}})

    assert (verdict.reason, verdict.warnings) == (reason, ())
    assert verdict.outcome == RULE.outcomes[reason]
    assert verdict.facts.get("send") == ("X-Content-Type-Options: nosniff" if reason != "nosniff" else None)


def test_every_reason_has_a_row():
    assert {reason for _, reason in ROWS} == set(RULE.outcomes)
    assert RULE.warnings == {}
