"""The twelve tests of the Observatory, each by its results. `make parity` compares them with recorded answers of its own."""

from __future__ import annotations

import pytest

from checks.parse.observatory.preload import preload_of
from checks.parse.observatory.recorded import scan_of
from checks.parse.observatory.results import GRADES, RESULTS, Criterion, grade
from checks.parse.observatory.score import is_graded, score

SITE = "ecluse.example.fr"
PRELOAD = preload_of(
    {
        "port.example": {"mode": "force-https", "includeSubDomains": True},
        "quai.example": {"mode": "force-https", "includeSubDomains": False},
        "pinned.example": {"includeSubDomains": True},
        "bateaux": {"mode": "force-https", "includeSubDomains": True},
    }
)
HALF_A_YEAR = "max-age=15552000"


def scored(said):
    return score(scan_of({"site": SITE, **said}), PRELOAD)


def result(test: str, said) -> str:
    return scored(said).results[Criterion(test)]


def of(name: str, value):
    return {"headers": {"Content-Type": "text/html; charset=utf-8", name: value}}


def page(body: str, kind: str | None = "text/html"):
    return {"headers": {"content-type": kind}, "body": f"<!doctype html><html><head>{body}</head></html>"}


HSTS = [
    ({}, "hsts-not-implemented"),
    ({"scheme": "http"}, "hsts-not-implemented-no-https"),
    ({"scheme": "http", "site": "ecluse.port.example"}, "hsts-not-implemented-no-https"),
    ({**of("Strict-Transport-Security", HALF_A_YEAR), "verified": False}, "hsts-invalid-cert"),
    ({"site": "ecluse.port.example", "verified": False}, "hsts-preloaded"),
    ({"site": "port.example"}, "hsts-preloaded"),
    ({"site": "quai.example"}, "hsts-preloaded"),
    ({"site": "un.quai.example"}, "hsts-not-implemented"),
    ({"site": "pinned.example"}, "hsts-not-implemented"),
    ({"site": "deux.bateaux"}, "hsts-preloaded"),
    *[
        (of("Strict-Transport-Security", value), f"hsts-{code}")
        for value, code in [
            (HALF_A_YEAR, "implemented-max-age-at-least-six-months"),
            ("max-age=15551999", "implemented-max-age-less-than-six-months"),
            ("MAX-AGE=31536000 ; includeSubDomains", "implemented-max-age-at-least-six-months"),
            ("max-age=0", "implemented-max-age-less-than-six-months"),
            ("max-age=-5", "implemented-max-age-less-than-six-months"),
            ("max-age=2e9", "implemented-max-age-less-than-six-months"),
            ("max-age=31536000; max-age=1", "implemented-max-age-less-than-six-months"),
            ("max-age=31536000 secondes", "implemented-max-age-at-least-six-months"),
            ("max-age=un an", "implemented-max-age-at-least-six-months"),  # no number passes
            ('max-age="31536000"', "implemented-max-age-at-least-six-months"),
            ("max-age =31536000", "header-invalid"),
            ("includeSubDomains", "header-invalid"),
            ("", "header-invalid"),
            ([HALF_A_YEAR, HALF_A_YEAR], "header-invalid"),
            (f"{'x;' * 600}{HALF_A_YEAR}", "header-invalid"),  # past what is read
        ]
    ],
]
HTTP, HTTPS = f"http://{SITE}/", f"https://{SITE}/"


def route(*urls: str, **more):
    return {"redirects": [{"url": url, "status": 301} for url in urls], **more}


