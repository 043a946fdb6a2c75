from __future__ import annotations

import time
from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from w3lib.url import safe_url_string

from checks.model.address import page_key
from checks.model.capture import Capture, Role, Topic
from crawler.discovery.links import MAX_LINKS, MAX_NAME, Link, links_of
from crawler.discovery.rank import best_links, latest_year

HOME = "https://a.beta.gouv.fr/"


def page(
    body: str | bytes, media: str = "text/html; charset=utf-8", url: str = "https://a.beta.gouv.fr/fr/"
) -> Capture:
    return Capture(
        id="<urn:uuid:1>",
        service="a",
        number=1,
        role=Role.HOME,
        url=url,
        at=datetime(2026, 11, 23, tzinfo=UTC),
        status=200,
        headers=(("Content-Type", media),),
        body=body.encode() if isinstance(body, str) else body,
    )


@pytest.mark.parametrize(
    "body, expected",
    [
        ('<a href="/stats">x</a>', "https://a.beta.gouv.fr/stats"),
        ('<a href="stats">x</a>', "https://a.beta.gouv.fr/fr/stats"),
        ('<a href="../stats">x</a>', "https://a.beta.gouv.fr/stats"),
        ('<a href="?page=2">x</a>', "https://a.beta.gouv.fr/fr/?page=2"),
        ('<a href="//b.example/stats">x</a>', "https://b.example/stats"),
        ('<a href="HTTPS://B.example/stats">x</a>', "https://b.example/stats"),
        ('<a href=" /sta\nts ">x</a>', "https://a.beta.gouv.fr/stats"),
        (
            '<a href="/accessibilité?q=é#plan-2026">x</a>',
            "https://a.beta.gouv.fr/accessibilit%C3%A9?q=%C3%A9#plan-2026",
        ),
        ('<a href="/mentions#">x</a>', "https://a.beta.gouv.fr/mentions"),
        ('<a href="/a b">x</a>', "https://a.beta.gouv.fr/a%20b"),
        ('<area href="/stats" alt="x">', "https://a.beta.gouv.fr/stats"),
        ('<iframe src="/stats" title="x"></iframe>', "https://a.beta.gouv.fr/stats"),
        ('<frameset><frame src="/stats" title="x"></frameset>', "https://a.beta.gouv.fr/stats"),
        ('<base href="/app/"><a href="stats">x</a>', "https://a.beta.gouv.fr/app/stats"),
        ('<base target="_top"><base href="https://b.example/x/y"><a href="z">x</a>', "https://b.example/x/z"),
        ('<base href="http://["><a href="z">x</a>', "https://a.beta.gouv.fr/fr/z"),
        (f'<script>{"/**/" * 5000}</script><base href="/app/"><a href="z">x</a>', "https://a.beta.gouv.fr/app/z"),
        ("<svg><a href=/stats><text>x</text></a></svg>", "https://a.beta.gouv.fr/stats"),
        ("<noscript><a href=/stats>x</a></noscript>", "https://a.beta.gouv.fr/stats"),
        ("<a href=/stats>x<a href=/stats>x</a>", "https://a.beta.gouv.fr/stats"),
        ('<a href="https://préfecture.example/stats">x</a>', "https://xn--prfecture-c4a.example/stats"),
        ('<a href="https://b.example:8443/stats">x</a>', "https://b.example:8443/stats"),
    ],
)
def test_addresses(body, expected):
    assert [link.url for link in links_of(page(body))] == [expected]


PATHS = st.lists(
    st.sampled_from(["a", "A_-9", "x.html", "index.html", "index.php", "..", ".", "a..b", ".x", ""]), max_size=4
)


@given(
    origin=st.sampled_from(
        [
            "",
            "",
            "https://a.beta.gouv.fr",
            "http://A.example:8080",
            "http://b.example",
            "http://b..example",
            "http://1.2.3",
        ]
    ),
    segments=PATHS,
    ending=st.sampled_from(["", "/", "?", "?q=1", "#", "#/a"]),
    url=st.sampled_from(
        [
            "https://a.beta.gouv.fr/",
            "http://A.example:8080/x/a/?b",
            "https://a.example/a/index.html",
            "http://é.example",
        ]
    ),
    base=st.sampled_from(["", "/y/", "//www.A.example/z", "https://b.example:443?c"]),
)
def test_an_address_is_made_absolute_as_any_client_does(origin, segments, ending, url, base):
    href = f"{origin}/{'/'.join(segments)}{ending}"
    expected = safe_url_string(urljoin(urljoin(url, base), href)).removesuffix("#").removesuffix("?")
    shown = {link.url for link in links_of(page(f'<base href="{base}"><a href="{href}">x</a>', url=url))}
    is_here = page_key(expected) == page_key(url) and "?" not in href
    assert shown == (set() if is_here else {expected})


