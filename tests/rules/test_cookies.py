from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checks.parse.security.cookie_dates import cookie_date
from checks.parse.security.cookie_names import is_anti_forgery, is_session
from checks.rules.security.cookies import RULE

PAGE = "<html><body><h1>Le bac</h1><p>Il traverse le fleuve toutes les vingt minutes.</p></body></html>"
GOOD = "; Path=/; Secure; HttpOnly; SameSite=Lax"
LATER, BEFORE = "Thu, 31 Dec 2026 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:01 GMT"

# One Set-Cookie line, or several: the reason, and the warnings.
ROWS = [
    ([], "no-cookie", ()),
    (f"a=b{GOOD}", "protected", ()),
    ("a=b;secure", "protected", ()),
    ("a=b; SECURE ; Made-Up=1", "protected", ()),
    ("theme=dark; Secure", "protected", ()),
    ("a=b", "without-secure", ()),
    ("a=b; Path=/; HttpOnly; SameSite=Lax", "without-secure", ()),
    ("a=b; Secured", "without-secure", ()),
    (f"a=b; Expires={LATER}", "without-secure", ()),
    ("a=b; Max-Age=3600; Expires=" + BEFORE, "without-secure", ()),
    ("a=b; Max-Age=soon", "without-secure", ()),
    ("a=b; Expires=never", "without-secure", ()),
    (["lang=fr", f"PHPSESSID=x{GOOD}"], "without-secure", ()),
    ("a=b; Expires=Thu, 31 Dec 1600 23:59:59 GMT", "without-secure", ()),
    # what is deleted is not judged
    ("PHPSESSID=; Max-Age=0", "no-cookie", ()),
    ("PHPSESSID=; Max-Age=-1; SameSite=what", "no-cookie", ()),
    (f"PHPSESSID=deleted; Expires={BEFORE}", "no-cookie", ()),
    (f"PHPSESSID=deleted; Max-Age=0; Expires={LATER}", "no-cookie", ()),
    ("a=b; Expires=Sun, 22-Nov-26 10:00:00 GMT", "no-cookie", ()),
    ([f"PHPSESSID=x; Path=/; Expires={LATER}", "PHPSESSID=deleted; Path=/; Max-Age=0"], "no-cookie", ()),
    (["a=b; Path=/", f"a=c{GOOD}"], "protected", ()),
    ([f"a=c{GOOD}", "a=b; Path=/"], "without-secure", ()),
    (["a=b; Path=/x", f"a=c{GOOD}"], "without-secure", ()),
    # sessions
    ("PHPSESSID=x; Secure; SameSite=Lax", "session-without-httponly", ()),
    ("connect.sid=x; Secure; SameSite=Lax", "session-without-httponly", ()),
    ("authToken=x; Secure; SameSite=Lax", "session-without-httponly", ()),
    ("PHPSESSID=x; Secure; HttpOnly", "protected", ("without-samesite",)),
    ("XSRF-TOKEN=x; Secure; SameSite=Strict", "protected", ()),
    ("csrftoken=x; Secure", "protected", ("without-samesite",)),
    ("__RequestVerificationToken=x; Secure; SameSite=Lax", "protected", ()),
    # refused by browsers
    ("a=b; SameSite=None", "samesite-none-without-secure", ()),
    ("a=b; SameSite=None; Secure", "protected", ()),
    ("__Host-a=b; Secure", "broken-prefix", ()),
    ("__Host-a=b; Secure; Path=/; Domain=bac-a-voile.example", "broken-prefix", ()),
    ("__HOST-a=b; Path=/", "broken-prefix", ()),
    ("__Secure-a=b", "broken-prefix", ()),
    ("__Host-a=b; Secure; Path=/", "protected", ()),
    ("__Secure-a=b; Secure", "protected", ()),
    ("a=b; Secure; SameSite=Laxe", "invalid-samesite", ()),
    ("a=b; Secure; SameSite", "invalid-samesite", ()),
    ("a=b; Secure; SameSite=Strict; SameSite=", "invalid-samesite", ()),
    # dropped without a word
    ("=__Host-a=b", "no-cookie", ()),
    ("__SECURE-a", "no-cookie", ()),
    ("", "no-cookie", ()),
    ("=", "no-cookie", ()),
    ("; Secure", "no-cookie", ()),
    ("a\x00=b", "no-cookie", ()),
    ("a=" + "b" * 5_000, "no-cookie", ()),
    ("a=b; Domain=port.example", "no-cookie", ()),
    ("a=b; Domain=example", "no-cookie", ()),
    ("a=b; Domain=voile.example", "no-cookie", ()),
    ("a=b; Domain=.bac-a-voile.example", "without-secure", ()),
    ("secret", "without-secure", ()),
    # the worst of several
    (["PHPSESSID=x; Secure; SameSite=Lax", "a=b; Secure; SameSite=x"], "session-without-httponly", ()),
    (["a=b; SameSite=None", "c=d"], "without-secure", ()),
]  # fmt: skip


@pytest.mark.parametrize("lines,reason,warnings", ROWS)
def test_what_the_home_page_sets(judge, lines, reason, warnings):
    verdict = judge("cookies", {"body": PAGE, "headers": {"Set-Cookie": lines}})

    assert (verdict.reason, verdict.warnings) == (reason, warnings)
    assert verdict.outcome == RULE.outcomes[reason]


SECURE = "https://bac-a-voile.example/"

