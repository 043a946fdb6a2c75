from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.model.capture import FailureKind
from checks.model.repository import repository
from checks.model.service import PhaseGroup
from checks.rules.transparency.source_code import RULE, Reason
from crawler.forges import gitea as gitea_api
from crawler.forges import github as github_api
from crawler.forges import gitlab as gitlab_api
from tests.forge_answers import (
    GITEA,
    GITEA_API,
    GITHUB,
    GITHUB_API,
    GITHUB_PAGE,
    GITLAB,
    GITLAB_API,
    SIGN_IN,
    SOURCEHUT,
    gitea,
    github,
    gitlab,
    page,
    said,
)

OWN = "https://github.com/port-embouchure/bac-a-voile"
FORGE, ORGANISATION, NO_FORGE, NONE = "forge-unavailable", "organisation-only", "not-a-forge", "none"

# The link of the footer, the registry's repository: the reason, the repository named, the warnings.
ROWS = [
    (OWN, OWN, FORGE, OWN, ()),
    (None, OWN, FORGE, OWN, ("not-linked-from-site",)),
    (OWN, None, FORGE, OWN, ("not-in-registry",)),
    (f"{OWN}/", f"{OWN}.git", FORGE, OWN, ()),
    (f"{OWN}/tree/main/app", OWN.upper().replace("HTTPS", "https"), FORGE, None, ()),
    (f"{OWN}/blob/main/README.md#installer", None, FORGE, OWN, ("not-in-registry",)),
    (f"{OWN}/issues/new", None, FORGE, OWN, ("not-in-registry",)),
    ("//github.com/port-embouchure/bac-a-voile", None, FORGE, OWN, ("not-in-registry",)),
    *[
        (url, None, FORGE, name, ("not-in-registry",))
        for url, name in [
            ("https://gitlab.com/port/quais/bac/-/tree/main", "https://gitlab.com/port/quais/bac"),
            ("https://gitlab.mim-libre.fr/port/bac", "https://gitlab.mim-libre.fr/port/bac"),
            ("https://forge.apps.education.fr/port/bac", "https://forge.apps.education.fr/port/bac"),
            ("https://gitlab.adullact.net/port/bac", "https://gitlab.adullact.net/port/bac"),
            ("https://framagit.org/port/bac", "https://framagit.org/port/bac"),
            ("https://git.beta.francetravail.fr/port/bac", "https://git.beta.francetravail.fr/port/bac"),
            ("https://codeberg.org/port/bac", "https://codeberg.org/port/bac"),
            ("https://git.sr.ht/~port/bac", "https://git.sr.ht/~port/bac"),
        ]
    ],
    (
        "https://github.com/port-embouchure",
        None,
        ORGANISATION,
        "https://github.com/port-embouchure",
        ("not-in-registry",),
    ),
    (None, "https://github.com/orgs/port/repositories", ORGANISATION, None, ("not-linked-from-site",)),
    (OWN, "https://github.com/port-embouchure", FORGE, OWN, ("not-in-registry",)),
    (None, "https://port.example/sources.zip", NO_FORGE, None, ("not-linked-from-site",)),
    (OWN, "https://port.example/sources.zip", FORGE, OWN, ("not-in-registry",)),
    (None, None, NONE, None, ()),
    *[
        (shared, None, NONE, None, ())
        for shared in [
            "https://github.com/GouvernementFR/dsfr",
            "https://github.com/GouvernementFR/dsfr/tree/main/src",
            "https://github.com/etalab/licence-ouverte/blob/master/LO.md",
            "https://github.com/port/autre/blob/main/LICENSE.md",
            "https://github.com/port/nextjs-template",
            "https://github.com/vercel/next.js",
            "https://github.com/",
            "https://github.com/features/actions",
            "https://github.com/login?return_to=%2Fport",
            "https://github.blog/actualites/bac",
            "https://port.github.io/bac",
            "https://gitbook.com/port/bac",
        ]
    ],
    (None, "https://github.com/GouvernementFR/dsfr", NONE, None, ()),
]


@pytest.mark.parametrize("linked,declared,reason,named,warnings", ROWS)
@pytest.mark.parametrize("hand", ["dsfr", "wordpress", "next"])
def test_what_is_announced(judge, dress, hand, linked, declared, reason, named, warnings):
    home = dress[hand]("<p>Le bac traverse.</p>", f"<a href='{linked}'>Code source</a>" if linked else "")

    verdict = judge("source-code", home, repository=declared)

    assert (verdict.reason, set(verdict.warnings)) == (reason, set(warnings))
    assert verdict.outcome == RULE.outcomes[reason]
    if named:
        assert verdict.facts["repository"] == named


