"""Le budget publié est à jour.

Pourquoi c'est important
------------------------
Un budget d'il y a trois ans ne dit pas ce que le service coûte aujourd'hui. L'engagement est de le publier chaque année.

Ce que nous regardons
---------------------
Dans la page de budget que retient la règle `budget-page`, les années qui accompagnent des montants : dans la même phrase, la
même ligne de tableau, l'en-tête ou le titre au-dessus. Une année au moins doit être celle de l'audit ou la précédente.

Un document que nous ne lisons pas (tableur, document partagé affiché par des scripts, PDF numérisé) ne dit pas ses années :
nous disons alors que nous ne savons pas.

Comment corriger
----------------
- Ajoutez les montants de l'année en cours ou de l'année passée, avec l'année en toutes lettres : « Budget 2026 ».
- Publiez le budget dans une page du site plutôt que dans un document à télécharger.

Référence
---------
- Standard beta.gouv.fr « Le budget de l'équipe est public ».
"""

from __future__ import annotations

from enum import StrEnum

from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.model.service import PhaseGroup
from checks.parse.reading import Reading
from checks.parse.site import Site
from checks.parse.transparency.budget import amounts, budget_years
from checks.parse.transparency.publication import published
from checks.rules.transparency import budget_page

_YEARS = 1
"""How many years old a budget may be."""


class Reason(StrEnum):
    FRESH = "fresh"
    STALE = "stale"
    NO_YEAR = "no-year"
    NOT_READ = "document-not-read"
    NO_BUDGET = "no-budget"


def judge(site: Site) -> Finding:
    reading = published(site, budget_page.sought(site))
    if reading:
        return _of_budget(site, reading)
    finding = budget_page.judge(site)
    is_missing = budget_page.RULE.outcome(finding.reason) is Outcome.FAILED
    return Finding(reason=Reason.NO_BUDGET, warnings=site.warnings) if is_missing else finding


def _of_budget(site: Site, reading: Reading) -> Finding:
    page, known = reading.page, budget_page.budget_lines(reading)
    given = amounts(known)
    if page is None or not given:
        return Finding(reason=Reason.NOT_READ, warnings=site.warnings, evidence=(reading.evidence(),))
    years = budget_years(known, site.as_of.year)
    if not years:
        where = page.evidence(given[0].text, given[0].element)
        return Finding(reason=Reason.NO_YEAR, warnings=site.warnings, evidence=(where,))
    last = max(years)
    return Finding(
        reason=Reason.FRESH if last >= site.as_of.year - _YEARS else Reason.STALE,
        value=str(last),
        warnings=site.warnings,
        evidence=(page.evidence(years[last].text, years[last].element),),
    )


RULE = Rule(
    id="budget-freshness",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Budget à jour",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.FRESH: Outcome.PASSED,
        Reason.STALE: Outcome.FAILED,
        Reason.NO_YEAR: Outcome.CANT_TELL,
        Reason.NOT_READ: Outcome.CANT_TELL,
        Reason.NO_BUDGET: Outcome.INAPPLICABLE,
    },
    messages={
        Reason.FRESH: "Le budget publié donne des montants pour cette année ou la précédente.",
        Reason.STALE: "Le budget publié s'arrête avant l'année dernière.",
        Reason.NO_YEAR: "Le budget publié donne des montants, mais ne dit pas pour quelle année.",
        Reason.NOT_READ: "Le budget est dans un document que nous ne lisons pas : ses années ne sont pas connues.",
        Reason.NO_BUDGET: "Le service n'a pas publié de budget.",
    },
    skips=frozenset({PhaseGroup.INVESTIGATION}),
)
