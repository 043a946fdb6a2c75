"""La mention, la déclaration et le taux disent la même chose.

Pourquoi c'est important
------------------------
Le niveau affiché sur la page d'accueil est une promesse ; la déclaration et le taux de l'audit sont ce qui la fonde. S'ils se
contredisent, personne ne sait auquel se fier.

Ce que nous regardons
---------------------
Le niveau que dit la mention de la page d'accueil, celui que dit la déclaration, et le taux de critères respectés qu'elle
donne. Le taux décide du niveau :

- 100 % : totalement conforme ;
- de 50 à 99,99 % : partiellement conforme ;
- moins de 50 %, ou aucun audit : non conforme.

La mention doit dire le niveau de la déclaration, et la déclaration celui de son taux. Se déclarer « partiellement » ou
« totalement conforme » en disant qu'aucun audit n'a été fait est une contradiction. Une déclaration qui se contredit
elle-même suffit, même sans mention ; sinon, s'il manque la mention, le niveau de la déclaration, ou le taux d'un audit, nous
disons que nous ne savons pas. Une déclaration « non conforme » sans audit n'a pas de taux : c'est permis.

Si la déclaration est publiée sur la page d'accueil même, le niveau qu'elle dit y tient lieu de mention.

Comment corriger
----------------
- Reprenez le taux global du dernier audit, et déduisez-en le niveau.
- Écrivez ce niveau dans la déclaration, puis dans la mention de toutes les pages.

Référence
---------
- Décret n° 2019-768 du 24 juillet 2019, articles 4 et 5.
- Arrêté du 20 septembre 2019, modèle de déclaration.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from checks.model.address import page_key
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.parse.declaration.statement import Statement
from checks.parse.html import Page
from checks.parse.levels import Level
from checks.parse.site import Site


class Reason(StrEnum):
    CONSISTENT = "consistent"
    MENTION_DIFFERS = "mention-differs"
    RATE_DIFFERS = "rate-differs"
    ONE_SIDE_MISSING = "one-side-missing"


TOTALLY = 100
PARTIALLY = 50
"""Percentages from which a level is reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """What each side says of the level: the mention, the declaration, and the rate, or that no audit was made."""

    mention: Level | None
    declaration: Level | None
    measured: Level | None

    @property
    def reason(self) -> Reason:
        if self.mention and self.declaration and self.mention is not self.declaration:
            return Reason.MENTION_DIFFERS
        said = self.declaration or self.mention
        if said and self.measured and said is not self.measured:
            return Reason.RATE_DIFFERS
        is_whole = self.mention and self.declaration and self.measured
        return Reason.CONSISTENT if is_whole else Reason.ONE_SIDE_MISSING


def judge(site: Site) -> Finding:
    if site.obstacle or site.page is None:
        return site.obstacle or Finding(reason=Obstacle.NOT_RUN)
    shown, shown_evidence = _shown(site, site.page)
    reading = site.declaration
    if reading is None or reading.page is None or site.statement is None:
        facts = {"mention": shown, "declaration": None, "rate": None}
        missing = Finding(
            reason=Reason.ONE_SIDE_MISSING, warnings=site.warnings, evidence=(shown_evidence,), facts=facts
        )
        return site.unread_declaration or missing
    said = site.statement
    declared = said.level.value if said.level else None
    if shown is None and page_key(reading.capture.url) == page_key(site.page.capture.url):
        shown = declared
    return Finding(
        reason=_Sides(mention=shown, declaration=declared, measured=_measured(said)).reason,
        warnings=site.page_warnings(reading),
        evidence=(shown_evidence, *_quoted(reading.page, said)),
        facts={"mention": shown, "declaration": declared, "rate": said.rate.value if said.rate else None},
    )


def _shown(site: Site, home: Page) -> tuple[Level | None, Evidence]:
    """The legal level that the home page shows, and where."""
    said = site.mention
    if said is None:
        return None, home.evidence(home.title, home.title_tag)
    return said.said if isinstance(said.said, Level) else None, home.evidence(said.text, said.element)


def _measured(said: Statement) -> Level | None:
    """The level that the rate gives, "not" where no audit was made; ``None`` for an audit without its rate, or in doubt."""
    if said.rate is None:
        is_modest = said.level is not None and said.level.value is Level.NOT
        return Level.NOT if not said.is_audited and (said.says_no_audit or is_modest) else None
    if said.rate.value >= TOTALLY:
        return Level.TOTALLY
    return Level.PARTIALLY if said.rate.value >= PARTIALLY else Level.NOT


def _quoted(page: Page, said: Statement) -> tuple[Evidence, ...]:
    facts = [fact for fact in (said.level, said.rate) if fact]
    quoted = tuple(page.evidence(fact.text, fact.element) for fact in facts)
    return tuple(dict.fromkeys(quoted)) or (page.evidence(page.title, page.title_tag),)


RULE = Rule(
    id="accessibility-declaration-consistency",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Cohérence de la déclaration",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.CONSISTENT: Outcome.PASSED,
        Reason.MENTION_DIFFERS: Outcome.FAILED,
        Reason.RATE_DIFFERS: Outcome.FAILED,
        Reason.ONE_SIDE_MISSING: Outcome.CANT_TELL,
    },
    messages={
        Reason.CONSISTENT: "La mention, la déclaration et le taux disent le même niveau.",
        Reason.MENTION_DIFFERS: "La page d'accueil affiche un autre niveau que la déclaration.",
        Reason.RATE_DIFFERS: "Le niveau annoncé n'est pas celui du taux, ou d'un service sans audit.",
        Reason.ONE_SIDE_MISSING: "Il manque la mention, le niveau ou le taux de la déclaration : rien à comparer.",
    },
    warnings={
        "external-host": "La déclaration est publiée sur un autre site.",
        "pdf": "La déclaration est, ou semble être, un document à télécharger plutôt qu'une page du site.",
        "insecure": "La page est servie en http, sans chiffrement.",
    },
)
