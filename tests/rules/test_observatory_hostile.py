"""Whatever a server sends, there is a score, and the same one from a recorded response as from a visit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from checks.model.capture import Capture, Role
from checks.model.service import Service
from checks.parse.observatory.captured import captured_scan
from checks.parse.observatory.preload import bundled, preload_of
from checks.parse.observatory.recorded import scan_of
from checks.parse.observatory.results import RESULTS, Criterion
from checks.parse.observatory.score import score
from checks.parse.site import Site

NAMES = [
    "Content-Security-Policy", "content-security-policy-report-only", "Set-Cookie", "STRICT-TRANSPORT-SECURITY",
    "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Content-Type",
    "Cross-Origin-Embedder-Policy", "Cross-Origin-Resource-Policy", "Server",
]  # fmt: skip
PIECES = [
    "default-src", "script-src", "'none'", "'self'", "'unsafe-inline'", "'nonce-a'", "'strict-dynamic'", "https:", "*", ";", ",", " ",
    "frame-ancestors", "report-uri", "max-age=", "31536000", "=", "SESSID=1", "Domain=", "gouv.fr", "Path=/", "__Host-", "SameSite=",
    "%", "%C3", "é", "\ufeff", "\x00", "\n", '"', "nosniff", "same-origin", "text/html", "İ", "ſ", "ß", "\u0301", "🛥",
]  # fmt: skip
VALUES = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40)
HEADERS = st.dictionaries(st.sampled_from(NAMES), VALUES | st.lists(VALUES, max_size=3), max_size=8)
TAGS = [
    "<script src='", "//x.fr", "https://", "[", "a.js", "'>", "</script>", "<meta http-equiv=content-security-policy content='",
    "<meta name=referrer content='", "default-src", " integrity=x", "<!--", "-->", "<template>", "\0", "<", "&#x0;", "é",
]  # fmt: skip
BODIES = st.lists(st.sampled_from(TAGS), max_size=20).map("".join) | st.text(max_size=60)
URLS = st.sampled_from(
    ["http://a.fr/", "https://a.fr/", "http://localhost/", "https:///", "mailto:a", "", "http://é.fr:99/"]
)
ENOUGH = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(said):
    found = score(scan_of(said), bundled)

    assert set(found.results) == set(Criterion)
    assert all(found.results[test] in RESULTS[test] for test in Criterion)
    assert 0 <= found.score <= 165
    json.dumps(found.tests())
    return found


@ENOUGH
@given(
    st.fixed_dictionaries(
        {"headers": HEADERS, "body": BODIES, "scheme": st.sampled_from(["http", "https"])},
        optional={
            "verified": st.booleans(),
            "http": st.none() | st.fixed_dictionaries({"headers": HEADERS}),
            "https": st.none() | st.fixed_dictionaries({"headers": HEADERS}),
            "redirects": st.lists(st.fixed_dictionaries({"url": URLS}), max_size=4),
            "cors": st.fixed_dictionaries({"headers": HEADERS, "origin": st.none() | st.text(max_size=9)}),
            "site": st.text(st.characters(exclude_characters="[]"), max_size=12)
            | st.sampled_from(["xn--a", "a..b", "1.2.3.4", "::1", "gouv.fr"]),
        },
    )
)
def test_there_is_a_score(said):
    check(said)


@ENOUGH
@example({}, "-Infinity")
@given(HEADERS, BODIES)
def test_a_visit_gives_the_score_of_its_record(headers, body):
    lines = tuple((name, one) for name, said in headers.items() for one in (said if isinstance(said, list) else [said]))
    home = Capture(
        id="<urn:uuid:1>",
        service="bac",
        number=1,
        role=Role.HOME,
        url="https://bac-a-voile.example/",
        at=datetime(2026, 11, 23, tzinfo=UTC),
        status=200,
        headers=lines,
        body=body.encode("utf-8", "replace"),
    )
    http = replace(home, id="<urn:uuid:0>", number=0, role=Role.HTTP, url="http://bac-a-voile.example/", body=b"")
    site = Site(Service(id="bac", name="Bac", urls=(home.url,)), (http, home), date(2026, 11, 23))

    scan = captured_scan(site)
    assume(scan.body is not None)  # of JSON, which no record can say
    recorded = {"site": "bac-a-voile.example", "headers": headers, "body": scan.body, "redirects": [{"url": http.url}]}

    assert score(scan, bundled) == check(recorded)


LONG = 65_536


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "value", ["a", "é", "a,", "a;", "a=1;", " ", "default-src a;", "img-src a,", "a b ", "%c3%a9/", "max-age="]
)
def test_64_kilobytes(name, value):
    check({"headers": {"Content-Type": "text/html", name: value * (LONG // len(value))}})


def test_ten_thousand_cookies():
    lines = [f"a{rank % 7_000}=1; Domain=n{rank}.example.fr; Path=/{rank}; SameSite=Lax" for rank in range(10_000)]

    found = check({"headers": {"Set-Cookie": [*lines, *(f"b{rank}=1" for rank in range(10_000))]}})

    assert found.results[Criterion.COOKIES] == "cookies-without-secure-flag"


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 200_000 + "<script>",
        "<script>" * 50_000,
        "<meta name=referrer content=origin>" * 50_000,
        "\0" * 100_000,
        "<" * 100_000,
    ],
)
def test_pages_made_to_harm(body):
    check({"headers": {"Content-Type": "text/html"}, "body": body})


@pytest.mark.parametrize("said", [[], {"a": 1}, {"entries": 1}, "liste", None])
def test_what_is_no_preload_list(said):
    with pytest.raises(ValueError, match="neither"):
        preload_of(said)


def test_a_preload_list_of_chromium():
    preload = preload_of(
        {"entries": [{"name": "bac.fr", "mode": "force-https", "include_subdomains": True}, {"name": "quai.fr"}]}
    )

    assert [preload(host) for host in ("bac.fr", "un.bac.fr", "unbac.fr", "quai.fr", "fr", "")] == [
        True,
        True,
        *[False] * 4,
    ]


def test_the_list_that_is_bundled():
    assert [bundled(host) for host in ("port.dev", "gouv.fr", "", "é.dev", "a" * 300, "x..dev")] == [
        True, False, False, False, False, True,
    ]  # fmt: skip
