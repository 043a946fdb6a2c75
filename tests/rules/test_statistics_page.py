from __future__ import annotations

import pytest

from checks.model.capture import FailureKind
from checks.model.service import PhaseGroup
from checks.rules.transparency.statistics_page import RULE

HOME = "<h2>Le bac</h2><p>Il traverse le fleuve, par tous les temps, et porte voitures, vélos et marcheurs d’une rive à l’autre.</p>"
STATS = "https://bac-a-voile.example/stats"
METABASE = "https://metabase.port.example/public/dashboard/1b671a64-40d5-491e-99b0-da01ff1f3341"
MATOMO = "https://stats.port.example/index.php?module=CoreHome&idSite=12&period=month"
SUPERSET = "https://superset.port.example/superset/dashboard/traversees/"

DECLARED, ON_SITE, CONVENTIONAL = "declared-and-verified", "found-on-site", "found-at-conventional-path"
NONE, BROKEN, SOFT, PLACEHOLDER = "none", "declared-broken", "soft-404", "placeholder"
LOGIN, LEADS_HOME, NO_FIGURES = "login-required", "leads-home", "no-figures"

# What a page of statistics may show, and whether that is figures.
BODIES = [
    ("<p>Depuis 2021, 45 230 personnes ont traversé.</p>", DECLARED),
    ("<ul><li><strong>1 204</strong> usagers</li><li><strong>87 %</strong> satisfaits</li></ul>", DECLARED),
    ("<div><p class=big>12</p><p>ports</p></div><div><p class=big>7</p><p>bacs</p></div>", DECLARED),
    ("<p>Le bac emploie 9 marins et 3 mousses.</p>", DECLARED),
    ("<p>1,2 million de traversées</p>", DECLARED),
    ("<p>Plus de 2000 usagers satisfaits.</p>", DECLARED),
    ("<p>+ 4k inscrits</p>", DECLARED),
    (
        "<table><tr><th>Mois</th><th>Traversées</th></tr><tr><td>Mai</td><td>311</td></tr><tr><td>Juin</td><td>402</td></tr></table>",
        DECLARED,
    ),
    ("<canvas id=courbe></canvas>", DECLARED),
    ("<div class='chart-container' data-url=/api></div>", DECLARED),
    ("<svg><path/><path/><line/><text>0</text><text>100</text></svg>", DECLARED),
    ("<img src=courbe.png alt='Courbe des traversées par mois'>", DECLARED),
    (f"<iframe src='{METABASE}'></iframe>", DECLARED),
    ("<iframe src='https://port.example/embarque/9' title='Statistiques du bac'></iframe>", DECLARED),
    ("<line-chart x='[[1, 2]]' y='[[10, 20]]' name='[\"Traversées\"]'></line-chart>", DECLARED),
    ("<data-box title='Traversées' value='45 230'></data-box>", DECLARED),
    ("<embed src='https://public.tableau.com/views/bac'>", DECLARED),
    ("<object data='https://datawrapper.dwcdn.net/aBcDe/1/'></object>", DECLARED),
    ("<img src=i.png alt='Infographie : le bac en 2025'>", DECLARED),
    ("<p>98,3% des traversées à l'heure</p>", DECLARED),
    ("<iframe src='https://video.port.example/9' title='Visite du port'></iframe>", NO_FIGURES),
    ("<flow-chart-legend></flow-chart-legend><p>Légende.</p>", NO_FIGURES),
    ("<p>Nos statistiques arrivent par le prochain bateau.</p>", NO_FIGURES),
    ("<p>Contact : 12 quai des Brumes, 44600 Saint-Nazaire, 02 40 11 22 33, le 3 mars 2026 à 14h30.</p>", NO_FIGURES),
    ("<p>Loi n° 2016-1321, article 47, RGAA 4.1.2, en 2025 et en 2026.</p><p>Version 2.1</p>", NO_FIGURES),
    ("<p class=typography>Un paragraphe.</p><div class='paragraph photograph dashboard-layout'></div>", NO_FIGURES),
    ("<svg class=logo>" + "<path d='M0'/>" * 20 + "</svg><p>Voilà.</p>", NO_FIGURES),
    (
        "<iframe src='https://matomo.port.example/index.php?module=CoreAdminHome&amp;action=optOut'></iframe>",
        NO_FIGURES,
    ),
    ("<div hidden><p>45 230 traversées</p><canvas></canvas></div><p>À quai.</p>", NO_FIGURES),
    ("<h1>Statistiques</h1><p>Bientôt disponible.</p>", PLACEHOLDER),
    ("<h1>Statistiques</h1><p>Page en construction</p>", PLACEHOLDER),
    ("<h1>Statistiques</h1><p>Nos chiffres seront publiés avant l’été.</p>", PLACEHOLDER),
    ("<h1>Erreur 404</h1><p>Rien à ce quai.</p>", SOFT),
    ("<h1>404 traversées ce mois-ci</h1><p>Et 12 chansons.</p>", DECLARED),
    ("<h1>Connexion</h1><p>Identifiez-vous avec ProConnect.</p>", LOGIN),
    ("<form><input name=u><input type=password name=p></form>", LOGIN),
    ("<h1>Statistiques</h1><p>Chargement…</p>", "needs-rendering"),
    ("<h1>Statistiques</h1><div aria-busy=true></div>", "needs-rendering"),
]