def test_the_link_that_says_code_in_the_footer_wins(judge, dress):
    body = "<a href=https://github.com/ailleurs/phare>Le phare, un outil ami</a>"

    verdict = judge("source-code", dress["dsfr"](body, f"<a href={OWN}>Code source</a>"))

    assert verdict.facts["repository"] == OWN
    assert verdict.evidence[0].locator == "footer a[2]"


def test_hidden_links_are_nobodys(judge, dress):
    assert judge("source-code", dress["dsfr"]("", f"<a hidden href={OWN}>Code source</a><!-- {OWN} -->")).reason == NONE


def test_the_other_pages_read_count(judge, dress):
    inner = dress["dsfr"]("<h1>À propos</h1><p>Le bac est libre.</p>", f"<a href={OWN}>Code source</a>")

    verdict = judge("source-code", dress["dsfr"]("<p>Le bac.</p>", ""), pages=[("link", "/a-propos", inner)])

    assert (verdict.reason, verdict.evidence[0].url) == (FORGE, "https://bac-a-voile.example/a-propos")


def test_pages_of_other_hosts_do_not(judge, dress):
    other = dress["dsfr"]("<h1>Déclaration</h1><p>Du port.</p>", f"<a href={OWN}>Code source</a>")

    assert (
        judge(
            "source-code", dress["dsfr"]("<p>Le bac.</p>", ""), pages=[("link", "https://port.example/a", other)]
        ).reason
        == NONE
    )


@pytest.mark.parametrize(
    "home,declared,reason",
    [
        (FailureKind.DNS, OWN, "unreachable"),
        (FailureKind.DNS, None, "unreachable"),
        (500, OWN, FORGE),
        (500, None, "server-error"),
        ("<html><body><div id=root></div><script src=/a.js></script></body></html>", None, "needs-rendering"),
        (
            "<html><body><p>" + "Le bac. " * 60 + "</p><script src=/a.js></script></body></html>",
            None,
            "needs-rendering",
        ),
    ],
)
def test_where_the_site_is_not_read(judge, home, declared, reason):
    assert judge("source-code", home, repository=declared).reason == reason


def test_an_investigation_owes_no_code(judge, dress):
    assert judge("source-code", dress["dsfr"]("", ""), group=PhaseGroup.INVESTIGATION).reason == "phase"


LIMITED = said("API rate limit exceeded for 192.0.2.1.", 403, **{"X-RateLimit-Remaining": "0"})
OLD = "https://github.com/port-embouchure/ancien-bac"
OLD_API = "https://api.github.com/repos/port-embouchure/ancien-bac"

