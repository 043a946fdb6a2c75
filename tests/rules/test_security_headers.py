from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from checks.catalogue import BY_ID
from checks.judge import judge_service
from checks.model.capture import Capture, FailureKind, FetchFailure, Role
from checks.model.service import PhaseGroup, Service
from checks.parse.observatory.results import RESULTS
from checks.rules.security.security_headers import RULE
from tests.rules.conftest import NOON, TRIAL

HTTP, HTTPS = "http://bac-a-voile.example/", "https://bac-a-voile.example/"
HTML = ("Content-Type", "text/html; charset=utf-8")
PAGE = "<html><body><h1>Le bac</h1><p>Il traverse le fleuve toutes les vingt minutes, par tous les temps.</p></body></html>"
GOOD = (
    HTML,
    ("Strict-Transport-Security", "max-age=31536000"),
    ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
)
OURS = "https://curieux.example"


def exchange(*hops, role=Role.HOME, **more):
    """A chain: (url, status, headers) each, the last with its body; ``None`` for the status is a failure of the kind given."""
    return (role, hops, more)


def to(location, *lines):
    return (301, (("Location", location), *lines))


def captured(*chains):
    numbers = count(1)
    for role, hops, more in chains:
        number, previous = next(numbers), None
        for rank, (url, status, said) in enumerate(hops):
            common = {"id": f"<urn:uuid:{number}-{rank}>", "service": "bac", "number": number, "role": role, "url": url}
            common |= {"at": NOON + timedelta(seconds=10 * number + rank), "previous": previous, **more}
            is_last = rank == len(hops) - 1
            body = more.get("body", PAGE if is_last else "").encode()
            common.pop("body", None)
            if status is None:
                yield Capture(**common, failure=FetchFailure(kind=said))
            else:
                yield Capture(**common, status=status, headers=tuple(said), body=body)
            previous = common["id"]


def judged(*chains, url=HTTPS, trial=TRIAL):
    service = Service(id="bac", name="Bac", urls=(url,) if url else ())
    verdicts, crashes = judge_service(service, PhaseGroup.CONSTRUCTION, tuple(captured(*chains)), trial, [RULE])
    assert not crashes, crashes[0].error
    return verdicts[0]


def results(verdict):
    return {name: test["result"] for name, test in verdict.facts["tests"].items()}


SENT_ON = exchange((HTTP, *to(HTTPS)), (HTTPS, 200, GOOD), role=Role.HTTP)


def test_a_good_grade():
    verdict = judged(SENT_ON)

    assert (verdict.outcome, verdict.reason, verdict.value) == ("passed", "grade-b-or-better", "A+")
    assert (verdict.facts["score"], verdict.facts["algorithm"]) == (115, 6)
    assert set(verdict.facts["tests"]) == {str(test) for test in RESULTS}
    assert verdict.facts["preload"].startswith("hstspreload 20")
    assert verdict.evidence[0].url == HTTPS


def test_a_bad_grade_quotes_what_costs_the_dearest_first():
    verdict = judged(
        exchange((HTTP, 200, [HTML]), role=Role.HTTP), exchange((HTTPS, 200, [HTML, ("X-Frame-Options", "ALLOWALL")]))
    )

    assert (verdict.outcome, verdict.reason, verdict.value) == ("failed", "grade-below-b", "F")
    quoted = [(one.url, one.locator, one.excerpt) for one in verdict.evidence]
    assert quoted[0] == (HTTPS, "header Content-Security-Policy", "(en-tête absent)")
    assert (HTTP, "header Location", "(en-tête absent)") in quoted
    assert (HTTPS, "header X-Frame-Options", "ALLOWALL") in quoted


def test_b_begins_at_70_points():
    policy = ("Content-Security-Policy", "default-src *")
    below = (HTML, GOOD[1], policy, GOOD[3])

    assert judged(exchange((HTTPS, 200, (*below, ("X-Frame-Options", "DENY"))))).facts["score"] == 80
    assert (judged(exchange((HTTPS, 200, below))).facts["score"], judged(exchange((HTTPS, 200, below))).outcome) == (
        60,
        "failed",
    )
    at = (HTML, policy, GOOD[3], ("Strict-Transport-Security", "max-age=5"), ("X-Frame-Options", "DENY"))
    assert (judged(exchange((HTTPS, 200, at))).facts["score"], judged(exchange((HTTPS, 200, at))).outcome) == (
        70,
        "passed",
    )


def test_headers_that_are_repeated():
    twice = exchange((HTTPS, 200, (*GOOD, GOOD[1])))

    assert results(judged(twice))["strict-transport-security"] == "hsts-header-invalid"