REDIRECTION = [
    ({}, "redirection-to-https"),
    ({"http": None}, "redirection-not-needed-no-http"),
    ({"verified": False}, "redirection-invalid-cert"),
    ({"scheme": "http"}, "redirection-missing"),
    (route(HTTP), "redirection-missing"),
    (route(HTTP, HTTPS), "redirection-to-https"),
    (route(HTTP, HTTPS, "https://www.ecluse.example.fr/"), "redirection-to-https"),
    (route(HTTP, "https://www.ecluse.example.fr/"), "redirection-off-host-from-http"),
    (route(HTTP, f"https://{SITE}:8443/"), "redirection-to-https"),
    (route(HTTP, f"{HTTP}accueil", HTTPS), "redirection-not-to-https-on-initial-redirection"),
    (route(HTTP, HTTPS, HTTP), "redirection-not-to-https"),
    (route("http://a.port.example/", "http://b.port.example/"), "redirection-all-redirects-preloaded"),
    (route("http://a.port.example/", "http://localhost/"), "redirection-not-to-https"),
    (route("http://a.port.example/", site="a.port.example"), "redirection-all-redirects-preloaded"),
]
COOKIES = [
    ([], "not-found"),
    (["heroku-session-affinity=1"], "not-found"),
    (["sans-nom"], "not-found"),
    (["=vide"], "not-found"),
    (["a=1; Domain=autre.fr; SameSite=n'importe"], "not-found"),
    (["a=1; Domain=fr"], "not-found"),
    (["a=1; Domain=gouv.fr"], "not-found"),
    (["__Secure-a=1; Path=/"], "not-found"),
    (["__Host-a=1; Secure; Path=/; Domain=ecluse.example.fr"], "not-found"),
    (["__Host-a=1; Secure; Path=/bac"], "not-found"),
    (["__Host-a=1; Secure; Path=/; SameSite=Lax"], "secure-with-httponly-sessions-and-samesite"),
    (["a=1; Domain=.Example.FR; Secure; SameSite=Lax"], "secure-with-httponly-sessions-and-samesite"),
    (["a=1; Domain=..ecluse.example.fr; Secure"], "secure-with-httponly-sessions"),
    (["a=1; Domain=; Secure"], "secure-with-httponly-sessions"),
    (["a=1; secure", "b=2; SECURE; SameSite=strict"], "secure-with-httponly-sessions"),
    (["a=1", "a=2; Secure; SameSite=None"], "secure-with-httponly-sessions-and-samesite"),
    (["a=1; Max-Age=0"], "without-secure-flag"),
    (["a=1; SameSite=None"], "samesite-flag-invalid"),
    (["a=1; Secure; SameSite="], "samesite-flag-invalid"),
    (["a=1; Secure; SameSite=Laxe"], "samesite-flag-invalid"),
    (["a=1; Secure; SameSite=Lax; SameSite=non"], "samesite-flag-invalid"),
    (["X-CSRF=1; Secure"], "anticsrf-without-samesite-flag"),
    (["XSRF-TOKEN=1; Secure"], "secure-with-httponly-sessions"),
    (["obsession=1; Secure"], "session-without-httponly-flag"),
    (["connect.sid=1; Secure"], "secure-with-httponly-sessions"),
    (["PHPSESSID=1; HttpOnly"], "session-without-secure-flag"),
    (["PHPSESSID=1"], "session-without-secure-flag"),
    (["a=1\x01; Secure"], "not-found"),
    (["a=1; Path=/x; Secure", "a=1; Path=/y"], "without-secure-flag"),
]
SRI = [
    (page("", "application/json"), "sri-not-implemented-response-not-html"),
    (page("<script src=//x.fr/a.js></script>", "Text/HTML"), "sri-not-implemented-response-not-html"),
    (page("<script src=//x.fr/a.js></script>", None), "sri-not-implemented-and-external-scripts-not-loaded-securely"),
    (page(""), "sri-not-implemented-but-no-scripts-loaded"),
    (page("<!-- <script src=http://x.fr/a.js></script> -->"), "sri-not-implemented-but-no-scripts-loaded"),
    *[
        (page(f"<script {said}></script>"), f"sri-{code}")
        for said, code in [
            ("", "not-implemented-but-all-scripts-loaded-from-secure-origin"),
            ("src=/a.js", "not-implemented-but-all-scripts-loaded-from-secure-origin"),
            ("src=HTTPS://x.fr/a.js", "not-implemented-but-all-scripts-loaded-from-secure-origin"),
            ("src=' https://x.fr/a.js'", "not-implemented-but-all-scripts-loaded-from-secure-origin"),
            ("src=http://cdn.example.fr/a.js", "not-implemented-but-all-scripts-loaded-from-secure-origin"),
            ("src='https://'", "not-implemented-but-all-scripts-loaded-from-secure-origin"),
            ("src='https://[non/a.js'", "not-implemented-but-all-scripts-loaded-from-secure-origin"),
            ("src=/a.js integrity=x", "implemented-and-all-scripts-loaded-securely"),
            ("src=https://x.fr/a.js integrity=x", "implemented-and-external-scripts-loaded-securely"),
            ("src=https://x.fr/a.js", "not-implemented-but-external-scripts-loaded-securely"),
            ("src=https://x.fr/a.js integrity", "not-implemented-but-external-scripts-loaded-securely"),
            ("src=http://x.fr/a.js integrity=x", "implemented-but-external-scripts-not-loaded-securely"),
            ("src=//ecluse.example.fr/a.js integrity=x", "implemented-but-external-scripts-not-loaded-securely"),
            ("src=http://x.fr/a.js", "not-implemented-and-external-scripts-not-loaded-securely"),
            ("src=https://127.0.0.1/a.js", "not-implemented-but-external-scripts-loaded-securely"),
        ]
    ],
    # of two faults, the worst in the Observatory's own order, where 5 points are worse than 20
    (page("<script src=http://x.fr/a.js integrity=x></script><script src=https://x.fr/b.js></script>"),
     "sri-not-implemented-but-external-scripts-loaded-securely"),
    (page("<script src=https://x.fr/a.js integrity=x></script><script src=/b.js integrity=x></script>"),
     "sri-implemented-and-all-scripts-loaded-securely"),
    (page("<noscript><script src=https://x.fr/a.js></script></noscript>"),
     "sri-not-implemented-but-external-scripts-loaded-securely"),
    ({**page("<script src=https://stats.data.gouv.fr/a.js></script>"), "site": "impots.gouv.fr"},
     "sri-not-implemented-but-external-scripts-loaded-securely"),
    ({**page("<script src=https://stats.beta.gouv.fr/a.js></script>"), "site": "aides.beta.gouv.fr"},
     "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"),
    ({**page("<script src=https://deux.github.io/a.js></script>"), "site": "un.github.io"},
     "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"),
    ({**page("<script src=/a.js integrity=x></script>"), "scheme": "http"},
     "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"),
]  # fmt: skip
HEADERS = {
    "x-content-type-options": [
        (None, "not-implemented"),
        ("", "not-implemented"),
        ("NoSniff ", "nosniff"),
        ("nosniff;", "header-invalid"),
        (["nosniff", "nosniff"], "header-invalid"),
    ],
    "x-frame-options": [
        (None, "not-implemented"),
        (" ", "not-implemented"),
        ("Deny", "sameorigin-or-deny"),
        (" sameorigin", "sameorigin-or-deny"),
        ("ALLOW-FROM https://x.fr", "allow-from-origin"),
        ("DENY, DENY", "header-invalid"),
        ("ALLOWALL", "header-invalid"),
    ],
    "referrer-policy": [
        (None, "not-implemented"),
        ("", "header-invalid"),
        ("never", "header-invalid"),
        ("Same-Origin", "private"),
        ("unsafe-url, no-referrer, inconnu", "private"),
        ("no-referrer-when-downgrade", "unsafe"),
        (["no-referrer", "origin"], "unsafe"),
    ],
    "cross-origin-resource-policy": [
        (None, "not-implemented"),
        (" ", "not-implemented"),
        ("Same-Origin", "implemented-with-same-origin"),
        ("same-site", "implemented-with-same-site"),
        ("cross-origin", "implemented-with-cross-origin"),
        ("same-origin, same-origin", "header-invalid"),
    ],
    "cross-origin-opener-policy": [
        (None, "not-implemented"),
        ("", "not-implemented"),
        ("same-origin", "implemented-with-same-origin"),
        ('same-origin-allow-popups; report-to="x"', "implemented-with-same-origin-allow-popups"),
        ("noopener-allow-popups;a", "implemented-with-noopener-allow-popups"),
        ("unsafe-none", "implemented-with-unsafe-none"),
        ("Same-Origin", "header-invalid"),
        ('"same-origin"', "header-invalid"),
        ("same-origin; x=y z", "header-invalid"),
        ("1", "header-invalid"),
        ("é", "header-invalid"),
        (["same-origin", "same-origin"], "header-invalid"),
    ],
    "cross-origin-embedder-policy": [
        (None, "not-implemented"),
        ("require-corp", "implemented-with-require-corp"),
        ("credentialless", "implemented-with-credentialless"),
        ("unsafe-none", "implemented-with-unsafe-none"),
        ("require-corp,", "header-invalid"),
    ],
}
PREFIXES = {
    "cross-origin-resource-policy": "corp",
    "cross-origin-opener-policy": "coop",
    "cross-origin-embedder-policy": "coep",
}
OURS = "https://curieux.example"
CORS = [
    ({}, "not-implemented"),
    ({"access-control-allow-origin": ""}, "not-implemented"),
    (
        {"access-control-allow-origin": "*", "access-control-allow-credentials": "true"},
        "implemented-with-public-access",
    ),
    (
        {"access-control-allow-origin": "null", "access-control-allow-credentials": "true"},
        "implemented-with-restricted-access",
    ),
    ({"access-control-allow-origin": OURS}, "implemented-with-restricted-access"),
    (
        {"access-control-allow-origin": OURS, "access-control-allow-credentials": "True "},
        "implemented-with-universal-access",
    ),
]