# The repository declared, what its API answers, its public page if that was read: the reason, the facts, the warnings.
FORGES = [
    (GITHUB, {GITHUB_API: github()}, None, "public-repository", {"licence": "AGPL-3.0", "archived": False}, ()),
    (GITHUB, {GITHUB_API: {"status": 304, "body": github()}}, None, "public-repository", {"pushed_at": "2026-11-02"}, ()),
    (GITHUB, {GITHUB_API: github(archived=True)}, None, "public-repository", {"archived": True}, ("archived",)),
    (GITHUB, {GITHUB_API: github(pushed_at="2024-11-01T00:00:00Z")}, None, "public-repository", {}, ("no-activity-in-2-years",)),
    (GITHUB, {GITHUB_API: github(pushed_at="2024-12-01T00:00:00Z")}, None, "public-repository", {}, ()),
    (
        OLD,
        {OLD_API: {"status": 301, "body": "{}"}, "https://api.github.com/repositories/1": github()},
        None,
        "public-repository",
        {"repository": GITHUB},
        ("renamed",),
    ),
    (GITHUB, {GITHUB_API: github(size=0, license=None), f"{GITHUB_API}/commits?per_page=1": said("Git Repository is empty.", 409)}, None, "empty-repository", {}, ()),
    (GITHUB, {GITHUB_API: github(size=0, license=None), f"{GITHUB_API}/commits?per_page=1": '[{"sha": "0"}]'}, None, "public-repository", {}, ()),
    (GITHUB, {GITHUB_API: github(size=0, license=None), f"{GITHUB_API}/commits?per_page=1": 500}, None, "forge-unavailable", {}, ()),
    (GITHUB, {GITHUB_API: said("Not Found")}, None, "not-public", {}, ()),
    (GITHUB, {GITHUB_API: said("Repository access blocked", 451)}, None, "not-public", {}, ()),
    (GITHUB, {GITHUB_API: github(private=True, visibility="private")}, None, "not-public", {}, ()),
    (GITHUB, {GITHUB_API: LIMITED}, None, "forge-unavailable", {}, ()),
    (GITHUB, {GITHUB_API: LIMITED}, GITHUB_PAGE, "public-repository", {"licence": "MIT", "archived": False}, ()),
    (GITHUB, {GITHUB_API: LIMITED}, 404, "not-public", {}, ()),
    (GITHUB, {GITHUB_API: LIMITED}, 429, "forge-unavailable", {}, ()),
    (GITHUB, {GITHUB_API: LIMITED}, {"to": "https://github.com/login?return_to=x", "body": SIGN_IN}, "not-public", {}, ()),
    (OLD, {OLD_API: LIMITED}, {"to": GITHUB, "body": GITHUB_PAGE}, "public-repository", {"repository": GITHUB}, ("renamed",)),
    (GITHUB, {GITHUB_API: LIMITED}, page("GitHub - port-embouchure/bac-a-voile", "<h3>This repository is empty.</h3>"), "empty-repository", {}, ()),
    (
        GITHUB,
        {GITHUB_API: LIMITED},
        page("GitHub - port-embouchure/bac-a-voile", "<p>This repository was archived by the owner on Jan 1, 2026.</p>"),
        "public-repository",
        {"archived": True},
        ("archived",),
    ),
    (GITHUB, {GITHUB_API: LIMITED}, page("Tout autre chose"), "forge-unavailable", {}, ()),
    (GITHUB, {GITHUB_API: 500}, None, "forge-unavailable", {}, ()),
    (GITHUB, {GITHUB_API: FailureKind.TIMEOUT}, None, "forge-unavailable", {}, ()),
    (GITHUB, {GITHUB_API: '{"html_url": '}, None, "forge-unavailable", {}, ()),
    (GITHUB, {GITHUB_API: "[" * 100_000}, None, "forge-unavailable", {}, ()),
    (GITHUB, {GITHUB_API: '{"html_url": 3, "archived": "oui", "license": 7}'}, None, "forge-unavailable", {}, ()),
    (GITHUB, {GITHUB_API: github(archived="oui", license=[], pushed_at=3)}, None, "public-repository", {"archived": None, "licence": None}, ()),
    (GITHUB, {GITHUB_API: "<html>Bienvenue</html>"}, None, "forge-unavailable", {}, ()),
    (GITLAB, {f"{GITLAB_API}?license=true": gitlab()}, None, "public-repository", {"licence": "MIT", "archived": None, "forge": "gitlab.port.example"}, ()),
    (GITLAB, {f"{GITLAB_API}?license=true": gitlab(archived=True, empty_repo=False)}, None, "public-repository", {}, ("archived",)),
    (GITLAB, {f"{GITLAB_API}?license=true": gitlab(empty_repo=True)}, None, "empty-repository", {}, ()),
    (
        GITLAB,
        {f"{GITLAB_API}?license=true": gitlab(readme_url=None, license=None), f"{GITLAB_API}/repository/tree?per_page=1": said("404 Tree Not Found")},
        None,
        "empty-repository",
        {},
        (),
    ),
    (GITLAB, {f"{GITLAB_API}?license=true": said("404 Project Not Found")}, None, "not-public", {}, ()),
    (
        GITLAB,
        {f"{GITLAB_API}?license=true": said("404 Project Not Found"), f"{GITLAB_API.replace('projects', 'groups')}?with_projects=false": gitlab()},
        None,
        "organisation-only",
        {},
        (),
    ),
    (
        GITLAB,
        {f"{GITLAB_API}?license=true": said("404 Project Not Found"), f"{GITLAB_API.replace('projects', 'groups')}?with_projects=false": said("404 Group Not Found")},
        None,
        "not-public",
        {},
        (),
    ),
    (GITLAB, {f"{GITLAB_API}?license=true": said("401 Unauthorized", 401)}, {"to": "/users/sign_in", "body": SIGN_IN}, "not-public", {}, ()),
    (GITLAB, {f"{GITLAB_API}?license=true": gitlab(visibility="internal")}, None, "not-public", {}, ()),
    (
        GITLAB,
        {f"{GITLAB_API}?license=true": said("Retry later", 429)},
        page("Bac-a-voile · GitLab", "<p>Group ID: 12</p><ul><li>Subgroups and projects</li></ul>"),
        "organisation-only",
        {},
        (),
    ),
    (GITEA, {GITEA_API: gitea()}, None, "public-repository", {"licence": "EUPL-1.2"}, ()),
    (GITEA, {GITEA_API: gitea(empty=True)}, None, "empty-repository", {}, ()),
    (GITEA, {GITEA_API: gitea(archived=True)}, None, "public-repository", {}, ("archived",)),
    (
        "https://git.port.example/quais/bac",
        {
            "https://git.port.example/api/v4/projects/quais%2Fbac?license=true": {"status": 404, "body": "404 page not found"},
            "https://git.port.example/api/v1/repos/quais/bac": gitea(html_url="https://git.port.example/quais/bac"),
        },
        None,
        "public-repository",
        {"repository": "https://git.port.example/quais/bac"},
        (),
    ),
    (SOURCEHUT, {}, page("~port/bac-a-voile - sourcehut git"), "public-repository", {"forge": "git.sr.ht"}, ()),
    (SOURCEHUT, {}, 404, "not-public", {}, ()),
]  # fmt: skip


