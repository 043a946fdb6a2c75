from __future__ import annotations

from urllib.parse import urljoin

import pytest

from checks.model.capture import Candidate, FailureKind, Found, Role, Topic
from crawler.discovery.plan import DEFAULT_CEILING, is_visited, next_wave
from crawler.discovery.sight import Fetch, Sight
from crawler.discovery.twins import random_path
from tests.crawling.paper_visit import HOME, Visit, service

NOTHING = FailureKind.REFUSED


def links(**pages: str) -> str:
    return "".join(f"<a href='{url}'>{name}</a>" for name, url in pages.items())


@pytest.mark.parametrize(
    "url, web, http, https",
    [
        (HOME, {"http://a.example/": f"> {HOME}", HOME: "oui"}, ["http://a.example/"], []),
        (HOME, {"http://a.example/": "oui", HOME: "oui"}, ["http://a.example/"], [HOME]),
        (HOME, {"http://a.example/": NOTHING, HOME: "oui"}, ["http://a.example/"], [HOME]),
        (HOME, {"http://a.example/": FailureKind.DNS}, ["http://a.example/"], []),
        (HOME, {"http://a.example/": "> https://www.a.example/", "https://www.a.example/": "oui"}, ["http://a.example/"], []),
        (HOME, {"http://a.example/": "> https://b.example/", "https://b.example/": "oui"}, ["http://a.example/"], [HOME]),
        ("http://a.example/app?x=1", {"http://a.example/app?x=1": "oui"}, ["http://a.example/app?x=1"], ["https://a.example/app?x=1"]),
        ("https://a.example:443/", {"http://a.example/": "oui"}, ["http://a.example/"], [HOME[:-1] + ":443/"]),
        ("https://a.example:8443/x", {}, ["https://a.example:8443/x"], []),
        ("http://a.example:8080/x", {}, ["http://a.example:8080/x"], []),
        ("https://[2001:db8::1]/", {}, ["http://[2001:db8::1]/"], ["https://[2001:db8::1]/"]),
    ],
)  # fmt: skip
def test_http_first_then_its_secure_twin(url, web, http, https):
    visit = Visit(service(url), web)
    assert visit.asked("home_over_http") == http
    assert visit.asked("home_over_https") == https


@pytest.mark.parametrize(
    "url, role",
    [
        (HOME, Role.HTTP),
        ("http://a.example/", Role.HTTP),
        ("http://a.example:8080/", Role.HTTP),
        ("https://a.example:8443/", Role.HOME),
    ],
)
def test_the_first_fetch_is_for_the_https_rule_if_it_is_plain(url, role):
    assert Visit(service(url), {}).waves["home_over_http"] == (
        Fetch(role=role, url=url.replace("https://a.example/", "http://a.example/")),
    )


@pytest.mark.parametrize(
    "web, expected",
    [
        ({"http://a.example/": f"> {HOME}", HOME: FailureKind.TLS}, [HOME]),
        ({"http://a.example/": NOTHING, HOME: FailureKind.TLS}, [HOME]),
        ({"http://a.example/": "oui", HOME: FailureKind.TLS}, [HOME]),
        ({"http://a.example/": "oui", HOME: "oui"}, []),
        ({"http://a.example/": NOTHING, HOME: NOTHING}, []),
    ],
)
def test_a_bad_certificate_is_looked_past_once(web, expected):
    visit = Visit(service(), {**web, f"insecure {HOME}": links(Accessibilité="/accessibilite")})
    wave = visit.waves["home_despite_certificate"]
    assert [fetch.url for fetch in wave] == expected
    assert all(fetch.is_insecure for fetch in wave)
    assert all(fetch.is_insecure is bool(expected) for fetch in visit.waves["random_path_and_first_candidates"])


def test_only_the_host_of_the_bad_certificate_is_trusted_without_it():
    home = links(Budget="https://b.example/budget", Accessibilité="/accessibilite")
    web = {"http://a.example/": NOTHING, HOME: FailureKind.TLS, f"insecure {HOME}": home}
    wave = Visit(service(), web).waves["random_path_and_first_candidates"]
    assert {fetch.url.split("/")[2]: fetch.is_insecure for fetch in wave} == {"a.example": True, "b.example": False}