@pytest.mark.parametrize("said,code", HSTS)
def test_strict_transport_security(said, code):
    assert result("strict-transport-security", said) == code


@pytest.mark.parametrize("said,code", REDIRECTION)
def test_redirection(said, code):
    assert result("redirection", said) == code


@pytest.mark.parametrize("lines,code", COOKIES)
def test_cookies(lines, code):
    assert result("cookies", of("Set-Cookie", lines)) == f"cookies-{code}"


@pytest.mark.parametrize(
    "host,domain,kept",
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("9.127.0.0.1", "127.0.0.1", False),
        ("localhost", "localhost", True),
        ("a.localhost", "localhost", True),
        ("a.test", "test", False),
        ("b.a.test", "a.test", True),
        ("a.github.io", "github.io", False),
        ("a.github.io", "a.github.io", True),
        ("aides.beta.gouv.fr", "beta.gouv.fr", True),
        ("beta.gouv.fr", "gouv.fr", False),
    ],
)
def test_the_domains_that_a_host_may_set(host, domain, kept):
    said = {**of("Set-Cookie", [f"a=1; Secure; Domain={domain}"]), "site": host}

    assert (result("cookies", said) != "cookies-not-found") is kept


@pytest.mark.parametrize("line,code", [("a=1", "cookies-"), ("SESSID=1; HttpOnly", "cookies-session-")])
def test_cookies_that_hsts_protects(line, code):
    said = {"headers": {"Set-Cookie": line, "Strict-Transport-Security": HALF_A_YEAR}}

    assert result("cookies", said) == f"{code}without-secure-flag-but-protected-by-hsts"


