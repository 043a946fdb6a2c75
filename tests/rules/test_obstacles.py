"""What hides a site from every rule that reads it: a reason, never a failure."""

from __future__ import annotations

from datetime import date

import pytest

from checks.catalogue import BY_ID
from checks.judge import Trial, judge_unvisited
from checks.model.capture import FailureKind
from checks.model.outcome import Outcome
from checks.model.rule import OBSTACLES, Obstacle
from checks.model.service import PhaseGroup, Service

RULES = [
    "accessibility-mention",
    "accessibility-declaration",
    "accessibility-declaration-model",
    "accessibility-declaration-validity",
    "accessibility-declaration-consistency",
    "accessibility-schema",
    "accessibility-plan",
    "statistics-page",
    "budget-page",
    "budget-freshness",
    "source-code",
    "source-licence",
    "legal-notice",
    "privacy-policy",
    "terms-of-use",
    "security-headers",
    "hsts",
    "content-security-policy",
    "clickjacking-protection",
    "x-content-type-options",
    "referrer-policy",
    "cookies",
    "security-txt",
]
HEADERS = set(RULES[RULES.index("security-headers") :]) - {"security-txt"}
TEXT = "<p>" + "Le bac traverse le fleuve toutes les vingt minutes, par tous les temps. " * 8 + "</p>"
SITE = f"<html><head><title>Bac</title></head><body><main>{TEXT}</main><footer><a href=/a>Accessibilité : non conforme</a></footer></body></html>"
ELSEWHERE = "https://port-lointain.example/"


def page(body: str, head: str = "", title: str = "Bac à voile") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def typed(kind: str, body: bytes = b"") -> dict[str, object]:
    return {"headers": {"Content-Type": kind}, "body": body}


CHROME = "<header><nav><a href=/1>Horaires</a> <a href=/2>Tarifs</a> <a href=/3>Le port</a></nav></header>"
HOMES = [
    *[(kind, "unreachable") for kind in (FailureKind.DNS, FailureKind.REFUSED, FailureKind.TIMEOUT, FailureKind.TLS)],
    *[(kind, "unreachable") for kind in (FailureKind.RESET, FailureKind.DATA_LOSS, FailureKind.UNSUPPORTED, FailureKind.OTHER)],
    (FailureKind.TOO_LARGE, "too-large"),
    (FailureKind.ROBOTS, "robots-disallowed"),
    ({"failure": FailureKind.ROBOTS, "of_robots": 503}, "server-error"),
    ({"failure": FailureKind.ROBOTS, "of_robots": 429}, "server-error"),
    (FailureKind.TOLD_TO_WAIT, "server-error"),
    (FailureKind.BLOCKED, "blocked"),
    (FailureKind.TOO_MANY_REDIRECTS, "redirect-loop"),
    ({"status": 302, "body": ""}, "redirect-loop"),
    *[(status, "server-error") for status in (500, 502, 503, 504, 520, 429, 408)],
    *[(status, "blocked") for status in (401, 403, 407)],
    *[(status, "home-not-found") for status in (400, 404, 410, 451)],
    # an error page with status 200
    (page(f"{CHROME}<h1>Page introuvable</h1><p>Retour au quai.</p>"), "home-not-found"),
    (page("<h1>Oups</h1>", title="404 | Bac à voile"), "home-not-found"),
    (page(f"{CHROME}<p>Cette page n’existe plus.</p>"), "home-not-found"),
    # walls
    (page("<h1>Checking your browser</h1>", title="Just a moment..."), "blocked"),
    (page("<p>Veuillez patienter pendant la vérification de votre navigateur.</p>"), "blocked"),
    (page("<p>Access Denied. Reference #18.2</p>"), "blocked"),
    (page("<script src='/_Incapsula_Resource?x=1'></script>"), "blocked"),
    (page("<p>Un instant</p><script src='https://ct.captcha-delivery.com/c.js' data-by=DataDome></script>"), "blocked"),
    ("<html><head><META NAME=robots CONTENT=noindex></head><script src=/x></script><body></body></html>", "blocked"),
    # closed for repairs
    (page("<h1>Le site est actuellement en maintenance</h1><p>Revenez demain.</p>"), "server-error"),
    (page("<p>Service momentanément indisponible.</p>", title="Maintenance en cours"), "server-error"),
    # nothing before scripts run
    (page("<div id=root></div><script src=/a.js></script>"), "needs-rendering"),
    (page("<app-root></app-root><script src=/main.js type=module></script>"), "needs-rendering"),
    (page("<div id=q-app></div><noscript>Veuillez activer JavaScript.</noscript><script src=/a.js></script>"), "needs-rendering"),
    (page("<p>Un service du port de l’Embouchure, pour traverser.</p><div id=app></div><script src=/a.js></script>"), "needs-rendering"),
    (page("", head="<meta http-equiv=Refresh content='0; URL=/fr/'>"), "needs-rendering"),
    ("<html><frameset cols='20%,80%'><frame src=menu.html><frame src=bac.html></frameset></html>", "needs-rendering"),
    # not a page
    ("", "not-html"),
    ("   \n", "not-html"),
    (typed("image/png", b"\x89PNG"), "not-html"),
    (typed("text/plain", b"bac"), "not-html"),
    (typed("", b"bac"), "not-html"),
    (typed("application/pdf", b"%PDF-1.7"), "not-a-website"),
    (typed("application/json", b"{}"), "not-a-website"),
    (typed("application/hal+json", b"{}"), "not-a-website"),
    ({"to": "https://github.com/port/bac", "body": SITE}, "not-a-website"),
    # nothing of ours there
    ({"to": ELSEWHERE, "body": page("<p>Ce nom de domaine est à vendre.</p>")}, "moved"),
    ({"to": ELSEWHERE, "body": page("<h1>Welcome to nginx!</h1>")}, "moved"),
    (page("<h1>It works!</h1>"), "moved"),
    ({"to": "https://beta.gouv.fr/startups/bac.a.voile.html", "body": SITE}, "moved"),
    ({"to": "https://annuaire.port.example/bac", "body": SITE}, "moved"),
]  # fmt: skip