@pytest.mark.parametrize(
    "url, sibling",
    [
        (HOME, "https://www.a.example/"),
        ("https://www.a.example/", HOME),
        ("http://www.a.example/app?x=1", "https://a.example/app?x=1"),
        ("https://ville.gouv.fr/", "https://www.ville.gouv.fr/"),
        ("https://service.beta.gouv.fr/", None),
        ("https://service.ville.example/", None),
        ("http://www.a.example:8080/", "http://a.example:8080/"),
        ("https://192.0.2.1/", None),
        ("http://localhost/", None),
    ],
)
def test_www_and_apex_stand_in_for_each_other(url, sibling):
    dead = dict.fromkeys([url, url.replace("https:", "http:"), url.replace("http:", "https:")], NOTHING)
    visit = Visit(service(url), dead)
    assert visit.asked("home_of_sibling") == ([sibling] if sibling else [])


HEARD = (FailureKind.ROBOTS, FailureKind.TOO_LARGE, FailureKind.TOO_MANY_REDIRECTS, FailureKind.DATA_LOSS)


@pytest.mark.parametrize("answer", ["oui", 404, 500, 403, *HEARD])
def test_a_host_that_answers_has_no_need_of_a_sibling(answer):
    assert Visit(service(), {"http://a.example/": answer, HOME: answer}).asked("home_of_sibling") == []


@pytest.mark.parametrize(
    "url, expected",
    [
        (HOME, f"https://a.example/{random_path('a.example')}"),
        ("https://a.example/emploi/", f"https://a.example/emploi/{random_path('a.example')}"),
        ("https://a.example/emploi?x=1#y", f"https://a.example/{random_path('a.example')}"),
    ],
)
def test_the_random_path_stands_beside_the_home_page(url, expected):
    wave = Visit(service(url), {url: "oui"}).waves["random_path_and_first_candidates"]
    assert wave[0] == Fetch(role=Role.RANDOM, url=expected)


def test_the_random_path_is_always_the_same_and_says_no_error():
    assert random_path("a.example") == random_path("a.example") != random_path("b.example")
    assert "404" not in random_path("a.example") + random_path("b.example")


def test_no_page_no_discovery():
    for answer in (404, 403, 500, NOTHING, FailureKind.TOO_LARGE):
        visit = Visit(service(), {"http://a.example/": answer, HOME: answer, "https://www.a.example/": answer})
        assert visit.asked("random_path_and_first_candidates") == []
        assert visit.asked("conventional_paths") == []


def test_declared_addresses_are_asked_as_they_are():
    pad, board = "https://pad.example/s/budgets?both#a-example", "https://board.example/public/dashboard/1?tab=2#x"
    declared = service(statistics_url=board, budget_url=pad)
    wave = Visit(declared, {HOME: "oui"}).waves["random_path_and_first_candidates"]
    assert [(fetch.url, fetch.candidates) for fetch in wave[1:]] == [
        (board, (Candidate(topic=Topic.STATISTICS, found=Found.DECLARED),)),
        (pad, (Candidate(topic=Topic.BUDGET, found=Found.DECLARED),)),
    ]


@pytest.mark.parametrize("url", [None, HOME])
def test_declared_addresses_are_asked_of_a_service_whose_home_page_is_not_read(url):
    declared = service(url, statistics_url="https://board.example/public/dashboard/1", budget_url="/budget")
    visit = Visit(declared, {"http://a.example/": 403, HOME: 403})
    assert visit.asked("random_path_and_first_candidates") == ["https://board.example/public/dashboard/1"]


@pytest.mark.parametrize("kind", [FailureKind.DNS, FailureKind.REFUSED, FailureKind.TIMEOUT])
def test_a_dead_host_is_not_asked_for_what_it_declares(kind):
    dead = {"http://a.example/": kind, HOME: kind, "https://www.a.example/": kind}
    declared = service(statistics_url=f"{HOME}stats", budget_url="https://pad.example/x")
    assert Visit(declared, dead).asked("random_path_and_first_candidates") == ["https://pad.example/x"]


def test_one_fetch_serves_two_topics():
    declared = service(statistics_url=f"{HOME}transparence#stats", budget_url=f"{HOME}transparence/#budget")
    home = links(Accessibilité="/mentions#a11y", Budget="/transparence")
    wave = Visit(declared, {HOME: home}).waves["random_path_and_first_candidates"]
    assert [(fetch.url, [(one.topic, one.found) for one in fetch.candidates]) for fetch in wave[1:]] == [
        (f"{HOME}transparence#stats", [(Topic.STATISTICS, Found.DECLARED), (Topic.BUDGET, Found.DECLARED)]),
        (f"{HOME}mentions#a11y", [(Topic.ACCESSIBILITY, Found.LINK), (Topic.LEGAL_NOTICE, Found.LINK)]),
    ]