@pytest.mark.parametrize("main,reason", BODIES)
@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "next"])
def test_what_the_page_shows(judge, dress, hand: str, main: str, reason: str):
    home = dress[hand](HOME, "<a href=/stats>Statistiques</a>")
    page = dress[hand](main, "<a href=/stats>Statistiques</a>", title="Statistiques")

    verdict = judge("statistics-page", home, pages=[("declared", "/stats", page)], statistics_url=STATS)

    assert verdict.reason == reason
    assert verdict.outcome == {**RULE.outcomes, "needs-rendering": "cantTell"}[reason]


SHOWN = "<h1>Nos chiffres</h1><p>45 230 traversées</p>"
EMPTY = "<h1>Nos chiffres</h1><p>Ils arrivent par bateau.</p>"
SHELL = "<html><head><script src=/m.js></script></head><body><div id=root></div></body></html>"
# What home links to, the declared address, the pages visited: the reason and the warnings. Bodies are to dress.
VISITS = [
    ("/stats", STATS, [("declared", "/stats", SHOWN)], DECLARED, ()),
    ("", STATS, [("declared", "/stats", SHOWN)], DECLARED, ("not-linked-from-home",)),
    ("/stats", None, [("link", "/stats", SHOWN)], ON_SITE, ("not-in-registry",)),
    ("", None, [("conventional", "/statistiques", SHOWN)], CONVENTIONAL, ("not-in-registry", "not-linked-from-home")),
    ("/impact", STATS, [("declared", "/stats", 404), ("link", "/impact", SHOWN)], ON_SITE, ("declared-broken-but-found",)),
    ("/impact", STATS, [("declared", "/stats", EMPTY), ("link", "/impact", SHOWN)], ON_SITE, ("declared-broken-but-found",)),
    ("/impact", STATS, [("declared", "/stats", FailureKind.TIMEOUT), ("link", "/impact", SHOWN)], ON_SITE, ()),
    ("/stats", "/stats", [("link", "/stats", SHOWN)], ON_SITE, ("declared-broken-but-found",)),
    (METABASE, METABASE, [("declared", METABASE, SHELL)], DECLARED, ("external-host",)),
    (MATOMO, MATOMO, [("declared", MATOMO, SHELL)], DECLARED, ("external-host",)),
    ("", SUPERSET, [("declared", SUPERSET, SHELL)], DECLARED, ("external-host", "not-linked-from-home")),
    ("http://bac-a-voile.example/stats", STATS, [("declared", "http://bac-a-voile.example/stats", SHOWN)], DECLARED, ("insecure",)),
    ("//bac-a-voile.example/stats", STATS, [("declared", "/stats", SHOWN)], DECLARED, ()),
    ("", None, [], NONE, ()),
    ("", None, [("conventional", "/stats", 404), ("conventional", "/statistiques", 404)], NONE, ()),
    ("/impact", None, [("link", "/impact", 404)], NONE, ()),
    ("", STATS, [("declared", "/stats", 404)], BROKEN, ()),
    ("", STATS, [("declared", "/stats", 410), ("conventional", "/statistiques", 404)], BROKEN, ()),
    ("", STATS, [("declared", "/stats", {"to": "/", "body": HOME})], LEADS_HOME, ()),
    ("", None, [("conventional", "/stats", {"to": "/", "body": HOME})], NONE, ()),
    ("", STATS, [("declared", "/stats", {"to": "/login?next=/stats", "body": SHELL})], LOGIN, ()),
    ("", METABASE, [("declared", METABASE, {"to": "/auth/login", "body": SHELL})], LOGIN, ()),
    ("", STATS, [("declared", "/stats", SHELL)], "needs-rendering", ()),
    ("", STATS, [("declared", "/stats", 403)], "blocked", ()),
    ("", STATS, [("declared", "/stats", 500)], "server-error", ()),
    ("", STATS, [("declared", "/stats", {"headers": {"Content-Type": "text/csv"}, "body": b"mois;n"})], "not-html", ()),
    ("", STATS, [("declared", "/stats", 404), ("conventional", "/statistiques", FailureKind.RESET)], "unreachable", ()),
    ("/a", None, [("link", "/a", EMPTY), ("conventional", "/stats", SHOWN)], CONVENTIONAL, ("not-in-registry", "not-linked-from-home")),
    ("", None, [("conventional", "/stats", EMPTY)], NO_FIGURES, ()),
]  # fmt: skip


