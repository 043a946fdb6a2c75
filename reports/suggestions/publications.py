"""What the verdicts on statistics and budget say of the registry's addresses."""

from __future__ import annotations

from collections.abc import Mapping

from checks.model.outcome import Outcome
from checks.model.service import Service
from checks.model.verdict import Verdict
from reports.suggestions.addresses import lasting_address
from reports.suggestions.suggestion import Field, Suggestion, is_unusable, suggestion

RULES: Mapping[str, Field] = {"statistics-page": Field.STATISTICS, "budget-page": Field.BUDGET}
_PAGES = {Field.STATISTICS: "page de statistiques", Field.BUDGET: "page de budget"}
_FOUND = {
    "found-on-site": "une {page} est liée depuis le site",
    "found-at-conventional-path": "une {page} répond à une adresse d'usage du site",
}
_WANTING = {
    "declared-broken": "répond par une erreur",
    "soft-404": "mène à une page d'erreur du site",
    "leads-home": "ramène à la page d'accueil",
    "login-required": "demande de se connecter",
    "placeholder": "mène à une page d'attente",
    "no-figures": "mène à une page sans aucun chiffre",
    "no-amounts": "mène à une page sans aucun montant en euros pour le service",
    "not-attributable": "ne désigne pas un document propre au service",
}
_CAVEATS = {
    "external-host": "Elle est publiée sur un autre site que celui du service.",
    "insecure": "Elle est servie en http, sans chiffrement.",
    "insecure-fetch": "Le certificat du site n'est pas valable.",
}


def published(service: Service, verdict: Verdict) -> Suggestion | None:
    """What the registry should change in the address of statistics or budget, by the verdict on that page.

    A page that passed is proposed, unless the registry's address may be good too; nothing is proposed in its place
    where it was found wanting and no other page passed.
    """
    field = RULES[verdict.rule]
    if verdict.outcome is Outcome.PASSED:
        return _found(service, field, verdict)
    wanting = _WANTING.get(verdict.reason)
    if verdict.outcome is Outcome.FAILED and wanting and field.of(service):
        reason = f"L'adresse du registre {wanting}, et aucune autre {_PAGES[field]} n'a été trouvée : à vérifier."
        return suggestion(service, field, verdict, reason)
    return None


def _found(service: Service, field: Field, verdict: Verdict) -> Suggestion | None:
    present = field.of(service)
    is_sure = present is None or "declared-broken-but-found" in verdict.warnings
    proposed = lasting_address(verdict.evidence[0].url) if verdict.evidence else None
    if verdict.reason not in _FOUND or not is_sure or proposed is None or proposed == present:
        return None
    found = _FOUND[verdict.reason].format(page=_PAGES[field])
    caveats = [sentence for name, sentence in _CAVEATS.items() if name in verdict.warnings]
    reason = " ".join([f"{_now(service, field)} ; {found}.", *caveats])
    return suggestion(service, field, verdict, reason, proposed)


def _now(service: Service, field: Field) -> str:
    if field.of(service):
        return "L'adresse du registre ne convient pas"
    if is_unusable(service, field):
        return "La valeur du registre n'est pas une adresse utilisable"
    return "Le registre ne donne pas d'adresse"
