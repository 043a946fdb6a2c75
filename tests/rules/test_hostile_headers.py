"""Headers made to harm: no rule raises, none takes long, none shows a secret."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from checks.catalogue import BY_ID
from checks.model.capture import Capture, FailureKind, Role
from checks.parse.security.set_cookie import cookie

RULES = [rule for rule in BY_ID if BY_ID[rule].reads_exchange and rule not in {"https", "security-headers"}]
PAGE = "<html><body><h1>Le bac</h1><p>Il traverse le fleuve toutes les vingt minutes.</p></body></html>"
NAMES = (
    "Strict-Transport-Security",
    "Content-Security-Policy",
    "X-Frame-Options",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Set-Cookie",
)
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
pieces = st.sampled_from(
    [
        "max-age", "=", ";", ",", '"', "\\", "'", " ", "\t", "\0", "é", "\ud800", "*", "script-src", "'unsafe-inline'", "'none'",
        "frame-ancestors", "nosniff", "DENY", "unsafe-url", "__Host-", "SameSite", "Secure", "Expires", "Domain", "0", "99999",
        ":", "//", "Contact", "mailto:a@b", "-----BEGIN PGP SIGNED MESSAGE-----", "\n", "\r", "nonce-", "https:", "Max-Age=-",
    ]
)  # fmt: skip
texts = st.one_of(st.lists(pieces, max_size=30).map("".join), st.text(max_size=60))


@slow
@given(values=st.lists(st.tuples(st.sampled_from(NAMES), texts), max_size=12), body=texts)
@example(values=[("Set-Cookie", "\ud800=\udfff; Expires=\ud800")], body="Expires: \ud7ff")
@example(values=[("Strict-Transport-Security", 'max-age="' + "\\" * 31)], body="")
def test_no_header_crashes_a_rule(judge, values, body):
    headers: dict[str, list[str]] = {}
    for name, value in values:
        headers.setdefault(name, []).append(value)
    file = {"body": body.encode("utf-8", "surrogatepass"), "headers": {"Content-Type": "text/plain"}}
    for rule in RULES:
        verdict = judge(rule, {"body": PAGE, "headers": headers}, security_txt=file)
        assert verdict.outcome in {"passed", "failed"}
        verdict.to_line().encode("utf-8", "surrogatepass")


BIG = {
    "quotes": lambda size: '"' * size,
    "escapes": lambda size: '"' + "\\" * size,
    "directives": lambda size: "max-age=1;" * (size // 10),
    "sources": lambda size: "script-src " + "https://a.example " * (size // 18),
    "stars": lambda size: "script-src " + "*.fr " * (size // 5),
    "policies": lambda size: "img-src *," * (size // 10),
    "nonces": lambda size: "script-src 'nonce-" + "a" * size,
    "spaces": lambda size: "max-age=" + " " * size + "x",
    "attributes": lambda size: "a=b" + "; Domain=" * (size // 9),
    "digits": lambda size: "max-age=" + "9" * size,
    "dates": lambda size: "a=b; Expires=" + "1:1:1 " * 150 + "9" * (size // 2),
}


def seconds(judge, rule: str, size: int, value: str, count: int = 1) -> float:
    started = time.process_time()
    file = {"body": (f"Contact: {value}\n" * count), "headers": {"Content-Type": "text/plain"}}
    judge(rule, {"body": PAGE, "headers": dict.fromkeys(NAMES, [value] * count)}, security_txt=file)
    return time.process_time() - started


@pytest.mark.parametrize("kind", BIG)
@pytest.mark.parametrize("rule", RULES)
def test_large_values_take_no_time(judge, rule, kind):
    assert seconds(judge, rule, 65_536, BIG[kind](65_536)) < 1


@pytest.mark.parametrize("rule", RULES)
def test_ten_thousand_lines_take_seconds_at_most(judge, rule):
    assert seconds(judge, rule, 0, "a=b; Path=/; SameSite=Lax", 10_000) < 3


def test_ten_thousand_cookies_are_counted_in_linear_time(judge):
    def spent(count: int) -> float:
        started = time.process_time()
        lines = [f"sid{rank}=b; Path=/{rank}; SameSite=Lax" for rank in range(count)]
        verdict = judge("cookies", {"body": PAGE, "headers": {"Set-Cookie": lines}})
        assert len(verdict.evidence) <= 10
        assert len(verdict.to_line()) < 50_000
        return time.process_time() - started

    few, many = (min(spent(count) for _ in range(3)) for count in (1_000, 10_000))
    assert many < 30 * max(few, 0.01)


@slow
@given(
    name=st.text(alphabet="abcdefgh-_", min_size=1, max_size=10),
    value=st.text(alphabet="WXYZ0123456789=", min_size=4, max_size=30),
)
def test_the_value_of_a_cookie_is_never_shown(name: str, value: str):
    answer = Capture(
        id="<urn:uuid:1>", service="bac", number=1, role=Role.HOME, url="https://bac.example/", at=datetime(2026, 11, 23, tzinfo=UTC), status=200
    )  # fmt: skip
    for line in (f"{name}={value}", f"{name}={value}; {value}; {value}={value}; Path=/", value.replace("=", "")):
        read = cookie(line, answer)
        assert read is None or value not in repr(read)
        assert read is None or value not in read.shown()


ADDRESS = "https://agent:S3CR@ET@port.example/x"
SAYING = [
    {"http": {"to": ADDRESS, "body": PAGE}},
    {"http": {"to": ADDRESS.replace("https:", "http:"), "body": PAGE}, "home": FailureKind.REFUSED},
    {"headers": {"Content-Security-Policy": f"script-src * {ADDRESS}; report-uri {ADDRESS}; frame-ancestors * {ADDRESS}"}},
    {"headers": {"Content-Security-Policy": f"script-src {'https://a.example ' * 14}{ADDRESS} *"}},
    {"headers": {"Content-Security-Policy-Report-Only": f"report-uri {ADDRESS}"}},
    {"headers": dict.fromkeys(NAMES, ADDRESS)},
    {"headers": {"X-Frame-Options": f"ALLOW-FROM {ADDRESS}"}},
    {"head": f'<meta http-equiv=Content-Security-Policy content="img-src {ADDRESS}; frame-ancestors {ADDRESS}">'},
    {"head": f'<meta name=referrer content="{ADDRESS}">'},
    {"security_txt": {"body": f"Contact: {ADDRESS}\n", "headers": {"Content-Type": "text/plain"}}},
]  # fmt: skip


@pytest.mark.parametrize("saying", SAYING)
@pytest.mark.parametrize("rule", [*RULES, "https", "security-headers"])
def test_the_credentials_of_an_address_are_never_shown(judge, rule, saying):
    said = dict(saying)
    page = {"body": PAGE.replace("<body>", said.pop("head", "") + "<body>"), "headers": said.pop("headers", {})}
    line = judge(rule, said.pop("home", page), **said).to_line()
    asked = '"url": "%s"'  # an address that answered is as the crawl asked it, which is without credentials
    for address in (ADDRESS, ADDRESS.replace("https:", "http:")):
        line = line.replace(asked % address, "")
    assert "agent:" not in line
    assert "S3CR" not in line