# What http answers, what https answers: the reason, and the answer that is shown.
HOPS = [
    ({"to": SECURE, "sends": {"Set-Cookie": "a=b"}, "body": PAGE}, PAGE, "set-over-http", "http://bac-a-voile.example/"),
    ({"to": SECURE, "sends": {"Set-Cookie": f"a=b{GOOD}"}, "body": PAGE}, PAGE, "no-cookie", SECURE),
    ({"to": SECURE, "sends": {"Set-Cookie": "a=; Max-Age=0"}, "body": PAGE}, PAGE, "no-cookie", SECURE),
    (None, {"to": "https://www.bac-a-voile.example/", "sends": {"Set-Cookie": "a=b"}, "body": PAGE}, "without-secure", SECURE),
    (None, {"to": "https://connexion.example/", "sends": {"Set-Cookie": "a=b"}, "body": PAGE}, "no-cookie", "https://connexion.example/"),
    ({"body": PAGE, "headers": {"Set-Cookie": "a=b"}}, None, "set-over-http", "http://bac-a-voile.example/"),
    ({"body": PAGE, "headers": {"Set-Cookie": "a=b"}}, PAGE, "set-over-http", "http://bac-a-voile.example/"),
    ({"status": 403, "headers": {"Set-Cookie": "a=b"}}, PAGE, "no-cookie", SECURE),
    ({"to": "https://port.example/", "body": PAGE, "headers": {"Set-Cookie": "a=b"}}, PAGE, "no-cookie", SECURE),
]  # fmt: skip


@pytest.mark.parametrize("http,home,reason,url", HOPS)
def test_what_is_set_on_the_way(judge, http, home, reason, url):
    verdict = judge("cookies", home, http=http)

    assert verdict.reason == reason
    assert verdict.evidence[0].url == url


def test_hsts_eases_what_is_not_secure(judge):
    headers = {"Set-Cookie": "a=b", "Strict-Transport-Security": "max-age=31536000"}

    assert judge("cookies", {"body": PAGE, "headers": headers}).warnings == ("eased-by-hsts",)


def test_no_value_is_ever_kept(judge):
    secret = "9f8e7d6c"  # noqa: S105 - no secret, but what looks like one
    lines = [
        f"PHPSESSID={secret}; Path=/; Max-Age=3600",
        f'a = "{secret}" ; Secure; {secret}={secret}; {secret}',
        f"b=; Path=/?{secret}!; SameSite={secret} {secret}; Domain=bac-a-voile.example",
        secret,
        f"={secret}",
        f"c={secret}={secret}; SameSite=None",
    ]
    verdict = judge("cookies", {"body": PAGE, "headers": {"Set-Cookie": lines}})

    assert secret not in verdict.to_line()
    assert "Set-Cookie: PHPSESSID=…; Path=/" in verdict.facts["received"]
    assert verdict.evidence[0].locator == "header Set-Cookie"
    assert verdict.facts["cookies"][0] == {
        "cookie": "PHPSESSID=…; Path=/",
        "url": SECURE,
        "faults": ["without-secure", "session-without-httponly"],
    }


NAMES = {
    "session": "PHPSESSID JSESSIONID ASP.NET_SessionId ASPSESSIONIDSWQBQQBA connect.sid sid SSESSab12 laravel_session sessionid "
    "_app_session __Secure-next-auth.session-token access_token idToken auth jwt wordpress_logged_in_1 login SSO AUTH_SESSION_ID",
    "anti-forgery": "csrftoken XSRF-TOKEN _csrf __RequestVerificationToken .AspNetCore.Antiforgery.x csrf_session",
    "other": "lang theme obsession assessment author side inside consideration visid_incap_1 incap_ses_188_3172065 _pk_ses.1 "
    "AWSALB heroku-session-affinity TS01103350 BIGipServer HAPROXYID tokenizer KC_AUTH_SESSION_HASH cookiesession1 ai_session",
}  # fmt: skip


@pytest.mark.parametrize("kind,name", [(kind, name) for kind, names in NAMES.items() for name in names.split()])
def test_what_names_tell(kind: str, name: str):
    assert (is_session(name), is_anti_forgery(name)) == (kind == "session", kind == "anti-forgery")


DATES = [
    ("Sun, 06 Nov 1994 08:49:37 GMT", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
    ("Sunday, 06-Nov-94 08:49:37 GMT", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
    ("Sun Nov  6 08:49:37 1994", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
    ("Sat, 17-Jan-26 03:03:39 GMT", datetime(2026, 1, 17, 3, 3, 39, tzinfo=UTC)),
    ("1 jan 2026 1:2:3", datetime(2026, 1, 1, 1, 2, 3, tzinfo=UTC)),
    ("Thu, 01 Jan 1970 00:00:00 GMT", datetime(1970, 1, 1, tzinfo=UTC)),
    ("Fri, 31-Feb-2026 00:00:00 GMT", None),
    ("Mon, 01 Jan 2026 25:00:00 GMT", None),
    ("0", None),
    ("-1", None),
    ("Session", None),
    ("2026-01-17T03:03:39Z", None),
]


@pytest.mark.parametrize("text,date", DATES)
def test_dates_of_cookies(text, date):
    assert cookie_date(text) == date


def test_every_reason_and_warning_has_a_row():
    assert {reason for _, reason, _ in ROWS} | {reason for _, _, reason, _ in HOPS} == set(RULE.outcomes)
    assert {warning for *_, warnings in ROWS for warning in warnings} | {"eased-by-hsts"} == set(RULE.warnings)