ROUTES = [
    ((SENT_ON,), "redirection-to-https"),
    ((exchange((HTTP, None, FailureKind.REFUSED), role=Role.HTTP), exchange((HTTPS, 200, GOOD))), "redirection-not-needed-no-http"),
    ((exchange((HTTPS, 200, GOOD)),), "redirection-not-needed-no-http"),
    ((exchange((HTTP, 200, [HTML]), role=Role.HTTP), exchange((HTTPS, 200, GOOD))), "redirection-missing"),
    ((exchange((HTTP, 200, [HTML]), role=Role.HTTP), exchange((HTTPS, None, FailureKind.REFUSED))), "redirection-missing"),
    ((exchange((HTTP, *to("/accueil")), (f"{HTTP}accueil", *to(HTTPS)), (HTTPS, 200, GOOD), role=Role.HTTP),),
     "redirection-not-to-https-on-initial-redirection"),
    ((exchange((HTTP, *to("https://www.bac-a-voile.example/")), ("https://www.bac-a-voile.example/", 200, GOOD), role=Role.HTTP),
      exchange((HTTPS, *to("https://www.bac-a-voile.example/")), ("https://www.bac-a-voile.example/", 200, GOOD))),
     "redirection-off-host-from-http"),
]  # fmt: skip


@pytest.mark.parametrize("chains,code", ROUTES)
def test_the_way_from_http(chains, code):
    assert results(judged(*chains))["redirection"] == code


def test_a_site_without_https_is_graded_over_http():
    verdict = judged(exchange((HTTP, 200, GOOD), role=Role.HTTP), exchange((HTTPS, None, FailureKind.REFUSED)))

    assert results(verdict)["strict-transport-security"] == "hsts-not-implemented-no-https"
    assert verdict.evidence[0].url == HTTP


@pytest.mark.parametrize(
    "https, reason",
    [
        ([(HTTPS, None, FailureKind.TIMEOUT)], "unreachable"),
        ([(HTTPS, None, FailureKind.ROBOTS)], "robots-disallowed"),
        ([(HTTPS, 503, [HTML])], "server-error"),
        ([(HTTPS, 404, [HTML])], "home-not-found"),
        ([], "not-run"),
    ],
)
def test_https_that_was_not_seen_costs_no_points(https, reason):
    asked = [exchange(*https)] if https else []
    assert judged(exchange((HTTP, 200, GOOD), role=Role.HTTP), *asked).reason == reason


def test_a_bad_certificate():
    verdict = judged(
        exchange((HTTP, *to(HTTPS)), (HTTPS, None, FailureKind.TLS), role=Role.HTTP),
        exchange((HTTPS, 200, GOOD), is_insecure=True),
    )

    assert results(verdict)["strict-transport-security"] == "hsts-invalid-cert"
    assert results(verdict)["redirection"] == "redirection-invalid-cert"
    assert "insecure-fetch" in verdict.warnings


def test_a_bad_certificate_on_the_way():
    www = "https://www.bac-a-voile.example/"
    verdict = judged(
        exchange((HTTP, *to(www)), (www, None, FailureKind.TLS), role=Role.HTTP),
        exchange((HTTPS, *to(www)), (www, None, FailureKind.TLS)),
        exchange((www, 200, GOOD), is_insecure=True),
    )

    assert results(verdict)["strict-transport-security"] == "hsts-invalid-cert"
    assert results(verdict)["redirection"] == "redirection-invalid-cert"
    assert results(verdict)["content-security-policy"] == "csp-implemented-with-no-unsafe"


def test_the_sibling_that_answers_is_the_site():
    www = "https://www.bac-a-voile.example/"
    verdict = judged(
        exchange((HTTP, None, FailureKind.DNS), role=Role.HTTP),
        exchange((www, 200, GOOD)),
    )

    assert (verdict.value, results(verdict)["redirection"]) == ("A+", "redirection-not-needed-no-http")


def test_cookies_of_every_hop_of_the_graded_session():
    www = "https://www.bac-a-voile.example/"
    first = to(www, ("Set-Cookie", "SESSID=secret; Path=/"))
    verdict = judged(
        exchange(
            (HTTP, *to(HTTPS, ("Set-Cookie", "en-clair=secret"))), (HTTPS, *first), (www, 200, GOOD), role=Role.HTTP
        ),
    )

    assert results(verdict)["cookies"] == "cookies-session-without-httponly-flag"
    cookie = next(one for one in verdict.evidence if one.locator == "header Set-Cookie")
    assert (cookie.url, cookie.excerpt) == (HTTPS, "SESSID=…; Path=/")
    assert "secret" not in verdict.to_line()


@pytest.mark.parametrize(
    "line", ["a=1; Path=/, b=secret", "secret", "a=secret; secret; x=secret", "=secret", "a=secret\x01"]
)
def test_no_value_of_a_cookie_is_shown(line):
    assert "secret" not in judged(exchange((HTTPS, 200, [HTML, ("Set-Cookie", line), ("Set-Cookie", "b=2")]))).to_line()


def test_cookies_of_one_name_on_two_hosts_are_two():
    www = "https://www.bac-a-voile.example/"
    verdict = judged(
        exchange(
            (HTTPS, *to(www, ("Set-Cookie", "a=1"))), (www, 200, (*GOOD, ("Set-Cookie", "a=2; Secure; SameSite=Lax")))
        )
    )

    assert results(verdict)["cookies"] == "cookies-without-secure-flag-but-protected-by-hsts"