@pytest.mark.parametrize(
    "href",
    [
        "",
        " ",
        "#",
        "#contenu",
        "/fr/#contenu",
        "https://www.a.beta.gouv.fr/fr",
        "javascript:void(0)",
        "JavaScript:alert(1)",
        "mailto:contact@a.beta.gouv.fr",
        "tel:+33100000000",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://b.example/",
        "http://[",
        "http://b.example:99999/",
        "http://b.example:port/",
        "https://user:secret@b.example/",
        "http://",
        "http:///stats",
        "//",
    ],
)
def test_what_leads_to_no_page(href):
    assert links_of(page(f'<a href="{href}">Statistiques</a>')) == ()


@pytest.mark.parametrize("body", ["<a>Statistiques</a>", "", "\0", "texte", "{}", "[1]", "<!-- <a href=/x>x</a> -->"])
def test_pages_without_links(body):
    assert links_of(page(body)) == ()


@pytest.mark.parametrize(
    "anchor, name",
    [
        ("<a href=/x>Accessibilité&nbsp;:\n non  conforme</a>", "Accessibilité : non conforme"),
        ("<a href=/x><span>Accessibilité</span><strong>non conforme</strong></a>", "Accessibilité non conforme"),
        ("<a href=/x>Acc<!-- x --> essible</a>", "Acc essible"),
        ("<a href=/x><img src=i alt='Statistiques'></a>", "Statistiques"),
        ("<a href=/x>Voir <img src=i alt='les stats'></a>", "Voir les stats"),
        ("<a href=/x aria-label='Budget du service'>Lire</a>", "Budget du service"),
        ("<a href=/x aria-label=' '>Lire</a>", "Lire"),
        ("<a href=/x title='Impact'></a>", "Impact"),
        ("<a href=/x title='Impact'>Lire</a>", "Lire"),
        ("<a href=/x><svg><title>Budget</title></svg></a>", "Budget"),
        ("<area href=/x alt='Budget'>", "Budget"),
        ("<a href=/x></a>", ""),
        ("<iframe src=/x title='Déclaration'>Votre navigateur est trop ancien.</iframe>", "Déclaration"),
        ("<a href=/x>Stats</a><a href=/x>Statistiques</a><a href=/x>Ici</a>", "Statistiques"),
        (f"<a href=/x>{'a' * 999}</a>", "a" * MAX_NAME),
    ],
)
def test_names(anchor, name):
    assert links_of(page(anchor)) == (Link(url="https://a.beta.gouv.fr/x", name=name),)


@pytest.mark.parametrize(
    "media, is_read",
    [
        ("text/html", True),
        ("application/xhtml+xml", True),
        ("", True),
        ("application/json", False),
        ("application/pdf", False),
    ],
)
def test_only_html_is_read(media, is_read):
    assert bool(links_of(page("<a href=/x>x</a>", media))) is is_read


def test_the_encoding_of_the_page_is_that_of_its_names():
    body = "<meta charset=iso-8859-1><a href=/x>Accessibilité</a>".encode("latin-1")
    assert links_of(page(body, "text/html"))[0].name == "Accessibilité"


@pytest.mark.parametrize("href", ["/page/{0}", "/page", "/page?{0}=http://["])
def test_a_hundred_thousand_links_are_read_fast(href):
    body = "".join(f"<li><a href='{href.format(number)}'>Nom {number}</a>" for number in range(100_000))
    before = time.process_time()
    assert 1 <= len(links_of(page(body))) <= MAX_LINKS
    assert time.process_time() - before < 5


def best(topic: Topic, *links: tuple[str, str]) -> list[str]:
    given = [Link(url=url if "//" in url else f"https://a.beta.gouv.fr{url}", name=name) for name, url in links]
    return [link.url.removeprefix("https://a.beta.gouv.fr") for link in best_links(topic, given, HOME)]


A, S, B = Topic.ACCESSIBILITY, Topic.STATISTICS, Topic.BUDGET