@pytest.mark.parametrize("declared,api,shown,reason,facts,warnings", FORGES)
def test_what_a_forge_tells(judge, dress, declared, api, shown, reason, facts, warnings):
    home = dress["dsfr"]("<p>Le bac.</p>", f"<a href='{declared}'>Code source</a>")

    verdict = judge("source-code", home, repository=declared, forges=[(declared, "declared", api, shown)])

    assert (verdict.reason, set(verdict.warnings)) == (reason, set(warnings))
    assert verdict.outcome == RULE.outcomes[reason]
    assert facts.items() <= verdict.facts.items()
    assert verdict.evidence[0].capture


def test_a_link_that_is_public_makes_up_for_a_declared_one_that_is_not(judge, dress):
    home = dress["dsfr"]("<p>Le bac.</p>", f"<a href='{GITHUB}'>Code source</a>")
    forges = [(OLD, "declared", {OLD_API: said("Not Found")}, None), (GITHUB, "link", {GITHUB_API: github()}, None)]

    verdict = judge("source-code", home, repository=OLD, forges=forges)

    assert (verdict.reason, verdict.warnings) == (Reason.PUBLIC, ("not-in-registry",))
    assert [one.locator for one in verdict.evidence] == ["", "footer a[2]"]


def test_a_service_without_a_site_is_told_by_its_forge(judge):
    forges = [(GITHUB, "declared", {GITHUB_API: github()}, None)]

    assert judge("source-code", None, url=None, repository=GITHUB, forges=forges).reason == Reason.PUBLIC
    assert (
        judge(
            "source-code",
            None,
            url=None,
            repository=OLD,
            forges=[(OLD, "declared", {OLD_API: said("Not Found")}, None)],
        ).reason
        == Reason.NOT_PUBLIC
    )
    assert judge("source-code", None, url=None, forges=[]).reason == "no-url"


def test_a_site_that_cannot_be_read_may_name_another_repository(judge):
    forges = [(OLD, "declared", {OLD_API: said("Not Found")}, None)]

    assert judge("source-code", 500, repository=OLD, forges=forges).reason == "server-error"


@pytest.mark.parametrize(
    "sentence,is_own",
    [
        ("Le code source de ce site est sur <a href={}>GitHub</a>.", True),
        ("Notre service est <a href={}>open source</a>.", True),
        ("Vous pouvez <a href={}>contribuer sur GitHub</a>.", True),
        ("<a href={}>Modifier cette page</a>", True),
        ("L'équipe du phare publie le sien : <a href={}>GitHub</a>.", False),
        ("Voir l'article de <a href={}>Jeanne</a>.", False),
    ],
)
def test_links_in_the_text_must_speak_of_the_service(judge, dress, sentence, is_own):
    other = "https://github.com/phares/lanterne"
    forges = [(other, "link", {"https://api.github.com/repos/phares/lanterne": github(html_url=other)}, None)]

    verdict = judge("source-code", dress["dsfr"](f"<p>{sentence.format(other)}</p>", ""), forges=forges)

    assert verdict.reason == (Reason.PUBLIC if is_own else Reason.NONE)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.text(max_size=9)
    | st.sampled_from([GITHUB, "NOASSERTION", "public", "other"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["spdx_id", "key", "name"]), inner, max_size=2)
    ),
    max_leaves=4,
)
KEYS = (
    "html_url", "web_url", "private", "visibility", "archived", "size", "license", "licenses", "license_url", "readme_url",
    "empty", "empty_repo", "pushed_at", "message",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(said=st.dictionaries(st.sampled_from(KEYS), JSON), further=JSON, status=st.sampled_from([200, 304, 404, 409]))
def test_whatever_a_forge_answers_nothing_breaks(judge, said, further, status):
    for forge, address, question in (
        (github_api.FORGE, GITHUB, GITHUB_API),
        (gitlab_api.FORGE, GITLAB, f"{GITLAB_API}?license=true"),
        (gitea_api.FORGE, GITEA, GITEA_API),
    ):
        doubts = forge.doubts(repository(address), said)
        api = {question: json.dumps(said), **{url: {"status": status, "body": json.dumps(further)} for url in doubts}}
        for rule in ("source-code", "source-licence"):
            judge(rule, "<p>Le bac.", repository=address, forges=[(address, "declared", api, None)])


def test_every_reason_and_every_warning_has_a_row():
    assert {reason for _, _, reason, *_ in ROWS} | {row[3] for row in FORGES} == set(RULE.outcomes)
    assert {warning for *_, said in (*ROWS, *FORGES) for warning in said} == set(RULE.warnings)