@pytest.mark.parametrize("home,reason", HOMES)
@pytest.mark.parametrize("rule", RULES)
def test_what_hides_the_home_page(judge, rule: str, home, reason: str):
    verdict = judge(rule, home)

    if reason == "needs-rendering" and rule in HEADERS:
        assert verdict.outcome in {Outcome.FAILED, Outcome.PASSED}  # the headers came before any script
    elif reason == "needs-rendering" and rule == "security-txt":
        assert verdict.reason == Obstacle.NOT_RUN  # the file is none of the page's; here it was not asked
    else:
        assert (verdict.reason, verdict.outcome) == (reason, OBSTACLES[reason])


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "home,url,group,reason",
    [
        (None, None, PhaseGroup.CONSTRUCTION, "no-url"),
        (None, "https://bac-a-voile.example/", PhaseGroup.CONSTRUCTION, "not-run"),
        (SITE, "https://github.com/port/bac", PhaseGroup.CONSTRUCTION, "not-a-website"),
        (SITE, "https://grist.port.example/o/docs/x", PhaseGroup.CONSTRUCTION, "not-a-website"),
        (SITE, "https://port.example/guide.pdf", PhaseGroup.CONSTRUCTION, "not-a-website"),
    ],
)
def test_where_there_is_no_site(judge, rule, home, url, group, reason):
    assert judge(rule, home, url=url, group=group).reason == reason


@pytest.mark.parametrize("rule", ["statistics-page", "budget-page", "source-code"])
def test_an_investigation_owes_nothing_yet(judge, rule: str):
    assert judge(rule, SITE, group=PhaseGroup.INVESTIGATION).reason == "phase"
    assert judge(rule, SITE, group=PhaseGroup.UNKNOWN).reason != "phase"


READABLE = [
    # little text, but it is there
    page(
        "<p>Le bac traverse à huit heures, midi et dix-huit heures. Accessibilité : non conforme</p><script src=/stat.js></script>"
    ),
    # words of an error far from an error page
    page(
        f"<main><h1>Le bac</h1>{TEXT * 3}<h2>La page introuvable de notre histoire</h2>{TEXT}</main><footer>Accessibilité : non conforme</footer>"
    ),
    page(f"<main><h1>404 marins</h1>{TEXT}</main><footer>Accessibilité : non conforme</footer>"),
    page(f"<main>{TEXT * 2}<p>Le ponton est en maintenance.</p></main><footer>Accessibilité : non conforme</footer>"),
    page(
        f"<main>{TEXT}<script src=https://www.google.com/recaptcha/api.js></script></main><footer>Accessibilité : non conforme</footer>"
    ),
]


@pytest.mark.parametrize("home", READABLE)
def test_what_hides_nothing(judge, home: str):
    assert judge("accessibility-mention", home).reason == "level-not"


@pytest.mark.parametrize(
    "home,warnings",
    [
        (SITE, ()),
        ({"to": "https://www.bac-a-voile.example/", "body": SITE}, ()),
        ({"to": ELSEWHERE, "body": SITE}, ("moved",)),
        ({"body": SITE, "is_insecure": True}, ("insecure-fetch",)),
        ({"to": ELSEWHERE, "body": SITE, "is_insecure": True}, ("moved", "insecure-fetch")),
    ],
)
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "security-txt"])
def test_what_every_rule_warns_of(judge, rule, home, warnings):
    assert judge(rule, home).warnings == warnings


def test_every_obstacle_has_a_row():
    said_without_a_visit = {Obstacle.NO_URL, Obstacle.NOT_RUN, Obstacle.PHASE, Obstacle.SCANNER_ERROR}
    assert {reason for _, reason in HOMES} | said_without_a_visit == set(Obstacle)


@pytest.mark.parametrize("group", PhaseGroup)
def test_of_a_service_that_we_could_not_visit_nothing_is_said(group):
    service = Service(id="bac", name="Bac", urls=("https://bac-a-voile.example/",))
    verdicts = judge_unvisited(
        service, group, Trial(run="run", as_of=date(2026, 11, 28), started_at="2026-11-28T06:00:00Z")
    )
    assert [verdict.rule for verdict in verdicts] == list(BY_ID)
    for verdict in verdicts:
        if group in BY_ID[verdict.rule].skips:
            assert (verdict.outcome, verdict.reason) == (Outcome.INAPPLICABLE, Obstacle.PHASE)
        else:
            assert (verdict.outcome, verdict.reason) == (Outcome.CANT_TELL, Obstacle.SCANNER_ERROR)
        assert verdict.evidence == ()


def test_the_rules_of_this_table_are_those_that_read_the_site():
    assert set(RULES) == set(BY_ID) - {"https"}
