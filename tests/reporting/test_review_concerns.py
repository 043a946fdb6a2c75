"""Why a verdict is worth a look: each doubt from what the rules, the registry, the runs before and people say."""

from __future__ import annotations

from datetime import date

import pytest

from checks.catalogue import BY_ID
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from reports.overrides.override import Override
from reports.review.case import cases_of
from reports.review.concern import LABELS, ORDER, Kind
from reports.review.subject import Subject
from reports.store.past import PastVerdict
from reports.store.records import AuditedService

PASSED, FAILED, CANT_TELL, INAPPLICABLE, UNTESTED = Outcome
DAY = date(2026, 11, 23)
HOME = "https://un.fr/"
STATUSES = dict.fromkeys(BY_ID, "active")


def verdict(rule, reason, outcome=None, url=HOME, **more):
    about = {"run": "r", "service": "un", "version": 1, "at": "2026-11-23T06:00:00Z", "rule": rule, "reason": reason}
    evidence = (Evidence(url=url, capture="<urn:1>"),) if url else ()
    return Verdict(**{**about, "outcome": outcome or BY_ID[rule].outcome(reason), "evidence": evidence, **more})


def override(rule="https", outcome=PASSED, until=date(2027, 5, 23)):
    return Override(
        service="un", rule=rule, outcome=outcome, reason="Vu.", author="a.b", evidence="https://un.fr/vu", until=until
    )


def past(*outcomes, version=1):
    return [
        PastVerdict(run=f"r{number}", as_of=f"2026-{10 - number:02}-23", version=version, outcome=outcome)
        for number, outcome in enumerate(outcomes)
    ]


def cases(*verdicts, overrides=(), before=None, expired=(), **declared):
    service = Service(id="un", name="Un", urls=(HOME,), **declared)
    audited = AuditedService(
        service=service, group=PhaseGroup.CONSTRUCTION, verdicts=verdicts, overrides=tuple(overrides)
    )
    subject = Subject(audited=audited, day=DAY, rules=BY_ID, past=before or {}, expired=expired)
    return cases_of(subject, STATUSES)


def kinds(*verdicts, **more):
    return [kind for case in cases(*verdicts, **more) for kind in case.kinds]


def why(*verdicts, **more):
    """The only reason of the only case."""
    (case,) = cases(*verdicts, **more)
    (concern,) = case.concerns
    return concern.why.replace("\N{NO-BREAK SPACE}", " ")


def test_every_kind_has_its_words_and_its_place():
    assert set(LABELS) == set(Kind) == set(ORDER)


def test_what_is_plain_is_not_listed():
    plain = (
        verdict("https", "redirects-to-https"),
        verdict("https", "no-redirect"),
        verdict("statistics-page", "none"),
        verdict("statistics-page", "declared-and-verified", warnings=("external-host", "not-linked-from-home")),
        verdict("security-headers", "grade-below-b", facts={"score": 0}),
        verdict("https", "no-url", INAPPLICABLE),
        verdict("https", "not-run", UNTESTED),
    )
    assert [kinds(one) for one in plain] == [[]] * len(plain)


def test_an_obstacle_of_the_whole_site_is_one_line_wherever_it_was_met():
    hit = [
        verdict(rule, "unreachable", url=f"{HOME}{number}" if number % 3 else None)
        for number, rule in enumerate(list(BY_ID)[:10])
    ]
    other = verdict("source-code", "organisation-only", url=None)
    whole, alone = cases(*hit, other)
    assert [len(one.verdicts) for one in (whole, alone)] == [10, 1]
    assert whole.kind is Kind.UNDECIDED
    assert whole.alternatives == {one.rule: {PASSED, FAILED} for one in hit}


def test_the_same_obstacle_on_two_pages_of_a_site_that_answers_is_two_lines():
    answered = [verdict(rule, "absent") for rule in ("hsts", "x-content-type-options", "content-security-policy")]
    hidden = [
        verdict("statistics-page", "unreachable", url="https://a/"),
        verdict("budget-page", "unreachable", url="https://b/"),
    ]
    assert [case.address for case in cases(*answered, *hidden)] == ["https://a/", "https://b/"]


@pytest.mark.parametrize(
    "mention, declaration, expected", [(FAILED, PASSED, 1), (PASSED, FAILED, 1), (PASSED, PASSED, 1)]
)
def test_sides_that_cannot_be_compared_are_a_doubt_only_where_both_are_there(mention, declaration, expected):
    sides = (
        verdict("accessibility-mention", "level-not" if mention is PASSED else "no-mention"),
        verdict("accessibility-declaration", "declaration-found" if declaration is PASSED else "no-page"),
        verdict("accessibility-declaration-consistency", "one-side-missing"),
    )
    found = kinds(*sides)
    assert len(found) == expected
    assert (Kind.UNDECIDED in found) is (mention is declaration is PASSED)