@pytest.mark.parametrize(
    "topic, name",
    [
        *((A, name) for name in (
            "Accessibilité : non conforme", "Accessibilité: non conforme", "ACCESSIBILITÉ : PARTIELLEMENT CONFORME",
            "Accessibilite\u0301\u202f: totalement conforme", "Accessibilité (non-conforme)", "Accessibilité",
            "Accessibilité numérique", "Accessibilité du site", "Accessibilité du service", "Déclaration d'accessibilité",
            "Déclaration d’accessibilité RGAA", "Déclaration de conformité", "RGAA", "Site non conforme",
            "Conformité RGAA : non conforme", "Accessibility", "Accessibility statement", "Accessibility: not compliant",
            "Partially compliant", "Fully compliant", "Non-compliant", "Déclaration", "Conformité", "Conformité du site",
        )),
        *((S, name) for name in (
            "Statistiques", "Stats", "Statistiques d'usage", "Statistiques d’utilisation", "Statistiques publiques", "Impact",
            "Notre impact", "Mesure d'impact", "Mesures d'impact", "Indicateurs", "Nos indicateurs", "Chiffres clés",
            "Chiffres-clés", "Nos chiffres", "Key figures", "Page de statistiques", "Voir les statistiques",
        )),
        *((B, name) for name in (
            "Budget", "Notre budget", "Le budget", "Budget du service", "Transparence budgétaire", "Transparence financière",
            "Transparence", "Coûts", "Les coûts du service", "Dépenses", "Financement", "Budget et transparence",
        )),
    ],
)  # fmt: skip
def test_names_that_are_followed(topic, name):
    assert best(topic, ("Accueil", "/accueil"), (name, "/p"), ("Contact", "/contact")) == ["/p"]


@pytest.mark.parametrize(
    "topic, url",
    [
        *((A, url) for url in (
            "/accessibilite", "/accessibilite/", "/accessibilit%C3%A9/", "/pages/accessibilite", "/accessibilite.html",
            "/declaration_accessibilite", "/declaration-d-accessibilite", "/fr/pages/legal/accessibility",
            "/mentions-legales#accessibilite", "https://declaration.example.org/accessibilite",
        )),
        *((S, url) for url in (
            "/stats", "/stats/", "/stats.html", "/statistiques", "/fr/statistiques", "/statistiques?periode=2025", "/impact",
            "/chiffres-cles", "/nos-indicateurs", "/about/metrics", "https://stats.example.org/public/dashboard/1f-2e",
            "https://matomo.example.org/index.php?module=x&idSite=12", "https://superset.example.org/superset/dashboard/3/",
        )),
        *((B, url) for url in (
            "/budget", "/budget/", "/budget.html", "/fr/budget", "/notre-budget", "/transparence", "/transparence-budgetaire",
            "/couts", "/depenses", "https://pad.example.org/budget",
        )),
    ],
)  # fmt: skip
def test_paths_that_are_followed(topic, url):
    assert best(topic, ("", "/accueil"), ("Ici", url), ("", "/contact")) == [url]


@pytest.mark.parametrize(
    "topic, name, url",
    [
        (A, "Établissements accessibles PMR", "/accessibilite-pmr"),
        (A, "Accessibilité des bâtiments", "/batiments"),
        (A, "ERP accessibles", "/erp"),
        (A, "RGAA", "https://accessibilite.numerique.gouv.fr/"),
        (A, "Accessibilité : article 47", "https://www.legifrance.gouv.fr/accessibilite"),
        (A, "L'accessibilité, notre combat", "/blog/accessibilite"),
        (A, "Accessible à tous", "/offre"),
        (A, "Un sentier accessible à tous", "/2026/06/un-sentier-accessible"),
        (A, "Plan d'accès", "/acces"),
        (A, "Mentions légales", "/mentions-legales"),
        (S, "Mes statistiques", "/mes-stats"),
        (S, "Statistiques", "https://www.insee.fr/statistiques"),
        (S, "Statistiques", "https://x.com/stats"),
        (S, "Connexion", "/login?next=/stats"),
        (S, "Impact de l'IA sur l'emploi", "/actualites/impact"),
        (S, "État des services", "/status"),
        (S, "Stations", "/stations"),
        (B, "Calculer mon budget", "/budget"),
        (B, "Simulateur de budget", "/simulateur"),
        (B, "Budget participatif", "/budget"),
        (B, "Votre budget", "/votre-budget"),
        (B, "Transparence de l'IA", "/ia"),
        (B, "Transparence algorithmique", "/transparence-algorithmes"),
    ],
)
def test_links_that_are_left_alone(topic, name, url):
    assert best(topic, (name, url)) == []


def test_the_best_link_comes_first_then_the_order_of_the_page():
    links = [
        ("Accessibilité numérique", "https://b.example/a"),
        ("Notre politique d'accessibilité numérique, en détail", "/politique"),
        ("Accessibilité", "/accessibilite"),
        ("RGAA", "/rgaa-1"),
        ("RGAA", "/rgaa-2"),
    ]
    expected = ["/accessibilite", "/rgaa-1", "/rgaa-2", "https://b.example/a", "/politique"]
    assert best(A, *links) == expected


