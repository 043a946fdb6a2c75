from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from checks.model.capture import MAX_NAMES, Certificate, FailureKind
from checks.rules.security.https import RULE

PAGE = "<html><body><p>Le bac traverse le fleuve.</p></body></html>"
SECURE = "https://bac-a-voile.example/"
WALL = '<html><head><title>Just a moment...</title></head><body><script src="/cdn-cgi/challenge-platform/h/g/chl"></script></body></html>'
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
    ({"status": 403, "body": WALL}, PAGE, "https-only"),
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
    (FailureKind.ROBOTS, PAGE, "robots-disallowed"),
    (FailureKind.TOO_LARGE, PAGE, "too-large"),
    (FailureKind.DATA_LOSS, PAGE, "unreachable"),
    (FailureKind.DNS, PAGE, "unreachable"),
    (WALL, PAGE, "blocked"),
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


def certificate(expires="2027-05-01", issuer="Certigna", names=("bac-a-voile.example", "www.bac-a-voile.example")):
    end = datetime.combine(date.fromisoformat(expires), datetime.min.time(), UTC).replace(hour=23)
    return Certificate(issuer=issuer, expires=end, names=tuple(names))


def with_certificate(*given, **more):
    return {"body": PAGE, "certificate": certificate(*given), **more}


@pytest.mark.parametrize(
    "expires, days, is_soon",
    [
        ("2027-05-01", 159, False),
        ("2026-12-15", 22, False),
        ("2026-12-14", 21, True),
        ("2026-11-24", 1, True),
        ("2026-11-23", 0, True),
        ("2026-11-22", -1, True),  # judged again, later
    ],
)
def test_the_end_of_the_certificate(judge, expires, days, is_soon):
    for verdict in (
        judge("https", None, http={"to": SECURE, **with_certificate(expires)}),
        judge("https", with_certificate(expires), http=FailureKind.REFUSED),
        judge("https", with_certificate(expires), http=PAGE),
    ):
        assert verdict.facts == {
            "expires": expires,
            "issuer": "Certigna",
            "names": ["bac-a-voile.example", "www.bac-a-voile.example"],
            "days_left": days,
        }
        assert verdict.warnings == (("certificate-expires-soon",) if is_soon else ())
        said = f"Certificat valable jusqu'au {date.fromisoformat(expires):%d/%m/%Y}, délivré par Certigna."
        assert (verdict.evidence[-1].excerpt == said) is is_soon


def test_of_several_certificates_the_first_to_end(judge):
    http = {"to": "https://port.example/", **with_certificate("2026-12-01", "R11", ["port.example"])}
    verdict = judge("https", with_certificate("2027-01-01"), http=http)
    assert (verdict.reason, verdict.facts["names"]) == ("redirect-off-host", ["port.example"])


def test_nothing_is_said_of_a_certificate_where_nothing_is_said_of_the_site(judge):
    verdict = judge("https", with_certificate("2026-12-01"), http=503)
    assert (verdict.reason, verdict.warnings, verdict.facts) == ("server-error", (), {})


AUTHORITY = "l'autorité qui l'a délivré (Certigna) est inconnue des navigateurs"
MISMATCH = "VerificationError(errors=[DNSMismatch(mismatched_id=DNS_ID(hostname=b'bac-a-voile.example'))])"
OTHERS = ["a.example", "b.example", "c.example", "d.example"]


@pytest.mark.parametrize(
    "message, seen, why",
    [
        ("certificate refused: cert has expired, depth 0", certificate("2026-11-21"), "il a expiré le 21/11/2026"),
        ("certificate refused: cert has expired, depth 1", certificate(), "un certificat de sa chaîne a expiré"),
        ("certificate refused: cert not yet valid, depth 0", certificate(), "il n'est pas encore valable"),
        (MISMATCH, certificate(names=OTHERS[:2]), "il ne vaut pas pour bac-a-voile.example, mais pour a.example, b.example"),
        (MISMATCH, certificate(names=OTHERS), "il ne vaut pas pour bac-a-voile.example, mais pour a.example, b.example, c.example…"),
        (MISMATCH, certificate(names=()), "il ne vaut pas pour bac-a-voile.example"),
        (MISMATCH, certificate(names=["*.bac-a-voile.example"]), "il ne vaut pas pour bac-a-voile.example, mais pour *.bac-a-voile.example"),
        ("certificate refused: depth zero self signed cert, depth 0", certificate(), "il est signé par lui-même"),
        ("certificate refused: self signed cert in chain, depth 1", certificate(), AUTHORITY),
        ("certificate refused: unable to get issuer cert locally, depth 1", certificate(), AUTHORITY),
        (
            "certificate refused: unable to get issuer cert locally, depth 0",
            certificate(),
            f"{AUTHORITY}, ou le site n'envoie pas le certificat intermédiaire",
        ),
        ("certificate refused: no name, depth 0", certificate(names=()), "il ne porte aucun nom de site"),
        ("certificate refused: cert revoked, depth 0", certificate(), "il a été révoqué"),
        (
            "certificate refused: depth zero self signed cert, depth 0",
            certificate("2026-11-21", "Plesk", ["serveur.example"]),
            "il a expiré le 21/11/2026 ; il ne vaut pas pour bac-a-voile.example, mais pour serveur.example ; il est signé par lui-même",
        ),
        # What older captures tell.
        ("certificate verify failed", certificate("2026-11-21"), "il a expiré le 21/11/2026"),
        ("certificate verify failed", certificate(names=["*.example"]), None),
        ("certificate verify failed", certificate(names=["*.fr"]), "il ne vaut pas pour bac-a-voile.example, mais pour *.fr"),
        ("certificate verify failed", certificate(names=[f"{number}.example" for number in range(MAX_NAMES)]), None),
        ("certificate verify failed", certificate(), None),
        ("certificate verify failed", None, None),
        ("certificate refused: cert has expired, depth 0", None, "il a expiré"),
    ],
)  # fmt: skip
def test_why_a_certificate_is_refused(judge, message, seen, why):
    again = ("link", "/accessibilite", {"body": PAGE, "is_insecure": True, "certificate": seen})
    verdict = judge("https", {"failure": FailureKind.TLS, "message": message}, http=PAGE, pages=[again])

    assert verdict.reason == "bad-certificate"
    assert verdict.evidence[0].excerpt == f"tls: {message}"
    assert verdict.facts.get("why") == (f"Certificat refusé : {why}." if why else None)
    assert "certificate-expires-soon" not in verdict.warnings
    assert [one.excerpt for one in verdict.evidence[1:]] == ([verdict.facts["why"]] if why and seen else [])
    assert verdict.facts.get("expires") == (seen.expires.date().isoformat() if seen else None)


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
    assert set(RULE.warnings) == {"certificate-expires-soon"}
