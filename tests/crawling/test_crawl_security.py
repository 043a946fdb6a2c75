"""One crawl of a web of hosts that differ by what the rules on security look at; what was kept of it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from checks.catalogue import BY_ID
from checks.judge import Trial, judge_service
from checks.model.capture import FailureKind, Role
from checks.model.service import PhaseGroup
from checks.model.verdict import Verdict
from crawler.discovery.sight import ORIGIN
from crawler.exchange_text import exchange_text
from crawler.fleet.local import crawl
from tests.crawling.certificates import Fault
from tests.crawling.conftest import enter, run_of
from tests.crawling.crawled import Crawled
from tests.crawling.local_web import local_web, site
from tests.crawling.secured_hosts import CONTACT, FAULTS, HOME, HOSTS, LONG, PATH, SERVICES


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> Iterator[Crawled]:
    tmp_path = tmp_path_factory.mktemp("secured")
    with local_web(tmp_path) as web, pytest.MonkeyPatch.context() as monkeypatch:
        web.hosts.update({f"{name}.example": handler for name, handler in HOSTS.items()})
        whole = site({"/": HOME})
        web.hosts["hanging.example"] = lambda one: web.silence(one) if one.method == "OPTIONS" else whole(one)
        web.faults.update(FAULTS)
        enter(web, monkeypatch)
        folder = run_of(tmp_path, SERVICES)
        yield Crawled(folder, web, crawl(folder))


def test_every_service_is_visited_to_its_end(crawled):
    assert (crawled.report.visited, crawled.report.crashes) == (len(SERVICES), 0)
    assert "Traceback" not in crawled.folder.log.read_text()
    assert "Unhandled" not in crawled.folder.log.read_text()


# The preflight.


def test_a_preflight_says_what_a_browser_would(crawled):
    [asked] = [one for one in crawled.web.asked if one.host == "reflecting.example" and one.method == "OPTIONS"]
    assert (asked.scheme, asked.target) == ("https", "/")
    assert (asked.headers["origin"], asked.headers["access-control-request-method"]) == (ORIGIN, "GET")
    assert "cookie" not in asked.headers
    assert all("origin" not in one.headers for one in crawled.web.asked if one.method != "OPTIONS")


def test_a_preflight_is_kept_with_what_it_asked_and_was_answered(crawled):
    [kept] = crawled.one("reflecting", Role.PREFLIGHT).hops
    assert (kept.method, kept.origin, kept.url, kept.status) == ("OPTIONS", ORIGIN, "https://reflecting.example/", 204)
    assert kept.header("access-control-allow-origin") == ORIGIN
    assert kept.header("access-control-allow-credentials") == "true"
    assert kept.certificate is not None  # an answer without a body has one too
    assert f"Demande : OPTIONS https://reflecting.example/\nOrigin envoyé : {ORIGIN}\n" in exchange_text(kept)
    written = gzip.decompress(crawled.folder.warc("reflecting").read_bytes())
    request = written.partition(b"OPTIONS / HTTP/1.1\r\n")[2].partition(b"\r\n\r\n")[0]
    assert b"Host: reflecting.example" in request
    assert f"Origin: {ORIGIN}".encode() in request


@pytest.mark.parametrize("name, status", [("refusing", 405), ("leading", 302), ("no-txt", 200)])
def test_what_a_preflight_is_answered_is_not_followed(crawled, name, status):
    [kept] = crawled.one(name, Role.PREFLIGHT).hops
    assert kept.status == status
    assert not any("ailleurs" in target for target in crawled.asked(name))


def test_a_preflight_that_hangs_costs_itself_alone(crawled):
    assert crawled.one("hanging", Role.PREFLIGHT).answer.failure.kind is FailureKind.TIMEOUT
    assert crawled.one("hanging", Role.PREFLIGHT).answer.origin == ORIGIN
    assert crawled.one("hanging", Role.SECURITY_TXT).answer.status == 404
    assert crawled.home("hanging").last.status == 200


def test_it_is_asked_once_of_the_page_as_it_ended(crawled):
    assert [target for target in crawled.asked("chain") if "OPTIONS" in target] == ["OPTIONS https:/"]
    for name in HOSTS:
        assert len([target for target in crawled.asked(name) if "OPTIONS" in target]) <= 1
    assert not any("OPTIONS" in target or PATH in target for target in crawled.asked("broken"))


# security.txt.


@pytest.mark.parametrize(
    "name, status, media_type",
    [("good-txt", 200, "text/plain"), ("soft-txt", 200, "text/html"), ("no-txt", 404, "text/html")],
)
def test_security_txt(crawled, name, status, media_type):
    kept = crawled.one(name, Role.SECURITY_TXT).answer
    assert (kept.url, kept.status, kept.media_type) == (f"https://{name}.example{PATH}", status, media_type)
    assert (kept.body == CONTACT.encode()) is (name == "good-txt")


def test_redirects_of_security_txt_are_followed(crawled):
    hops = crawled.one("moved-txt", Role.SECURITY_TXT).hops
    assert [(hop.url, hop.status) for hop in hops] == [
        (f"https://moved-txt.example{PATH}", 302),
        ("https://www.moved-txt.example/securite.txt", 200),
    ]


def test_security_txt_that_robots_forbid_is_not_asked(crawled):
    assert crawled.one("closed-txt", Role.SECURITY_TXT).answer.failure.kind is FailureKind.ROBOTS
    assert not any(PATH in target for target in crawled.asked("closed-txt"))


# Secrets.


def test_the_credentials_of_a_redirect_are_not_followed_nor_shown(crawled):
    answer = crawled.home("telling").answer
    assert (answer.url, answer.status) == ("https://telling.example/entree", 200)
    assert not any("authorization" in one.headers for one in crawled.web.asked)
    assert "S3CRET" not in crawled.folder.log.read_text()
    for verdict in (verdict_of(crawled, "telling", rule) for rule in BY_ID):
        assert "S3CRET" not in verdict.to_line()


# Certificates.


def test_the_certificate_of_every_secure_answer_is_kept(crawled):
    for name in HOSTS.keys() - {"relay", "www.moved-txt"} - {fault.value for fault in Fault}:
        for capture in crawled.captures(name):
            is_seen = capture.status is not None and capture.url.startswith("https:")
            assert (capture.certificate is not None) is is_seen, capture.url
    kept = crawled.home("no-txt").last.certificate
    assert kept.names == ("no-txt.example",)
    assert kept.issuer.startswith("trustme")
    assert timedelta(days=8) < kept.expires - datetime.now(UTC) < timedelta(days=9)


@pytest.mark.parametrize(
    "fault, message",
    [
        (Fault.EXPIRED, "certificate refused: cert has expired, depth 0"),
        (Fault.SELF_SIGNED, "certificate refused: depth zero self signed cert, depth 0"),
        (Fault.UNKNOWN, "certificate refused: unable to get issuer cert locally, depth 0"),
        (Fault.INCOMPLETE, "certificate refused: unable to get issuer cert locally, depth 0"),
        (Fault.OTHER_NAME, "DNSMismatch"),
        (Fault.NAMELESS, "certificate refused: no name, depth 0"),
    ],
)
def test_a_bad_certificate_is_explained_and_kept(crawled, fault, message):
    failed = crawled.one(fault.value, Role.HTTP).answer
    assert failed.failure.kind is FailureKind.TLS
    assert message in failed.failure.message
    again = crawled.home(fault.value).last
    assert (again.status, again.is_insecure) == (200, True)
    names = {Fault.OTHER_NAME: ("autre.example",), Fault.NAMELESS: ()}
    assert again.certificate.names == names.get(fault, (f"{fault}.example",))
    assert (again.certificate.expires < again.at) is (fault is Fault.EXPIRED)
    for role in (Role.PREFLIGHT, Role.SECURITY_TXT):
        last = crawled.one(fault.value, role).answer
        assert (last.status, last.is_insecure, last.certificate) == (200, True, again.certificate)


# Heads.


def test_every_hop_keeps_its_cookies(crawled):
    hops = crawled.one("chain", Role.HTTP).hops
    assert [(hop.url, list(hop.all("set-cookie"))) for hop in hops] == [
        ("http://chain.example/", ["un=1", "un-bis=1; Secure"]),
        ("https://relay.example/", ["deux=2; HttpOnly"]),
        ("https://chain.example/fr", ["trois=3; SameSite=Lax"]),
    ]


def test_a_chain_that_stays_in_clear_too_long(crawled):
    hops = crawled.one("late", Role.HTTP).hops
    assert [hop.url for hop in hops] == [
        "http://late.example/", "http://late.example/x", "https://late.example/x",
    ]  # fmt: skip


def test_repeated_headers_are_kept_in_their_order(crawled):
    kept = crawled.home("repeated").last
    assert list(kept.all("strict-transport-security")) == ["max-age=1", "max-age=2"]
    assert list(kept.all("content-security-policy")) == ["default-src 'self'", "img-src *"]
    assert list(kept.all("set-cookie")) == ["b=S3CRET; Path=/; Secure", "a=S3CRET; HttpOnly", "b=S3CRET2"]


def test_odd_headers_are_kept_as_they_came(crawled):
    kept = crawled.home("odd").last
    assert kept.status == 200
    assert kept.header("x-nom") == "Pr\xe9fecture \xc3\xa9 \xff"
    assert list(kept.all("x-empty")) == ["", ""]
    assert kept.header("x-folded").split() == ["un", "deux", "trois"]
    assert kept.header("x-null") == "a\0b\x01\x7f"
    assert kept.header("referrer-policy") == "no-referrer"
    assert kept.header("x-long") == LONG
    assert {name.lower() for name, _ in kept.headers} == {
        "content-type", "content-length", "x-nom", "x-empty", "x-folded", "x-null", "referrer-policy", "x-long", "set-cookie",
    }  # fmt: skip
    first, second, third, *others = kept.all("set-cookie")
    assert (first, second, third) == ("\xe9t\xe9=S3CRET; Path=/\xff", "", f"long=S3CRET{LONG[:5000]}")
    assert [cookie.partition("=")[0] for cookie in others] == [f"c{number}" for number in range(500)]


def test_a_head_without_end_is_given_up(crawled):
    failure = crawled.home("endless-head").last.failure
    assert (failure.kind, failure.message) == (FailureKind.TOO_LARGE, "headers of more than 262144 bytes")


def test_no_value_of_a_cookie_is_shown(crawled):
    for name in ("repeated", "odd", "reflecting"):
        for capture in crawled.captures(name):
            assert "S3CRET" not in exchange_text(capture)


# Manners.


def test_hosts_are_not_pressed(crawled):
    assert max(crawled.web.busiest.values()) <= 2


# What the rules say of them.


def verdict_of(crawled: Crawled, name: str, rule: str) -> Verdict:
    [service] = [one for one in SERVICES if one.id == name]
    trial = Trial(run="essai", as_of=datetime.now(UTC).date(), started_at="2026-11-28T00:00:00Z")
    [verdict], crashes = judge_service(service, PhaseGroup.CONSTRUCTION, crawled.captures(name), trial, [BY_ID[rule]])
    assert not crashes
    return verdict


def results_of(crawled: Crawled, name: str) -> dict[str, str]:
    return {test: said["result"] for test, said in verdict_of(crawled, name, "security-headers").facts["tests"].items()}


@pytest.mark.parametrize("fault", Fault)
def test_a_bad_certificate_costs_its_own_tests(crawled, fault):
    results = results_of(crawled, fault.value)
    assert results["strict-transport-security"] == "hsts-invalid-cert"
    assert results["redirection"] == "redirection-invalid-cert"
    assert results["content-security-policy"] == "csp-not-implemented"  # the page was read all the same
    assert verdict_of(crawled, fault.value, "https").reason == "bad-certificate"
    assert verdict_of(crawled, fault.value, "security-headers").warnings == ("insecure-fetch",)


def test_a_chain_over_two_hosts(crawled):
    results = results_of(crawled, "chain")
    assert results["redirection"] == "redirection-off-host-from-http"
    assert verdict_of(crawled, "chain", "https").reason == "redirect-off-host"
    assert results_of(crawled, "late")["redirection"] == "redirection-not-to-https-on-initial-redirection"
    assert verdict_of(crawled, "late", "https").reason == "late-redirect"


def test_cookies_of_the_session_that_is_graded(crawled):
    graded = results_of(crawled, "chain")["cookies"]
    assert graded == "cookies-without-secure-flag"  # that of the page, the only one of the https session
    assert verdict_of(crawled, "chain", "cookies").reason == "set-over-http"  # ours looks at every hop


def test_an_origin_that_is_reflected_is_restricted_for_the_observatory_and_said(crawled):
    verdict = verdict_of(crawled, "reflecting", "security-headers")
    sharing = verdict.facts["tests"]["cross-origin-resource-sharing"]
    assert sharing == {
        "result": "cross-origin-resource-sharing-implemented-with-restricted-access", "pass": True, "scoreModifier": 0,
    }  # fmt: skip
    assert verdict.warnings == ("origin-reflected",)
    assert verdict.evidence[-1].excerpt == (
        f"Access-Control-Allow-Origin: {ORIGIN}; Access-Control-Allow-Credentials: true"
    )
    assert verdict_of(crawled, "refusing", "security-headers").warnings == ()


def test_repeated_lines(crawled):
    results = results_of(crawled, "repeated")
    assert results["strict-transport-security"] == "hsts-header-invalid"
    assert verdict_of(crawled, "repeated", "hsts").warnings == ("repeated",)
    assert "S3CRET" not in verdict_of(crawled, "repeated", "security-headers").to_line()
    assert "S3CRET" not in verdict_of(crawled, "odd", "cookies").to_line()


@pytest.mark.parametrize(
    "name, reason",
    [
        ("good-txt", "valid"),
        ("soft-txt", "soft-404"),
        ("no-txt", "absent"),
        ("moved-txt", "valid"),
        ("closed-txt", "robots-disallowed"),
    ],
)
def test_what_security_txt_is_worth(crawled, name, reason):
    assert verdict_of(crawled, name, "security-txt").reason == reason
