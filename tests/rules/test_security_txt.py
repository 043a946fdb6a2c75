from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from checks.model.capture import FailureKind
from checks.parse.security.disclosure import date_time
from checks.rules.security.security_txt import RULE

PAGE = "<html><body><h1>Le bac</h1><p>Il traverse le fleuve toutes les vingt minutes.</p></body></html>"
URL = "https://bac-a-voile.example/.well-known/security.txt"
CONTACT = "Contact: mailto:securite@bac-a-voile.example\n"
EXPIRES = "Expires: 2027-06-30T22:00:00Z\n"
TEXT = CONTACT + EXPIRES
SIGNED = """-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

{}- -----dashes
-----BEGIN PGP SIGNATURE-----

Contact: mailto:nobody@nowhere.example
-----END PGP SIGNATURE-----
"""


def text(body: str | bytes, kind: str | None = "text/plain; charset=utf-8", **more: object) -> dict[str, object]:
    return {"body": body, "headers": {"Content-Type": kind}, **more}


def with_expires(value: str) -> dict[str, object]:
    return text(f"{CONTACT}Expires: {value}\n")


# The answer to the address of the file: the reason, and the warnings.
ROWS = [
    (text(TEXT), "valid", ()),
    (text(TEXT, "TEXT/Plain"), "valid", ()),
    (text(TEXT.replace("\n", "\r\n")), "valid", ()),
    (text("\ufeff# Signaler une faille\n\n" + TEXT + "Made-Up: yes\nune ligne\n"), "valid", ()),
    (text("CONTACT: https://bac-a-voile.example/faille\nexpires:2027-06-30T22:00:00Z"), "valid", ()),
    (text("Contact: tel:+33123456789\n" + EXPIRES), "valid", ()),
    (text(SIGNED.format(TEXT)), "valid", ()),
    (text(TEXT + f"Canonical: {URL}\nPreferred-Languages: fr, en\n"), "valid", ()),
    (text(TEXT + "Canonical: https://port.example/.well-known/security.txt\n"), "valid", ("canonical-elsewhere",)),
    (text(TEXT + "Preferred-Languages: fr\nPreferred-Languages: en\n"), "valid", ("several-languages",)),
    (text(TEXT + "Contact: securite@bac-a-voile.example\n"), "valid", ("some-invalid-contact",)),
    (text(TEXT.encode() + b"# \xe9t\xe9\n"), "valid", ("not-utf8",)),
    (with_expires("2028-01-01T00:00:00Z"), "valid", ("expires-far",)),
    (text(TEXT, to="https://www.bac-a-voile.example/.well-known/security.txt"), "valid", ()),
    (text(TEXT, to="https://port.example/.well-known/security.txt"), "valid", ("other-domain",)),
    # nothing there
    (404, "absent", ()),
    (410, "absent", ()),
    (400, "absent", ()),
    ({"status": 204, "headers": {"Content-Type": None}}, "absent", ()),
    ({"status": 404, "body": TEXT, "headers": {"Content-Type": "text/plain"}}, "absent", ()),
    (PAGE, "soft-404", ()),
    (text(PAGE), "soft-404", ()),
    ({"to": "https://bac-a-voile.example/", "body": PAGE}, "soft-404", ()),
    # there, and wrong
    (text(TEXT, to="http://bac-a-voile.example/.well-known/security.txt"), "not-https", ()),
    (text(TEXT, "text/html"), "wrong-type", ()),
    (text(TEXT, "application/octet-stream"), "wrong-type", ()),
    (text(TEXT, None), "wrong-type", ()),
    (text(EXPIRES), "no-contact", ()),
    (text(""), "no-contact", ()),
    (text("# Contact: mailto:a@b.example\n" + EXPIRES), "no-contact", ()),
    (text(SIGNED.format(EXPIRES)), "no-contact", ()),
    (text("Contact: securite@bac-a-voile.example\n" + EXPIRES), "invalid-contact", ()),
    (text("Contact: http://bac-a-voile.example/faille\n" + EXPIRES), "invalid-contact", ()),
    (text("Contact:\n" + EXPIRES), "invalid-contact", ()),
    *[(text(f"Contact: {one}\n{EXPIRES}"), "invalid-contact", ()) for one in ("https://", "https:///faille", "https:a.fr", "mailto:")],
    (text(CONTACT), "no-expires", ()),
    (text(TEXT + EXPIRES), "several-expires", ()),
    (with_expires("30 juin 2027"), "invalid-expires", ()),
    (with_expires("2027-06-30"), "invalid-expires", ()),
    (with_expires("2027-06-30T22:00:00"), "invalid-expires", ()),
    (with_expires("2027-02-30T22:00:00Z"), "invalid-expires", ()),
    (with_expires("2026-11-22T23:59:59Z"), "expired", ()),
    (with_expires("2026-11-23T00:00:00+01:00"), "expired", ()),
    (with_expires("2026-11-23T00:00:00Z"), "valid", ()),
    # nothing is known
    (503, "server-error", ()),
    (429, "server-error", ()),
    (403, "blocked", ()),
    (401, "blocked", ()),
    (FailureKind.TIMEOUT, "unreachable", ()),
    (FailureKind.ROBOTS, "robots-disallowed", ()),
    ("<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>", "blocked", ()),
    ("<html><head><title>Maintenance en cours</title></head><body><p>Service indisponible.</p></body></html>", "server-error", ()),
    (None, "not-run", ()),
]  # fmt: skip


@pytest.mark.parametrize("answer,reason,warnings", ROWS)
def test_what_the_file_says(judge, answer, reason, warnings):
    verdict = judge("security-txt", PAGE, security_txt=answer)

    assert (verdict.reason, verdict.warnings) == (reason, warnings)
    assert reason not in RULE.outcomes or verdict.outcome == RULE.outcomes[reason]
    assert answer is None or verdict.evidence[0].url.endswith(("security.txt", "example/"))


def test_what_decides_is_quoted(judge):
    verdict = judge("security-txt", PAGE, security_txt=text(SIGNED.format(TEXT)))

    assert [one.excerpt for one in verdict.evidence] == TEXT.strip().splitlines()
    assert verdict.value == "2027-06-30T22:00:00Z"
    assert verdict.facts == {"contacts": ["mailto:securite@bac-a-voile.example"], "is_signed": True}


def test_what_is_no_site_owes_no_file(judge, trial):
    assert (
        judge("security-txt", PAGE, security_txt=text(TEXT), url="https://github.com/port/bac").outcome
        == "inapplicable"
    )
    assert judge("security-txt", PAGE, security_txt=404, trial=replace(trial, is_saved=True)).reason == "not-run"


TIMES = [
    ("2027-01-31T12:00:00Z", datetime(2027, 1, 31, 12, tzinfo=UTC)),
    ("2027-01-31t12:00:00.123456789z", datetime(2027, 1, 31, 12, tzinfo=UTC)),
    ("2027-01-31 12:00:00+02:00", datetime(2027, 1, 31, 10, tzinfo=UTC)),
    ("2026-12-31T23:59:60Z", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ("9999-12-31T23:59:59-14:00", None),
    ("0001-01-01T00:00:00+14:00", None),
    ("2027-01-31T12:00Z", None),
    ("20270131T120000Z", None),
    ("٢٠٢٧-01-31T12:00:00Z", None),
]


@pytest.mark.parametrize("written,time", TIMES)
def test_times(written, time):
    assert date_time(written) == time


def test_every_reason_and_warning_has_a_row():
    assert {reason for _, reason, _ in ROWS} >= set(RULE.outcomes)
    assert {warning for *_, warnings in ROWS for warning in warnings} == set(RULE.warnings)