@pytest.mark.parametrize(
    "now, before, kind",
    [
        (FAILED, [PASSED], Kind.FLIP),
        (PASSED, [FAILED, FAILED, FAILED], Kind.FLIP),
        (FAILED, [CANT_TELL, PASSED], Kind.FLIP),
        (FAILED, [PASSED, FAILED], Kind.UNSETTLED),
        (PASSED, [PASSED, CANT_TELL, FAILED, PASSED], Kind.UNSETTLED),
        (FAILED, [FAILED, PASSED], None),
        (FAILED, [CANT_TELL], None),
        (FAILED, [INAPPLICABLE, INAPPLICABLE], None),
        (FAILED, [], None),
    ],
)
def test_what_changed_between_audits(now, before, kind):
    one = verdict("https", "no-redirect" if now is FAILED else "redirects-to-https")
    assert kinds(one, before={"https": past(*before)}) == ([kind] if kind else [])


def test_a_flip_says_when_and_whether_the_rule_changed():
    one = verdict("https", "no-redirect")
    words = why(one, before={"https": past(PASSED)})
    assert words.startswith("« Respecté » à l'audit du 23 octobre 2026, « Non respecté » à celui-ci : le site a changé")
    assert "(version 3, puis 1)" in why(one, before={"https": past(PASSED, version=3)})


def test_what_the_registry_declares_and_the_site_does_not_confirm():
    one = verdict("statistics-page", "none")
    declared = "https://stats.fr/un"
    (case,) = cases(one, statistics_url=declared)
    assert (case.kind, case.address) == (Kind.REGISTRY, declared)
    assert "« page de statistiques : https://stats.fr/un »" in case.concerns[0].why.replace("\N{NO-BREAK SPACE}", " ")
    (case,) = cases(verdict("accessibility-mention", "no-mention"), accessibility_status="non conforme")
    assert (case.kind, case.address) == (Kind.REGISTRY, HOME)
    assert kinds(one, budget_url=declared) == []


def test_what_the_site_has_and_the_registry_does_not():
    repository = "https://github.com/a/b"
    one = verdict("source-code", "public-repository", warnings=("not-in-registry",), facts={"repository": repository})
    (case,) = cases(one)
    assert (case.kind, case.address) == (Kind.UNDECLARED, repository)
    assert "le registre donne https://github.com/c/d" in why(one, repository="https://github.com/c/d")


def test_another_level_than_that_of_the_registry_puts_no_outcome_in_doubt():
    one = verdict("accessibility-mention", "level-not", value="not", warnings=("mention-differs-from-registry",))
    (case,) = cases(one, accessibility_status="{partiellement} conforme")
    assert case.kind is Kind.REGISTRY
    assert case.alternatives == {"accessibility-mention": frozenset()}
    assert why(one, accessibility_status="{partiellement} conforme") == (
        "Le registre déclare « {partiellement} conforme », la page d'accueil affiche « non conforme »."
    )
    moved = verdict("accessibility-mention", "level-not", value="not", warnings=(*one.warnings, "moved"))
    (case,) = cases(moved, accessibility_status="partiellement conforme")
    assert case.kind is Kind.MARGIN, "what puts the outcome in doubt goes first"


def test_a_service_that_contradicts_itself():
    levels = {"mention": "totally", "declaration": "not", "rate": 42.5}
    shown, absent = verdict("accessibility-mention", "level-not"), verdict("accessibility-declaration", "no-page")
    assert [case.verdicts[0].rule for case in cases(shown, absent)] == ["accessibility-declaration"]
    assert why(
        verdict("accessibility-mention", "no-mention"), verdict("accessibility-declaration", "declaration-found")
    ) == (
        "Le service publie une déclaration d'accessibilité, mais : la page d'accueil ne dit pas le niveau de conformité au RGAA."
    )
    assert why(verdict("accessibility-declaration-consistency", "mention-differs", facts=levels)).endswith(
        "(mention totalement conforme, déclaration non conforme, taux de 42,5 %)."
    )
    hostile = {"mention": ["x"], "declaration": {"y": 1}, "rate": "z"}
    assert "(" not in why(verdict("accessibility-declaration-consistency", "mention-differs", facts=hostile))