@pytest.mark.parametrize("linked,declared,pages,reason,warnings", VISITS)
def test_what_is_found(judge, dress, linked, declared, pages, reason, warnings):
    link = f"<a href='{linked}'>Statistiques</a>" if linked else ""
    home = dress["dsfr"](HOME, link)
    dressed = [
        (found, where, dress["dsfr"](said, link) if said in (SHOWN, EMPTY) else said) for found, where, said in pages
    ]

    verdict = judge("statistics-page", home, pages=dressed, statistics_url=declared)

    assert (verdict.reason, set(verdict.warnings)) == (reason, set(warnings))


@pytest.mark.parametrize(
    "head,link,is_linked",
    [
        ("", "<a href=/stats>Stats</a>", True),
        ("", "<a href=stats/>Stats</a>", True),
        ("", "<a href=' HTTPS://BAC-A-VOILE.example/stats#mai '>Stats</a>", True),
        ("", "<a href=//www.bac-a-voile.example/stats>Stats</a>", True),
        ("<base href='https://bac-a-voile.example/'>", "<a href=stats>Stats</a>", True),
        ("<base href='https://cdn.example/fr/'>", "<a href=stats>Stats</a>", False),
        ("<base href='::'>", "<a href=stats>Stats</a>", True),
        ("", "<map><area href=/stats alt=Stats></map>", True),
        (
            "",
            "<a href='#stats'>Stats</a><a href='javascript:stats()'>Stats</a><a href=mailto:stats@port.example>Stats</a><a>Stats</a>",
            False,
        ),
        ("", "<a href='http://[stats'>Stats</a><a href='//'>Stats</a><a href='https://x:99999/stats'>Stats</a>", False),
        ("", "<a hidden href=/stats>Stats</a><!-- <a href=/stats>Stats</a> -->", False),
        ("", "<template><a href=/stats>Stats</a></template>", False),
    ],
)
def test_how_the_home_page_links_it(judge, dress, head: str, link: str, is_linked):
    home = dress["dsfr"](HOME, link).replace("<head>", f"<head>{head}")

    verdict = judge(
        "statistics-page", home, pages=[("declared", STATS, dress["dsfr"](SHOWN, ""))], statistics_url=STATS
    )

    assert verdict.warnings == (() if is_linked else ("not-linked-from-home",))


def test_a_page_given_by_every_path_is_no_page(judge, dress):
    home = dress["next"](HOME + "<p>12 040 traversées, 98 % à l’heure</p>", "")

    verdict = judge("statistics-page", home, pages=[("declared", "/stats", home)], random=home, statistics_url=STATS)

    assert verdict.reason == SOFT


