"""What a registry should change, from hand-made verdicts."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.service import Service
from checks.model.verdict import Verdict
from reports.suggestions.addresses import lasting_address
from reports.suggestions.suggest import suggestions
from reports.suggestions.suggestion import Field, standing
from reports.suggestions.table import COLUMNS, as_csv, as_json, as_text

HOME = "https://exemple.fr/"
STATS = "https://exemple.fr/stats"
OLD = "https://exemple.fr/ancien"
REPOSITORY = "https://github.com/exemple/service"
PASSED, FAILED, CANT_TELL = Outcome.PASSED, Outcome.FAILED, Outcome.CANT_TELL


def service(**fields):
    return Service(id="service", name="Service", urls=(HOME,), **fields)


def verdict(rule, outcome, reason, *pages, value=None, warnings=(), **facts):
    return Verdict(
        run="2026-11-23T0600Z",
        service="service",
        rule=rule,
        version=1,
        outcome=outcome,
        reason=reason,
        value=value,
        warnings=tuple(warnings),
        at="2026-11-23T06:00:00Z",
        evidence=tuple(Evidence(url=page, capture="<urn:uuid:0>") for page in pages),
        facts=facts,
    )


def suggested(fields, *verdicts):
    """``(action, present, proposed, evidence)`` of the only suggestion; ``None`` if there is none."""
    found = suggestions([service(**fields)], verdicts)
    assert len(found) <= 1
    assert all(one.reason.endswith(".") and one.rule == one.rule.strip() for one in found)
    return (found[0].action.value, found[0].present, found[0].proposed, found[0].evidence) if found else None


PUBLISHED = {
    "found on the site": (None, PASSED, "found-on-site", ["not-in-registry"], ("add", None, STATS, STATS)),
    "found at a usual path": (
        None,
        PASSED,
        "found-at-conventional-path",
        ["not-in-registry", "not-linked-from-home"],
        ("add", None, STATS, STATS),
    ),
    "broken, found elsewhere": (
        OLD,
        PASSED,
        "found-on-site",
        ["declared-broken-but-found"],
        ("replace", OLD, STATS, STATS),
    ),
    "declared could not be read": (OLD, PASSED, "found-on-site", [], None),
    "declared and good": (OLD, PASSED, "declared-and-verified", [], None),
    "found where it is declared": (STATS, PASSED, "found-on-site", ["declared-broken-but-found"], None),
    "a reason of another version": (None, PASSED, "found-in-a-dream", [], None),
    "broken": (OLD, FAILED, "declared-broken", [], ("check", OLD, None, STATS)),
    "soft 404": (OLD, FAILED, "soft-404", [], ("check", OLD, None, STATS)),
    "leads home": (OLD, FAILED, "leads-home", [], ("check", OLD, None, STATS)),
    "login": (OLD, FAILED, "login-required", [], ("check", OLD, None, STATS)),
    "placeholder": (OLD, FAILED, "placeholder", [], ("check", OLD, None, STATS)),
    "declared never seen": (OLD, FAILED, "none", [], None),
    "nothing anywhere": (None, FAILED, "none", [], None),
    "a link of the site is broken": (None, FAILED, "soft-404", [], None),
    "blocked": (OLD, CANT_TELL, "blocked", [], None),
    "unreachable": (None, CANT_TELL, "unreachable", [], None),
    "phase": (OLD, Outcome.INAPPLICABLE, "phase", [], None),
}


@pytest.mark.parametrize("rule,field", [("statistics-page", "statistics_url"), ("budget-page", "budget_url")])
@pytest.mark.parametrize("case", PUBLISHED)
def test_a_page_that_passed_is_proposed_and_a_broken_one_is_to_check(rule: str, field: str, case: str):
    present, outcome, reason, warnings, expected = PUBLISHED[case]

    assert suggested({field: present}, verdict(rule, outcome, reason, STATS, STATS, warnings=warnings)) == expected


@pytest.mark.parametrize(
    "rule,reason",
    [("statistics-page", "no-figures"), ("budget-page", "no-amounts"), ("budget-page", "not-attributable")],
)
def test_reasons_of_one_rule_are_to_check(rule: str, reason: str):
    found = suggested({"statistics_url": OLD, "budget_url": OLD}, verdict(rule, FAILED, reason, OLD))

    assert found == ("check", OLD, None, OLD)


def test_the_reason_says_what_is_known_of_the_page_and_of_the_registry():
    warnings = ["not-in-registry", "external-host", "insecure"]
    given = Service(id="service", name="Service", warnings=("registry-value-unusable:budget_url",))

    (found,) = suggestions([given], [verdict("budget-page", PASSED, "found-on-site", STATS, warnings=warnings)])

    assert found.reason == (
        "La valeur du registre n'est pas une adresse utilisable ; une page de budget est liée depuis le site. "
        "Elle est publiée sur un autre site que celui du service. Elle est servie en http, sans chiffrement."
    )
    assert (found.rule, found.verdict) == ("budget-page", "found-on-site")


ADDRESSES = {
    "https://exemple.fr/stats": "https://exemple.fr/stats",
    "https://exemple.fr/stats?utm_source=a&utm_medium=b": "https://exemple.fr/stats",
    "https://exemple.fr/stats?an=2026&utm_source=a&vue=1": "https://exemple.fr/stats?an=2026&vue=1",
    "https://exemple.fr/stats?fbclid=a#mois": "https://exemple.fr/stats#mois",
    "https://stats.fr/index.php?module=CoreHome&idSite=126#?period=day&category=b": (
        "https://stats.fr/index.php?module=CoreHome&idSite=126#?period=day&category=b"
    ),
    "https://pad.fr/s/budgets?view#mon-service": "https://pad.fr/s/budgets?view#mon-service",
    "https://exemple.fr/#/stats": "https://exemple.fr/#/stats",
    "https://exemple.fr/stats#": "https://exemple.fr/stats",
    "https://exemple.fr/stats?": "https://exemple.fr/stats",
    "https://exemple.fr/stats#:~:text=des%20mots": "https://exemple.fr/stats",
    "https://exemple.fr/stats#mois:~:text=des%20mots": "https://exemple.fr/stats#mois",
    "https://exemple.fr/stats#xtor=RSS-1": "https://exemple.fr/stats",
    "https://exemple.fr/stats;jsessionid=12ab?a=1": "https://exemple.fr/stats?a=1",
    "https://exemple.fr/d%C3%A9penses?q=a%20b+c": "https://exemple.fr/d%C3%A9penses?q=a%20b+c",
    "http://exemple.fr:8080/stats": "http://exemple.fr:8080/stats",
    "https://nom:secret@exemple.fr/stats": None,
    "https://exemple.fr/a b": None,
    "/stats": None,
    "": None,
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_an_address_keeps_what_names_the_page_and_nothing_of_a_visit(url: str):
    assert lasting_address(url) == ADDRESSES[url]


API = "https://api.github.com/repos/exemple/service"
ORGANISATION = "https://github.com/exemple"
OTHER = "https://github.com/exemple/autre"
SOURCES = {
    "found on the site": (
        None,
        PASSED,
        "public-repository",
        ["not-in-registry"],
        REPOSITORY,
        ("add", None, REPOSITORY, HOME),
    ),
    "known": (REPOSITORY, PASSED, "public-repository", [], REPOSITORY, None),
    "known, written otherwise": (
        "http://www.GitHub.com/Exemple/service.git/",
        PASSED,
        "public-repository",
        [],
        REPOSITORY,
        None,
    ),
    "a branch of it is given": (f"{REPOSITORY}/tree/main", PASSED, "public-repository", [], REPOSITORY, None),
    "renamed": (OTHER, PASSED, "public-repository", ["renamed"], REPOSITORY, ("replace", OTHER, REPOSITORY, API)),
    "renamed, and the site names yet another": (
        OTHER,
        PASSED,
        "public-repository",
        ["renamed", "not-in-registry"],
        REPOSITORY,
        ("check", OTHER, None, HOME),
    ),
    "the name of another begins alike": (
        f"{REPOSITORY}-web",
        PASSED,
        "public-repository",
        ["renamed"],
        REPOSITORY,
        ("replace", f"{REPOSITORY}-web", REPOSITORY, API),
    ),
    "an organisation, a repository on the site": (
        ORGANISATION,
        PASSED,
        "public-repository",
        ["not-in-registry"],
        REPOSITORY,
        ("check", ORGANISATION, None, HOME),
    ),
    "archived only": (REPOSITORY, PASSED, "public-repository", ["archived"], REPOSITORY, None),
    "gone": (REPOSITORY, FAILED, "not-public", [], REPOSITORY, ("check", REPOSITORY, None, API)),
    "empty": (REPOSITORY, FAILED, "empty-repository", [], REPOSITORY, ("check", REPOSITORY, None, API)),
    "one that the site names is gone": (OTHER, FAILED, "not-public", ["not-in-registry"], REPOSITORY, None),
    "the design system": (OTHER, FAILED, "none", [], None, ("check", OTHER, None, API)),
    "none anywhere": (None, FAILED, "none", [], None, None),
    "no forge answered": (OTHER, CANT_TELL, "forge-unavailable", ["not-in-registry"], REPOSITORY, None),
    "found, no forge answered": (None, CANT_TELL, "forge-unavailable", ["not-in-registry"], REPOSITORY, None),
    "organisation only": (ORGANISATION, CANT_TELL, "organisation-only", [], ORGANISATION, None),
    "a fact that is no address": (None, PASSED, "public-repository", ["not-in-registry"], 12, None),
}


@pytest.mark.parametrize("case", SOURCES)
def test_a_repository_is_replaced_by_its_new_name_alone(case: str):
    present, outcome, reason, warnings, url, expected = SOURCES[case]
    said = verdict("source-code", outcome, reason, API, HOME, warnings=warnings, repository=url)

    assert suggested({"repository": present}, said) == expected


def test_another_repository_is_named_for_a_person_to_choose():
    said = verdict(
        "source-code", PASSED, "public-repository", API, HOME, warnings=["not-in-registry"], repository=REPOSITORY
    )

    (found,) = suggestions([service(repository=OTHER)], [said])

    assert REPOSITORY in found.reason


def mention(level, reason=""):
    outcome = PASSED if level else FAILED
    return verdict("accessibility-mention", outcome, reason or f"level-{level}", HOME, value=level)


DECLARATION = "https://exemple.fr/accessibilite"
DECLARED = verdict("accessibility-declaration", PASSED, "declaration-found", DECLARATION)
MODEL = verdict("accessibility-declaration-model", FAILED, "parts-missing", DECLARATION, level="partially")
NO_MENTION = mention(None, "no-mention")
EXPIRED = verdict("accessibility-declaration-validity", FAILED, "expired", DECLARATION)
RATE = verdict("accessibility-declaration-consistency", FAILED, "rate-differs", HOME, DECLARATION)
DIFFERS = verdict("accessibility-declaration-consistency", FAILED, "mention-differs", HOME, DECLARATION)
HALF = verdict("accessibility-declaration-consistency", CANT_TELL, "one-side-missing", HOME)
PARTLY, NOT, TOTALLY = "partiellement conforme", "non conforme", "totalement conforme"
STATUSES = {
    "the mention differs": (NOT, [mention("partially")], ("replace", NOT, PARTLY, HOME)),
    "the registry says nothing": (None, [mention("totally"), HALF], ("add", None, TOTALLY, HOME)),
    "words of no level": ("en cours", [mention("not")], ("replace", "en cours", NOT, HOME)),
    "the same": (PARTLY, [mention("partially")], None),
    "the same in other letters": ("  Partiellement CONFORME", [mention("partially")], None),
    "the declaration, without a mention": (
        NOT,
        [NO_MENTION, DECLARED, MODEL, HALF],
        ("replace", NOT, PARTLY, DECLARATION),
    ),
    "the declaration says the same": (PARTLY, [NO_MENTION, DECLARED, MODEL], None),
    "a page that is no declaration": (NOT, [NO_MENTION, MODEL], None),
    "the mention comes first": (NOT, [mention("totally"), DECLARED, MODEL], ("replace", NOT, TOTALLY, HOME)),
    "mention and declaration differ": (NOT, [mention("totally"), DECLARED, MODEL, DIFFERS], ("check", NOT, None, HOME)),
    "the rate says otherwise": (NOT, [mention("partially"), RATE], ("check", NOT, None, HOME)),
    "the declaration is too old": (NOT, [mention("partially"), EXPIRED], ("check", NOT, None, HOME)),
    "too old, and modest": (PARTLY, [mention("not"), EXPIRED], ("replace", PARTLY, NOT, HOME)),
    "in contradiction, as the registry": (PARTLY, [mention("partially"), RATE], None),
    "no mention": (NOT, [NO_MENTION], None),
    "unread": (NOT, [verdict("accessibility-mention", CANT_TELL, "blocked", HOME)], None),
}


@pytest.mark.parametrize("case", STATUSES)
def test_the_status_is_what_the_site_says_unless_it_contradicts_itself(case: str):
    present, verdicts, expected = STATUSES[case]

    assert suggested({"accessibility_status": present}, *verdicts) == expected


def several():
    first = Service(id="b", name="Bé, le « premier »", repository=OTHER)
    second = Service(id="a", name="=1+1", statistics_url=OLD)
    verdicts = [
        verdict("statistics-page", FAILED, "declared-broken", OLD),
        verdict("source-code", PASSED, "public-repository", API, warnings=["renamed"], repository=REPOSITORY),
        verdict("statistics-page", PASSED, "found-on-site", STATS, warnings=["not-in-registry"]),
    ]
    owned = zip(verdicts, ["a", "b", "b"], strict=True)
    return [first, second], [Verdict.from_json({**one.to_json(), "service": name}) for one, name in owned]


def test_services_come_in_the_order_of_the_run_and_fields_in_that_of_the_registry():
    found = suggestions(*several())

    assert [(one.service, one.field) for one in found] == [
        ("b", Field.STATISTICS),
        ("b", Field.REPOSITORY),
        ("a", Field.STATISTICS),
    ]


def test_the_table_has_stable_columns_and_no_formula():
    rows = list(csv.DictReader(StringIO(as_csv(suggestions(*several())), newline="")))

    assert tuple(rows[0]) == COLUMNS
    assert [row["action"] for row in rows] == ["add", "replace", "check"]
    assert rows[0] | {"reason": ""} == {
        "service": "b",
        "name": "Bé, le « premier »",
        "field": "statistics_url",
        "action": "add",
        "present": "",
        "proposed": STATS,
        "reason": "",
        "rule": "statistics-page",
        "verdict": "found-on-site",
        "evidence": STATS,
    }
    assert rows[2]["name"] == "'=1+1"


def test_the_document_and_the_lines_say_the_same():
    found = suggestions(*several())
    document = json.loads(as_json("2026-11-23T0600Z", found))

    assert document["run"] == "2026-11-23T0600Z"
    assert [tuple(line) for line in document["suggestions"]] == [COLUMNS] * 3
    assert document["suggestions"][2]["proposed"] is None
    assert f"repository : {OTHER} → {REPOSITORY}" in as_text(found)
    assert f"statistics_url : {OLD} → à vérifier" in as_text(found)
    assert as_text(()) == "Rien à changer."
    assert as_csv(()).strip() == ",".join(COLUMNS)


def test_in_a_registry_of_another_day_what_changed_since_is_left_alone():
    found = suggestions(*several())

    today = standing(found, [Service(id="b", name="b", statistics_url=STATS, repository=HOME)])

    assert [one.field for one in today.done] == [Field.STATISTICS]
    assert [one.field for one in today.outdated] == [Field.REPOSITORY]
    assert today.due == ()
    assert today.absent == ("a",)


def test_in_the_same_registry_all_is_due():
    services, verdicts = several()
    found = suggestions(services, verdicts)

    assert standing(found, services).due == found


def test_a_status_in_other_letters_is_the_same():
    (found,) = suggestions([service(accessibility_status="Non  Conforme")], [mention("partially")])

    assert standing([found], [service(accessibility_status="non conforme")]).due == (found,)
    assert standing([found], [service(accessibility_status="Partiellement conforme")]).done == (found,)