@pytest.mark.parametrize("said,code", SRI)
def test_subresource_integrity(said, code):
    assert result("subresource-integrity", said) == code


@pytest.mark.parametrize("test,value,code", [(test, *row) for test, rows in HEADERS.items() for row in rows])
def test_one_header(test, value, code):
    assert result(test, of(test, value)) == f"{PREFIXES.get(test, test)}-{code}"


@pytest.mark.parametrize("headers,code", CORS)
def test_cross_origin_resource_sharing(headers, code):
    said = {"cors": {"headers": headers, "origin": OURS}}

    assert result("cross-origin-resource-sharing", said) == f"cross-origin-resource-sharing-{code}"


def test_an_origin_that_was_lost_is_not_reflected():
    headers = {"access-control-allow-origin": OURS, "access-control-allow-credentials": "true"}

    code = result("cross-origin-resource-sharing", {"cors": {"headers": headers, "origin": None}})

    assert code == "cross-origin-resource-sharing-implemented-with-restricted-access"


@pytest.mark.parametrize(
    "metas,code",
    [
        ("<meta name=referrer content=no-referrer>", "private"),
        ("<meta name=Referrer content=origin><meta name=referrer content=never>", "unsafe"),
        ("<meta name=referrer content=origin><meta name=referrer content=''>", "unsafe"),
        ("<meta http-equiv=referrer-policy content=no-referrer>", "unsafe"),
        ("<!--<meta name=referrer content=no-referrer>-->", "unsafe"),
        ("<script>'<meta name=referrer content=no-referrer>'</script>", "unsafe"),
        ("<template><meta name=referrer content=no-referrer></template>", "private"),
    ],
)
def test_a_meta_comes_after_the_header(metas, code):
    said = page(metas)
    said["headers"]["referrer-policy"] = "origin"

    assert result("referrer-policy", said) == f"referrer-policy-{code}"