@pytest.mark.parametrize(
    "names, expected",
    [
        # what names the declaration comes before what names its subject, whatever the addresses
        ({"Accessibilité": "/accessibilite", "Déclaration d'accessibilité": "/d"}, ["/d", "/accessibilite"]),
        ({"Accessibilité numérique": "/accessibilite", "Déclaration de conformité": "/d"}, ["/d", "/accessibilite"]),
        ({"Accessibilité": "/accessibilite", "Accessibilité : non conforme": "/a"}, ["/a", "/accessibilite"]),
        ({"Déclaration d'accessibilité": "/d", "Accessibilité : partiellement conforme": "/a"}, ["/a", "/d"]),
        ({"RGAA": "/rgaa", "Accessibilité": "/a", "Site non conforme": "/n"}, ["/n", "/rgaa", "/a"]),
        ({"Accessibilité du port": "/accessibilite", "Accessibilité – conformité totale": "/t"}, ["/t", "/accessibilite"]),
        (
            {"Accessibilité, quais": "/accessibilite-des-quais", "Accessibilité, pont": "/accessibilite-pont"},
            ["/accessibilite-des-quais", "/accessibilite-pont"],
        ),
        # that of the service before that of a portal, whatever their addresses
        (
            {"Déclaration d'accessibilité du portail": "https://b.example/a", "Accessibilité : non conforme": "/a"},
            ["/a", "https://b.example/a"],
        ),
        ({"Déclaration d'accessibilité": "https://b.example/a", "Déclaration d’accessibilité": "/d"}, ["/d", "https://b.example/a"]),
        # « notre déclaration » comes last, « ma déclaration » is somebody else's
        ({"Voir notre déclaration": "/mentions", "Accessibilité": "/a"}, ["/a", "/mentions"]),
        ({"Voir ma déclaration": "/m", "Faire une déclaration": "/f", "Déclaration d'impôt": "/i"}, []),
        # the documents that go with it are not it
        ({"Schéma pluriannuel d'accessibilité": "/s", "Plan d'actions accessibilité 2026": "/p", "Plan annuel RGAA": "/r"}, []),
        ({"Déclaration d'accessibilité et schéma pluriannuel": "/d"}, ["/d"]),
    ],
)  # fmt: skip
def test_the_order_of_links_to_the_declaration(names, expected):
    assert best(A, *names.items()) == expected


@pytest.mark.parametrize(
    "topic, name, url",
    [
        *((Topic.SCHEMA, name, "/s") for name in (
            "Schéma pluriannuel", "schéma pluri-annuel d’accessibilité", "Schéma d’accessibilité pluriannuel 2024-2026",
            "Schéma annuel d'accessibilité", "Schéma directeur d’accessibilité numérique", "Plan pluriannuel d'accessibilité",
            "Multi-year accessibility plan",
        )),
        (Topic.SCHEMA, "Télécharger", "/docs/Schema_pluriannuel_2024.pdf"),
        (Topic.SCHEMA, "Stratégie", "https://beta.gouv.fr/accessibilite/schema-pluriannuel"),
        *((Topic.PLAN, name, "/p") for name in (
            "Plan d'action 2026", "Plan d’actions de l’année 2026", "Plan annuel", "Plan 2026 d'action",
            "Feuille de route accessibilité", "Action plan 2026", "Plan de mise en accessibilité",
        )),
        (Topic.PLAN, "Cette année", "https://beta.gouv.fr/accessibilite/schema-pluriannuel#plan-2026"),
        (Topic.PLAN, "Télécharger", "/docs/plan-annuel-2026.pdf"),
    ],
)  # fmt: skip
def test_documents_that_are_followed(topic, name, url):
    assert len(best(topic, ("Plan du site", "/plan-du-site"), (name, url), ("Plan d'accès", "/acces"))) == 1


@pytest.mark.parametrize(
    "name, url, year",
    [
        ("Plan 2024-2026", "/p", 2026),
        ("Plan", "/plan-2025.pdf#2026", 2026),
        ("Plan", "/doc/20261", 0),
        ("Plan", "/", 0),
    ],
)
def test_the_latest_year_of_a_link(name, url, year):
    assert latest_year(Link(url=f"https://a.beta.gouv.fr{url}", name=name)) == year


@pytest.mark.parametrize(
    "home, topic, path",
    [
        ("https://simulateur.beta.gouv.fr/", B, "/budget"),
        ("https://batiment.gouv.fr/", A, "/accessibilite"),
        ("https://x.com/", S, "/stats"),
    ],
)
def test_the_name_of_the_site_rules_none_of_its_pages_out(home, topic, path):
    link = Link(url=home[:-1] + path, name="Page")
    assert best_links(topic, [link], home) == (link,)
