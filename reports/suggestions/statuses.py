"""What the verdicts on accessibility say of the registry's status."""

from __future__ import annotations

from collections.abc import Mapping

from checks.model.french import fold
from checks.model.outcome import Outcome
from checks.model.service import Service
from checks.model.verdict import Verdict
from reports.suggestions.suggestion import Field, Suggestion, suggestion

STATUSES: Mapping[str, str] = {
    "totally": "totalement conforme",
    "partially": "partiellement conforme",
    "not": "non conforme",
}
"""The words of the registry for each level of the law; source: ``accessibility_status`` in ``content/_startups/``."""

MENTION = "accessibility-mention"
DECLARATION = "accessibility-declaration"
_MODEL = "accessibility-declaration-model"
_VALIDITY = "accessibility-declaration-validity"
_CONSISTENCY = "accessibility-declaration-consistency"


def status(service: Service, verdicts: Mapping[str, Verdict]) -> Suggestion | None:
    """What the registry should change in the status of a service, by its verdicts, ``{rule: verdict}``.

    The level of the mention is proposed, else that of the declaration, unless the site contradicts itself or its
    declaration is too old to be believed.
    """
    said = _said(verdicts)
    if said is None:
        return None
    words, verdict = said
    present = service.accessibility_status
    if present and fold(present) == words:
        return None
    where = "La page d'accueil affiche" if verdict.rule == MENTION else "La déclaration d'accessibilité dit"
    now = f"le registre dit « {present} »" if present else "le registre ne dit rien"
    doubt = _doubt(verdicts, words)
    reason = f"{where} « {words} », {now}" + (f" ; mais {doubt} : à vérifier." if doubt else ".")
    return suggestion(service, Field.ACCESSIBILITY, verdict, reason, None if doubt else words)


def _said(verdicts: Mapping[str, Verdict]) -> tuple[str, Verdict] | None:
    """The status that the site shows, and the verdict that says so."""
    mention, declaration, model = (verdicts.get(rule) for rule in (MENTION, DECLARATION, _MODEL))
    if mention and mention.outcome is Outcome.PASSED and (mention.value or "") in STATUSES:
        return STATUSES[mention.value or ""], mention
    level = str(model.facts.get("level")) if model else ""
    if declaration and declaration.outcome is Outcome.PASSED and level in STATUSES:
        return STATUSES[level], declaration
    return None


def _doubt(verdicts: Mapping[str, Verdict], words: str) -> str:
    """A French clause that says why the level shown cannot be relied on; empty if nothing speaks against it."""
    consistency, validity = verdicts.get(_CONSISTENCY), verdicts.get(_VALIDITY)
    if consistency and consistency.outcome is Outcome.FAILED:
        if consistency.reason == "mention-differs":
            return "sa déclaration dit un autre niveau"
        return "le taux de l'audit, ou l'absence d'audit, donne un autre niveau"
    if validity and validity.outcome is Outcome.FAILED and words != STATUSES["not"]:
        return "sa déclaration a plus de trois ans"
    return ""
