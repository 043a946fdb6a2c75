"""What is asked beside the pages: a preflight of the home page, and security.txt of its host."""

from __future__ import annotations

import pytest

from checks.model.capture import FailureKind, Role
from crawler.discovery.sight import ORIGIN
from tests.crawling.paper_visit import HOME, Visit, service

NOTHING = FailureKind.REFUSED
HTTP, CLEAR = "http://a.example/", "http://a.example/clair"
WWW, WWW_FR = "https://www.a.example/", "https://www.a.example/fr"
PORT = "https://a.example:8443/"
OTHER, FORGE = "https://b.example/", "https://github.com/a/b"
PATH = ".well-known/security.txt"
STEP = "preflight_and_security_txt"


@pytest.mark.parametrize(
    "url, web, preflight, security_txt",
    [
        (HOME, {HTTP: f"> {HOME}", HOME: "oui"}, HOME, HOME + PATH),
        (HOME, {HTTP: "oui", HOME: "oui"}, HOME, HOME + PATH),
        (HOME, {HTTP: NOTHING, HOME: "oui"}, HOME, HOME + PATH),
        (HOME, {HTTP: "oui", HOME: NOTHING}, HTTP, None),
        # Where the page ended; of two ways to it, the one that began over https.
        (HOME, {HTTP: f"> {WWW}", WWW: f"> {WWW_FR}", WWW_FR: "oui"}, WWW_FR, WWW + PATH),
        (HOME, {HTTP: f"> {OTHER}", OTHER: "oui", HOME: "oui"}, HOME, HOME + PATH),
        (HTTP, {HTTP: "oui", HOME: "oui"}, HOME, HOME + PATH),
        (HOME, {HTTP: f"> {HOME}", HOME: f"> {CLEAR}", CLEAR: "oui"}, CLEAR, None),
        (f"{HOME}app?x=1#/y", {f"{HOME}app?x=1#/y": "oui"}, f"{HOME}app?x=1", HOME + PATH),
        (PORT, {PORT: "oui"}, PORT, PORT + PATH),
        # A wall is graded, an error is not; nor is what is no website.
        (HOME, {HTTP: 403, HOME: 403}, HOME, HOME + PATH),
        (HOME, {HTTP: 401, HOME: 401}, HOME, HOME + PATH),
        (HOME, {HTTP: "oui", HOME: 404}, None, None),
        (HOME, {HTTP: 503, HOME: 503}, None, None),
        (HOME, {HTTP: NOTHING, HOME: NOTHING}, None, None),
        (f"{HOME}api.json", {f"{HOME}api.json": "{}"}, None, None),
        (HOME, {HTTP: f"> {HOME}", HOME: f"> {FORGE}", FORGE: "oui"}, None, None),
    ],
)
def test_it_is_asked_of_the_home_page_as_it_ended(url, web, preflight, security_txt):
    asked = {fetch.role: fetch for fetch in Visit(service(url), web).waves[STEP]}
    expected = {Role.PREFLIGHT: preflight, Role.SECURITY_TXT: security_txt}
    assert {role: fetch.url for role, fetch in asked.items()} == {role: one for role, one in expected.items() if one}
    said = {Role.PREFLIGHT: ("OPTIONS", ORIGIN), Role.SECURITY_TXT: ("GET", "")}
    assert all((fetch.method, fetch.origin) == said[role] for role, fetch in asked.items())


def test_a_bad_certificate_is_looked_past_here_too():
    wave = Visit(service(), {HTTP: NOTHING, HOME: FailureKind.TLS, f"insecure {HOME}": "oui"}).waves[STEP]
    assert [(fetch.url, fetch.is_insecure) for fetch in wave] == [(HOME, True), (HOME + PATH, True)]


def test_it_is_the_first_to_be_given_up():
    whole = Visit(service(), {HTTP: f"> {HOME}", HOME: "oui"})
    cost = len(whole.captures) + len(whole.hosts)
    poor = Visit(service(), {HTTP: f"> {HOME}", HOME: "oui"}, ceiling=cost - 2)
    assert poor.waves[STEP] == ()
    assert [capture.url for capture in poor.captures] == [capture.url for capture in whole.captures[:-2]]