@pytest.mark.parametrize(
    "home, expected",
    [
        # one link a topic, in the same wave as the others
        (
            {"Mentions légales": "/ml", "Confidentialité": "/pc", "CGU": "/cgu"},
            {"/ml": "legal-notice", "/pc": "privacy", "/cgu": "terms"},
        ),
        ({"Mentions légales": "/ml", "Informations légales": "/il"}, {"/ml": "legal-notice"}),
        ({"CGU": "/cgu", "Conditions générales d'utilisation": "/cg"}, {"/cgu": "terms"}),
        # a page that is several is asked once
        ({"Mentions légales et CGU": "/ml", "Données personnelles": "/ml#rgpd"}, {"/ml": "legal-notice privacy terms"}),
        (
            {"Mentions légales": "/ml", "Vie privée": "/ml/", "CGU": "http://www.a.example/ml#cgu"},
            {"/ml": "legal-notice privacy terms"},
        ),
        (
            {"Accessibilité : non conforme": "/ml#accessibilite", "Mentions légales": "/ml"},
            {"/ml#accessibilite": "accessibility legal-notice"},
        ),
        # though it is the next best link of another topic
        (
            {"Déclaration d'accessibilité": "/d", "Accessibilité": "/ml#a", "Mentions légales": "/ml"},
            {"/d": "accessibility", "/ml": "legal-notice accessibility"},
        ),
        # another host may be the incubator's
        ({"Mentions légales": "https://b.example/ml"}, {"https://b.example/ml": "legal-notice"}),
        # a place of the home page is no page
        ({"Mentions légales": "#mentions", "CGU": "/#cgu"}, {}),
        ({"Mentions légales": "#/mentions-legales"}, {"#/mentions-legales": "legal-notice"}),
    ],
)  # fmt: skip
def test_legal_pages_are_asked_once_with_the_first_candidates(home, expected):
    pages = {f"{HOME}{path}": "oui" for path in ("ml", "pc", "cgu", "d")}
    visit = Visit(service(), {HOME: links(**home), "https://b.example/ml": "oui", **pages})
    wave = visit.waves["random_path_and_first_candidates"][1:]
    asked = {fetch.url: " ".join(one.topic for one in fetch.candidates) for fetch in wave}
    assert asked == {urljoin(HOME, url): said for url, said in expected.items()}
    others = (
        fetch for name, wave in visit.waves.items() if name != "random_path_and_first_candidates" for fetch in wave
    )
    assert not {fetch.url.partition("#")[0] for fetch in others} & set(pages)


def test_no_legal_page_is_guessed():
    asked = [fetch.url for wave in Visit(service(), {HOME: "oui"}).waves.values() for fetch in wave]
    assert not [url for url in asked if "mentions" in url or "donnees" in url or "cgu" in url]


def test_legal_pages_come_after_the_first_candidates_where_few_requests_are_left():
    home = links(Accessibilité="/accessibilite", Budget="/budget", CGU="/cgu")
    asked = Visit(service(), {"http://a.example/": f"> {HOME}", HOME: home}, ceiling=6).asked(
        "random_path_and_first_candidates"
    )
    assert asked[1:] == [f"{HOME}accessibilite", f"{HOME}budget"]


def test_links_say_where_they_were_found():
    wave = Visit(service(), {HOME: links(Statistiques="/stats")}).waves["random_path_and_first_candidates"]
    found = Candidate(topic=Topic.STATISTICS, found=Found.LINK, text="Statistiques", page=HOME)
    assert wave[1] == Fetch(role=Role.CANDIDATE, url=f"{HOME}stats", candidates=(found,))


def test_the_best_link_of_each_topic_then_the_next():
    home = links(
        RGAA="/rgaa", Accessibilité="/accessibilite", Statistiques="/stats", Impact="/impact", Chiffres="/chiffres"
    )
    visit = Visit(
        service(), {HOME: home, **{f"{HOME}{name}": "oui" for name in ("rgaa", "accessibilite", "stats", "impact")}}
    )
    assert visit.asked("random_path_and_first_candidates")[1:] == [f"{HOME}accessibilite", f"{HOME}stats"]
    assert visit.asked("other_candidates") == [f"{HOME}rgaa", f"{HOME}impact"]