def test_metas_are_read_where_the_type_is_html_to_the_letter():
    body = "<meta name=referrer content=no-referrer>"

    assert result("referrer-policy", page(body, "Text/Html")) == "referrer-policy-not-implemented"
    assert result("referrer-policy", page(body, None)) == "referrer-policy-not-implemented"
    assert result("referrer-policy", page(body, "application/xhtml+xml;x")) == "referrer-policy-private"


SCORES = [
    ({}, 30, "D"),
    ({"scheme": "http"}, 10, "F"),
    (of("Strict-Transport-Security", HALF_A_YEAR), 50, "C"),
    # bonuses count from 90 points on
    ({"headers": {"Strict-Transport-Security": HALF_A_YEAR, "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'"}},
     105, "A+"),
    ({"headers": {"Strict-Transport-Security": HALF_A_YEAR, "Content-Security-Policy": "default-src 'self' 'unsafe-eval'",
                  "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"}}, 85, "A-"),
]  # fmt: skip


@pytest.mark.parametrize("said,points,letter", SCORES)
def test_the_score(said, points, letter):
    found = scored(said)

    assert (found.score, found.grade) == (points, letter)


def test_the_grades():
    assert [grade(points) for points in (0, 24, 25, 30, 40, 45, 50, 60, 65, 70, 80, 85, 90, 99, 100, 165)] == [
        "F", "F", "D-", "D", "D+", "C-", "C", "C+", "B-", "B", "B+", "A-", "A", "A", "A+", "A+",
    ]  # fmt: skip
    assert len(GRADES) == 21


def test_the_table():
    assert sum(len(results) for results in RESULTS.values()) == 77
    assert sum(min(one.modifier for one in results.values()) for results in RESULTS.values()) == -250
    assert sum(max(one.modifier for one in results.values()) for results in RESULTS.values()) == 65


@pytest.mark.parametrize(
    "status,graded", [(200, True), (304, True), (401, True), (403, True), (404, False), (500, False), (100, False)]
)
def test_which_answers_have_a_grade(status, graded):
    assert is_graded(status) is graded


def test_every_result_has_a_row():
    found = {code for rows in (HSTS, REDIRECTION, SRI) for _, code in rows}
    found |= {f"cookies-{code}" for _, code in COOKIES} | {f"cross-origin-resource-sharing-{code}" for _, code in CORS}
    found |= {f"{PREFIXES.get(test, test)}-{code}" for test, rows in HEADERS.items() for _, code in rows}
    elsewhere = {"x-frame-options-implemented-via-csp", "html-not-parseable"}
    elsewhere |= {code for code in RESULTS[Criterion.COOKIES] if code.endswith("protected-by-hsts")}

    assert {
        code for test, results in RESULTS.items() if test is not Criterion.CSP for code in results
    } == found | elsewhere
