from __future__ import annotations

import pytest

from checks.model.capture import FailureKind
from checks.model.service import PhaseGroup
from checks.rules.transparency.source_code import RULE, Reason

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
    (OWN, "https://github.com/port-embouchure", FORGE, OWN, ()),
    (None, "https://port.example/sources.zip", NO_FORGE, None, ("not-linked-from-site",)),
    (OWN, "https://port.example/sources.zip", FORGE, OWN, ()),
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


def test_every_reason_and_every_warning_has_a_row():
    # No capture shows a forge's answer yet, so no row can find a repository public.
    assert {reason for _, _, reason, *_ in ROWS} == set(RULE.outcomes) - {Reason.PUBLIC}
    assert {warning for *_, warnings in ROWS for warning in warnings} == set(RULE.warnings)