@pytest.mark.parametrize(
    "body,code",
    [
        ("{}", "html-not-parseable"),
        (' [1, "a"]', "html-not-parseable"),
        ("12", "html-not-parseable"),
        ("null", "html-not-parseable"),
        ('"texte"', "sri-not-implemented-but-no-scripts-loaded"),
        ("{<script src=//a.fr></script>", "sri-not-implemented-and-external-scripts-not-loaded-securely"),
        ("[" * 50_000, "sri-not-implemented-but-no-scripts-loaded"),
    ],
)
def test_a_page_that_reads_as_json(body, code):
    assert results(judged(exchange((HTTPS, 200, GOOD), body=body)))["subresource-integrity"] == code


def test_scripts_of_others_are_quoted():
    scripts = ["//cdn.example.fr/a.js", "/b.js", "https://x.fr/c.js", "http://y.fr/d.js", "http://z.fr/e.js"]
    body = "".join(f"<script src={address}></script>" for address in scripts) + PAGE
    verdict = judged(exchange((HTTPS, 200, GOOD), body=body))

    assert results(verdict)["subresource-integrity"] == "sri-not-implemented-and-external-scripts-not-loaded-securely"
    quoted = [one.excerpt for one in verdict.evidence if one.locator == "script[src]"]
    assert quoted == ["//cdn.example.fr/a.js", "https://x.fr/c.js", "http://y.fr/d.js"]


def preflight(status=204, **headers):
    lines = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return exchange((HTTPS, status, lines), role=Role.PREFLIGHT, method="OPTIONS", origin=OURS)


REFLECTED = {"Access_Control_Allow_Origin": OURS, "Access_Control_Allow_Credentials": "true"}


def test_an_origin_that_is_reflected_with_credentials():
    verdict = judged(SENT_ON, preflight(**REFLECTED))

    # The Observatory in service does not see it, and gives this result: the grade is the same, the warning is ours.
    assert (
        results(verdict)["cross-origin-resource-sharing"]
        == "cross-origin-resource-sharing-implemented-with-restricted-access"
    )
    assert verdict.warnings == ("origin-reflected",)
    assert verdict.evidence[-1].locator == "header Access-Control-Allow-Origin"
    assert OURS in verdict.evidence[-1].excerpt


@pytest.mark.parametrize(
    "answer,code",
    [
        (preflight(), "not-implemented"),
        (preflight(405, **REFLECTED), "not-implemented"),
        (preflight(Access_Control_Allow_Origin="*"), "implemented-with-public-access"),
        (preflight(Access_Control_Allow_Origin=OURS), "implemented-with-restricted-access"),
        (
            preflight(Access_Control_Allow_Origin="null", Access_Control_Allow_Credentials="true"),
            "implemented-with-restricted-access",
        ),
        (
            exchange((HTTPS, None, FailureKind.TIMEOUT), role=Role.PREFLIGHT, method="OPTIONS", origin=OURS),
            "not-implemented",
        ),
    ],
)
def test_other_answers_to_the_preflight(answer, code):
    verdict = judged(SENT_ON, answer)

    assert results(verdict)["cross-origin-resource-sharing"] == f"cross-origin-resource-sharing-{code}"
    assert "origin-reflected" not in verdict.warnings or answer[1][0][1] == 405


def test_headers_are_there_before_scripts_run():
    shell = "<html><body><div id=root></div><script src=/a.js></script></body></html>"

    assert judged(exchange((HTTPS, 200, GOOD), body=shell)).outcome == "passed"


@pytest.mark.parametrize(
    "status,reason", [(404, "home-not-found"), (410, "home-not-found"), (500, "server-error"), (503, "server-error")]
)
def test_an_error_page_has_no_grade(status, reason):
    verdict = judged(exchange((HTTPS, status, GOOD)))

    assert (verdict.outcome, verdict.reason, verdict.value, verdict.facts) == ("cantTell", reason, None, {})


@pytest.mark.parametrize("status", [401, 403])
def test_the_grade_of_a_wall_is_kept_and_decides_nothing(status):
    verdict = judged(exchange((HTTPS, status, GOOD)))

    assert (verdict.outcome, verdict.reason, verdict.value) == ("cantTell", "blocked", None)
    assert verdict.facts["score"] > 0


def test_saved_pages_say_nothing_of_the_exchange():
    assert judged(SENT_ON, trial=replace(TRIAL, is_saved=True)).reason == "not-run"


def test_nothing_was_visited():
    assert judged().reason == "not-run"
    assert judged(url=None).reason == "no-url"


def test_the_rule_is_the_one_of_the_catalogue():
    assert BY_ID["security-headers"] is RULE
    assert set(RULE.outcomes) == {"grade-b-or-better", "grade-below-b"}
    assert set(RULE.warnings) == {"origin-reflected"}