def test_home_again_at_another_address(judge, dress):
    home = dress["next"](HOME + "<p>12 040 traversées, 98 % à l’heure</p>", "")

    assert (
        judge("statistics-page", home, pages=[("declared", "/stats", home)], statistics_url=STATS).reason == LEADS_HOME
    )


def test_an_error_page_that_repeats_the_address(judge, dress):
    def oops(path: str) -> str:
        return dress["dsfr"](f"<p>Le quai {path} a été fermé, revenez à l’embarcadère.</p>", "", title=f"{path} | Bac")

    verdict = judge(
        "statistics-page", dress["dsfr"](HOME, ""), pages=[("declared", "/stats", oops("stats"))],
        random=oops("toise-0f1e2d3c4b5a"), statistics_url=STATS,
    )  # fmt: skip

    assert verdict.reason == SOFT


def test_a_wall_raised_during_the_visit_is_not_an_error_page(judge, dress):
    wall = "<html><head><title>Just a moment...</title></head><body><p>Checking your browser</p></body></html>"

    verdict = judge(
        "statistics-page",
        dress["dsfr"](HOME, ""),
        pages=[("declared", "/stats", wall)],
        random=wall,
        statistics_url=STATS,
    )

    assert verdict.reason == "blocked"


def test_a_section_of_the_home_page(judge, dress):
    home = dress["dsfr"](HOME + "<h2 id=impact>Impact</h2><p>45 230 traversées</p>", "")
    where = "https://bac-a-voile.example/#impact"

    assert judge("statistics-page", home, pages=[("declared", where, home)], statistics_url=where).reason == DECLARED


def test_services_of_one_host_are_told_apart(judge, dress):
    """The home page is a path of the host: its root is another service's."""
    verdict = judge(
        "statistics-page", dress["dsfr"](HOME, ""), url="https://ports.example/bac/",
        pages=[("declared", "https://ports.example/bac/stats", {"to": "/", "body": dress["dsfr"](SHOWN, "")})],
        statistics_url="https://ports.example/bac/stats",
    )  # fmt: skip

    assert verdict.reason == LEADS_HOME


@pytest.mark.parametrize(
    "home,url,group,reason",
    [
        (None, None, PhaseGroup.CONSTRUCTION, DECLARED),
        (FailureKind.DNS, "https://bac-a-voile.example/", PhaseGroup.CONSTRUCTION, DECLARED),
        (200, "https://bac-a-voile.example/", PhaseGroup.INVESTIGATION, "phase"),
    ],
)
def test_a_declared_page_is_verified_even_without_a_site(judge, dress, home, url, group, reason):
    pages = [("declared", METABASE, SHELL)]

    assert judge("statistics-page", home, url=url, pages=pages, group=group, statistics_url=METABASE).reason == reason


def test_a_declared_page_that_was_not_visited_is_not_missing(judge):
    assert judge("statistics-page", None, url=None, statistics_url=METABASE).reason == "not-run"


def test_every_reason_and_every_warning_has_a_row():
    assert {reason for *_, reason, _ in VISITS} | {reason for _, reason in BODIES} >= set(RULE.outcomes)
    assert {warning for *_, warnings in VISITS for warning in warnings} == set(RULE.warnings)


SUBJECTS = [
    ("<h1>Chiffres clés de la pêche</h1><p>La France compte 4 200 navires.</p>", NO_FIGURES),
    ("<h1>Statistiques</h1><p>12 000 marins. Source : INSEE, 2024</p>", NO_FIGURES),
    ("<h1>Statistiques</h1><p>12 000 marins en France, dont 3 100 inscrits au service.</p>", ON_SITE),
    ("<h1>Chiffres clés</h1><p>4 200 navires et 12 000 marins</p>", ON_SITE),
]


@pytest.mark.parametrize("main,reason", SUBJECTS)
def test_the_figures_of_a_subject_are_not_those_of_the_service(judge, dress, main, reason):
    page = dress["dsfr"](main, "")

    assert judge("statistics-page", dress["dsfr"](HOME, ""), pages=[("link", "/chiffres", page)]).reason == reason
    # The registry says that this very page is the service's.
    known = judge("statistics-page", HOME, pages=[("declared", "/stats", page)], statistics_url=STATS)
    assert known.reason == DECLARED