def test_a_page_that_only_lists_documents_is_gone_through():
    listing = "<a href='/docs/declaration'>Déclaration d'accessibilité</a><a href='/docs/schema'>Schéma pluriannuel</a>"
    visit = Visit(service(), {HOME: links(Accessibilité="/accessibilite"), f"{HOME}accessibilite": listing})
    [further] = visit.waves["other_candidates"]
    assert further.url == f"{HOME}docs/declaration"
    assert further.candidates[0].page == f"{HOME}accessibilite"


def test_one_hop_further_from_a_page_that_sends_to_a_dashboard_or_a_document():
    stats = (
        "<a href=https://metabase.b.example/public/dashboard/0f1e2d3c-4b5a>Ouvrir</a><a href=/rapport.pdf>Rapport</a>"
    )
    budget = links(
        Guide="/guide.pdf", **{"Le budget de 2025": "https://pad.b.example/s/x1y2z3#a", "Budget 2024": "/b.ods"}
    )
    home = links(Statistiques="/stats", Budget="/budget")
    pages = {HOME: home, f"{HOME}stats": stats, f"{HOME}budget": budget}

    visit = Visit(service(), pages)

    assert visit.asked("other_candidates") == [
        "https://metabase.b.example/public/dashboard/0f1e2d3c-4b5a",
        "https://pad.b.example/s/x1y2z3#a",
    ]


@pytest.mark.parametrize(
    "home, page, expected",
    [
        ("", "<a href=/s>Schéma pluriannuel 2024-2026</a><a href=/p>Plan d'action 2026</a>", ["/s", "/p"]),
        ("", "<a href=/s#1>Schéma pluriannuel</a><a href=/s#plan-2026>Plan d'action</a>", ["/s#1"]),
        ("", "<a href=/p24>Plan annuel 2024</a><a href=/p26>Plan annuel 2026</a><a href=/p25>Plan annuel 2025</a>", ["/p26"]),
        ("", "<a href=/bilan>Bilan du plan d'action 2025</a><a href=#plan>Plan d'action 2026</a>", []),
        ("", "<a href=/accessibilite#plan>Plan d'action 2026</a><a href=/>Schéma pluriannuel</a>", []),
        ("<a href=/h>Schéma pluriannuel 2026-2028</a>", "<a href=/s>Schéma pluriannuel 2024-2026</a>", ["/s"]),
        ("<a href=/h>Schéma pluriannuel 2026-2028</a>", "", ["/h"]),
        ("", "<a href=https://beta.example/schema-pluriannuel>stratégie</a>", ["https://beta.example/schema-pluriannuel"]),
    ],
)  # fmt: skip
def test_documents_are_asked_for_once_the_pages_that_promise_them_are_read(home, page, expected):
    web = {HOME: links(Accessibilité="/accessibilite") + home, f"{HOME}accessibilite": page or "oui"}
    visit = Visit(service(), web)
    assert [url.removeprefix(HOME[:-1]) for url in visit.asked("commitments")] == expected


def test_a_document_says_what_it_was_asked_for():
    page = "<a href='/s#1'>Schéma pluriannuel</a><a href='/s#2'>Plan d'action 2026</a>"
    web = {HOME: links(Accessibilité="/accessibilite"), f"{HOME}accessibilite": page}
    [fetch] = Visit(service(), web).waves["commitments"]
    assert [(one.topic, one.text, one.page) for one in fetch.candidates] == [
        (Topic.SCHEMA, "Schéma pluriannuel", f"{HOME}accessibilite"),
        (Topic.PLAN, "Plan d'action 2026", f"{HOME}accessibilite"),
    ]


def test_a_declaration_nobody_links_promises_too():
    web = {HOME: "oui", f"{HOME}accessibilite": links(Schéma="/schema-pluriannuel")}
    assert Visit(service(), web).asked("commitments") == [f"{HOME}schema-pluriannuel"]


def test_a_schema_is_no_candidate_for_the_declaration():
    home = {"Schéma pluriannuel d'accessibilité": "/s", "Plan d'action accessibilité 2026": "/p"}
    visit = Visit(service(), {HOME: links(**home)})
    assert visit.asked("random_path_and_first_candidates")[1:] == []
    assert visit.asked("commitments") == [f"{HOME}s", f"{HOME}p"]