@pytest.mark.parametrize(
    "one, said",
    [
        (verdict("statistics-page", "no-figures"), "notre lecture qui le refuse"),
        (verdict("accessibility-mention", "template-placeholder"), "notre lecture qui le refuse"),
        (verdict("accessibility-declaration-model", "parts-missing", facts={"missing": ["{contact}"]}), "partie : {contact}."),
        (verdict("accessibility-declaration-model", "parts-missing", facts={"missing": ["a", "b"]}), None),
        (verdict("accessibility-declaration", "declaration-found", facts={"signs": ["title", "law"]}), "à 2 signes"),
        (verdict("accessibility-declaration", "declaration-found", facts={"signs": ["a", "b", "c"]}), None),
        (verdict("accessibility-declaration", "declaration-found", warnings=("external-host",)), "sur un autre site"),
        (verdict("accessibility-declaration", "no-page", warnings=("external-host",)), None),
        (verdict("statistics-page", "found-at-conventional-path", warnings=("not-linked-from-home",)), "n'y mène pas"),
        (verdict("https", "no-redirect", warnings=("moved",)), "à une autre adresse"),
        (verdict("hsts", "absent", warnings=("insecure-fetch",)), "sans le vérifier"),
        (verdict("hsts", "absent", warnings=("second-visit",)), "second passage"),
        (verdict("security-headers", "grade-below-b", facts={"score": 60}), None),
        (verdict("security-headers", "grade-below-b", facts={"score": 65}), "de 65 points"),
        (verdict("security-headers", "grade-b-or-better", facts={"score": 70}), "de 70 points"),
        (verdict("security-headers", "grade-b-or-better", facts={"score": 75}), None),
        (verdict("accessibility-declaration-validity", "valid", facts={"expires": "2026-12-23"}), "expire le 23 décembre"),
        (verdict("accessibility-declaration-validity", "expired", facts={"expires": "2026-10-24"}), "a expiré le 24 octobre"),
        (verdict("accessibility-declaration-validity", "valid", facts={"expires": "2026-12-24"}), None),
        (verdict("accessibility-declaration-validity", "valid", facts={"expires": ["hier"]}), None),
    ],
)  # fmt: skip
def test_a_margin_is_one_that_the_rule_gives(one, said):
    if said is None:
        assert kinds(one) == []
    else:
        assert kinds(one) == [Kind.MARGIN]
        assert said in why(one)


def test_a_budget_that_counts_unread():
    budget = verdict("budget-page", "declared-and-verified")
    assert kinds(budget, verdict("budget-freshness", "fresh")) == []
    case, _ = cases(budget, verdict("budget-freshness", "document-not-read"))
    assert (case.kind, case.verdicts) == (Kind.MARGIN, (budget,))


def test_a_warning_of_the_site_is_one_line():
    moved = [
        verdict(rule, "absent", url=f"{HOME}{rule}", warnings=("moved",))
        for rule in ("hsts", "content-security-policy")
    ]
    (case,) = cases(*moved, verdict("https", "redirects-to-https"))
    assert len(case.verdicts) == 2


@pytest.mark.parametrize(
    "held, found, before, said",
    [
        (override(), "no-redirect", [FAILED], None),
        (
            override(until=date(2026, 12, 1)),
            "no-redirect",
            [FAILED],
            "La correction de a.b (« Respecté ») expire le 1er décembre",
        ),
        (override(), "redirects-to-https", [FAILED], "La correction de a.b dit ce que dit le verdict automatique"),
        (override(), "no-redirect", [CANT_TELL], "est passé de « Indéterminé » à « Non respecté »"),
        (override(), "no-redirect", [], None),
    ],
)
def test_a_correction_is_looked_at_when_it_ends_or_the_machine_says_another_thing(held, found, before, said):
    one = verdict("https", found, warnings=("moved",))
    more = {"overrides": [held], "before": {"https": past(*before)}}
    if said is None:
        assert cases(one, **more) == ()
    else:
        assert said in why(one, **more)


def test_a_correction_that_ended_is_looked_at_while_it_would_say_another_thing():
    gone = override(until=date(2026, 11, 1))
    (case,) = cases(verdict("https", "no-redirect"), expired=[gone])
    assert (case.kind, case.address) == (Kind.CORRECTION, gone.evidence)
    assert case.alternatives == {"https": {PASSED}}
    assert cases(verdict("https", "redirects-to-https"), expired=[gone]) == ()
    assert Kind.CORRECTION in kinds(verdict("https", "unreachable"), expired=[gone])


def test_a_rule_of_another_version_is_told_all_the_same():
    one = verdict("https", "no-redirect", warnings=("moved", "of-then"))
    gone = Verdict(
        **{
            **{name: getattr(one, name) for name in one.__slots__},
            "rule": "ancienne",
            "outcome": CANT_TELL,
            "reason": "motif",
        }
    )
    assert why(gone) == "Motif « motif »."
