"""A home page that another site answers: its headers are judged where it is the service, never where it asks for a login."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from checks.catalogue import BY_ID
from checks.model.capture import Capture, Role
from checks.model.service import Service
from checks.parse.site import Site

HOME = "https://bac-a-voile.example/"

PAGE = "<html><head><title>Bac</title></head><body><h1>Le bac</h1><p>Il traverse le fleuve toutes les vingt minutes.</p></body></html>"
LOGIN = (
    "<html><head><title>Bac</title></head><body><form><input name=u><input type=password name=p></form></body></html>"
)
TITLED = PAGE.replace("<h1>Le bac", "<h1>Se connecter")
SHELL = "<html><head><title>Bac</title></head><body><div id=root></div><script src=/a.js></script></body></html>"
HEADERS = {"Set-Cookie": "session=b"}
RULES = sorted(rule for rule in BY_ID if BY_ID[rule].reads_exchange and rule != "https")

# Where the home page ends, and with what: whether its headers are judged.
ROWS = [
    ("https://connexion.example/realms/bac/protocol/openid-connect/auth?client_id=bac", PAGE, False),
    ("https://connexion.example/api/v2/authorize?response_type=code&client_id=bac&scope=openid", PAGE, False),
    ("https://connexion.example/api/v2/authorize?response_type=code&client_id=bac&scope=openid", SHELL, False),
    ("https://connexion.example/idp/profile?SAMLRequest=fZJ", PAGE, False),
    ("https://connexion.example/cas/login?service=https%3A%2F%2Fbac-a-voile.example", PAGE, False),
    ("https://connexion.example/", LOGIN, False),
    ("https://connexion.example/", TITLED, False),
    # the service, moved; a login of the service itself
    ("https://port.example/", PAGE, True),
    ("https://port.example/?client_id=bac", PAGE, True),
    ("https://connexion.bac-a-voile.example/login", LOGIN, True),
    ("https://bac-a-voile.example/login?response_type=code&client_id=bac", LOGIN, True),
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("url,body,is_judged", ROWS)
def test_whose_headers_are_judged(judge, rule, url, body, is_judged):
    verdict = judge(
        rule, {"to": url, "body": body, "headers": HEADERS}, http={"to": url, "body": body}, security_txt=404
    )

    assert (verdict.outcome in {"passed", "failed"}) is is_judged
    if not is_judged:
        assert (verdict.outcome, verdict.reason) == ("cantTell", "moved")


def test_what_comes_after_the_login_is_the_service():
    login = "https://connexion.example/authorize?response_type=code&client_id=bac&prompt=none"
    ends = {"https://port.example/": "absent", "https://connexion.example/interaction/x": "moved"}
    for end, reason in ends.items():
        urls = (HOME, login, end)
        hops = [
            Capture(
                id=f"<urn:uuid:{rank}>",
                service="bac",
                number=1,
                role=Role.HOME,
                url=url,
                at=datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=rank),
                status=302 if url != end else 200,
                headers=(("Location", urls[rank + 1]),) if url != end else (("Content-Type", "text/html"),),
                body=b"" if url != end else PAGE.encode(),
                previous=f"<urn:uuid:{rank - 1}>" if rank else None,
            )
            for rank, url in enumerate(urls)
        ]
        service = Service(id="bac", name="Bac", urls=(HOME,))
        assert BY_ID["hsts"].judge(Site(service, hops, date(2026, 11, 23))).reason == reason
