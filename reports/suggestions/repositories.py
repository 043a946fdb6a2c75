"""What the verdict on the source code says of the registry's repository."""

from __future__ import annotations

from dataclasses import replace

from checks.model.address import split
from checks.model.outcome import Outcome
from checks.model.service import Service
from checks.model.verdict import Verdict
from reports.suggestions.addresses import lasting_address
from reports.suggestions.suggestion import Field, Suggestion, is_unusable, suggestion

RULE = "source-code"
_WANTING = {
    "not-public": "La forge ne montre pas ce dépôt : il n'existe plus, ou il faut se connecter pour le voir ; à vérifier.",
    "empty-repository": "Ce dépôt est vide : à vérifier.",
    "none": "L'adresse du registre n'est pas celle d'un dépôt propre au service : à vérifier.",
}
_RENAMED = "Le dépôt a changé de nom ou de place ; l'ancienne adresse y mène encore."
_OTHER = "Le dépôt du registre n'est pas confirmé, et le site mène à un autre dépôt public, {url} : à vérifier."
_ARCHIVED = "Il est archivé."


def source(service: Service, verdict: Verdict) -> Suggestion | None:
    """What the registry should change in the repository.

    Only the registry's own repository under its new name takes its place: a service may have several, so another one
    that the site links is named for a person to choose.
    """
    told = verdict.facts.get("repository")
    url = lasting_address(told) if isinstance(told, str) else None
    present = service.repository
    if verdict.outcome is Outcome.PASSED and url and not (present and _is_within(present, url)):
        return _public(service, verdict, url)
    is_declared = verdict.reason == "none" or bool(present and url and _is_within(present, url))
    if verdict.outcome is Outcome.FAILED and present and is_declared and verdict.reason in _WANTING:
        return suggestion(service, Field.REPOSITORY, verdict, _WANTING[verdict.reason])
    return None


def _public(service: Service, verdict: Verdict, url: str) -> Suggestion | None:
    """A public repository that is not the one that the registry gives."""
    archived = [_ARCHIVED] if "archived" in verdict.warnings else []
    if service.repository is None:
        now = (
            "La valeur du registre n'est pas une adresse utilisable"
            if is_unusable(service, Field.REPOSITORY)
            else "Le registre ne donne pas de dépôt"
        )
        reason = " ".join([f"{now} ; le site mène à un dépôt public.", *archived])
        return _linked(suggestion(service, Field.REPOSITORY, verdict, reason, url), verdict)
    if "not-in-registry" in verdict.warnings:
        return _linked(suggestion(service, Field.REPOSITORY, verdict, _OTHER.format(url=url)), verdict)
    if "renamed" in verdict.warnings:
        return suggestion(service, Field.REPOSITORY, verdict, " ".join([_RENAMED, *archived]), url)
    return None


def _linked(one: Suggestion, verdict: Verdict) -> Suggestion:
    """Shown by the page that carries the link, which comes after what the forge answered."""
    return replace(one, evidence=verdict.evidence[-1].url) if verdict.evidence else one


def _is_within(address: str, repository: str) -> bool:
    """Whether an address is that of a repository, however it is written, or leads to a place inside of it."""
    one, other = _place(address), _place(repository)
    return one == other or one.startswith(f"{other}/")


def _place(url: str) -> str:
    parts = split(url)
    if parts is None:
        return url.lower()
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/').removesuffix('.git')}".lower()