def test_the_ceiling_pays_for_a_visit_with_everything():
    """Two links a topic, statistics and budget on other hosts, a declaration one hop further, a schema elsewhere."""
    home = {
        "Accessibilité": "/accessibilite", "RGAA": "/rgaa", "Stats": "https://b.example/s", "Impact": "/impact",
        "Budget": "https://c.example/b", "Transparence": "/transparence",
    }  # fmt: skip
    documents = {"Schéma pluriannuel 2024-2026": "https://d.example/s", "Plan d'action 2026": "/plan"}
    web = {
        "http://a.example/": f"> {HOME}",
        HOME: links(**home),
        **{f"{HOME}{path}": "oui" for path in ("rgaa", "impact", "transparence")},
        f"{HOME}accessibilite": links(**{"Déclaration RGAA": "/declaration"}),
        f"{HOME}declaration": links(**documents),
    }
    visit = Visit(service(), web)
    assert visit.asked("commitments") == ["https://d.example/s", f"{HOME}plan"]
    assert len(visit.captures) + len(visit.hosts) <= DEFAULT_CEILING


def test_conventional_paths_are_for_topics_that_nothing_answered():
    home = links(Accessibilité="/accessibilite", Budget="/couts")
    visit = Visit(service(), {HOME: home, f"{HOME}accessibilite": "oui", f"{HOME}couts": 500})
    assert visit.asked("conventional_paths") == [
        f"{HOME}stats", f"{HOME}budget", f"{HOME}statistiques", f"{HOME}transparence",
    ]  # fmt: skip


def test_a_candidate_that_leads_home_answers_nothing():
    visit = Visit(service(), {HOME: links(Statistiques="/stats"), f"{HOME}stats": f"> {HOME}"})
    assert f"{HOME}statistiques" in visit.asked("conventional_paths")
    assert f"{HOME}stats" not in visit.asked("conventional_paths")


def test_conventional_paths_take_turns():
    asked = Visit(service(), {HOME: "oui"}, ceiling=9).asked("conventional_paths")
    paths = ["accessibilite", "stats", "budget", "accessibilite/", "statistiques"]
    assert asked == [HOME + path for path in paths]


@pytest.mark.parametrize("ceiling", range(1, DEFAULT_CEILING + 1))
def test_the_ceiling_holds_with_robots_of_each_host(ceiling):
    others = {f"https://{letter}.example/x": "oui" for letter in "bcdefghi"}
    home = links(
        RGAA="https://b.example/x",
        Accessibilité="https://c.example/x",
        Impact="https://d.example/x",
        Budget="https://e.example/x",
        Schéma="https://h.example/schema-pluriannuel",
        Plan="https://i.example/plan-annuel",
    )
    declared = service(statistics_url="https://f.example/x", budget_url="https://g.example/x")
    visit = Visit(declared, {HOME: home, **others}, ceiling)
    assert len(visit.captures) + len(visit.hosts) <= ceiling
    assert len(visit.captures) + len(visit.hosts) >= min(ceiling, 21) - 1  # the rest is for repositories and redirects


def test_requests_that_were_sent_count_whoever_they_were_for():
    assert next_wave(Sight(service(), ()), 0, left=2)
    assert not next_wave(Sight(service(), ()), 0, left=1)


def test_nothing_is_asked_twice():
    home = links(Accessibilité="/accessibilite/", Statistiques="/stats?x=é", Impact="/stats?x=é", Budget="/budget")
    declared = service(statistics_url=f"{HOME}stats?x=%C3%A9", budget_url="http://www.a.example/budget/index.html")
    visit = Visit(declared, {HOME: home})
    asked = [(fetch.method, fetch.url) for wave in visit.waves.values() for fetch in wave]
    assert len(asked) == len(set(asked))
    assert len([url for _, url in asked if "stats?" in url]) == 1


@pytest.mark.parametrize(
    "asked, expected",
    [
        (service(), True),
        (service(None), False),
        (service(None, statistics_url="/stats", budget_url="/budget"), False),
        (service(None, statistics_url="https://board.example/1"), True),
        (service(None, budget_url="https://pad.example/1"), True),
    ],
)
def test_what_there_is_to_visit(asked, expected):
    assert is_visited(asked) is expected
    assert bool(Visit(asked, {HOME: "oui"}).captures) is expected
