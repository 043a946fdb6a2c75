"""What a registry declares of statistics, budget and source code: the kind of each address, told by its shape alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from checks.model.address import host_of, is_same_site
from checks.model.kinds import Kind, is_directory, kind_of, names_nothing_of, tool_of
from checks.model.repository import Shape, Software, declared_repository
from checks.model.service import Service

FIELDS = ("statistics_url", "budget_url", "repository")

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "own-host": "page du site du service",
        "same-domain": "page d'un site voisin, du même domaine",
        "elsewhere": "page d'un autre site",
        "directory": "fiche d'un annuaire de services",
        "path": "chemin seul, sans site pour le compléter",
        "metabase": "tableau de bord Metabase",
        "superset": "tableau de bord Superset",
        "matomo": "mesure d'audience Matomo",
        "other-dashboard": "autre tableau de bord public",
        "pad": "pad",
        "grist": "tableau Grist",
        "docs": "document La Suite Docs",
        "google-docs": "document Google",
        "notion": "page Notion",
        "other-document": "autre document partagé",
        "github": "dépôt sur GitHub",
        "gitlab": "dépôt sur un GitLab",
        "gitea": "dépôt sur un Gitea ou un Forgejo",
        "other-forge": "dépôt sur une autre forge",
        "deeper": "adresse à l'intérieur d'un dépôt",
        "organisation": "organisation seule",
        "shared": "dépôt qui n'est pas celui d'un service",
        "not-a-forge": "adresse qui n'est pas celle d'une forge",
    }
)
"""Every kind, and how it is said in French."""

_FORGES = {Software.GITHUB: "github", Software.GITLAB: "gitlab", Software.GITEA: "gitea"}
_NOT_ONES_OWN = {"organisation", "shared", "not-a-forge", "directory", "path"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One value of a registry. ``kind`` is one of :data:`KINDS`; ``is_attributable``: it can be that of one service;
    ``is_repaired``: it could not be read as it was written."""

    service: str
    field: str
    value: str
    kind: str
    is_attributable: bool
    is_repaired: bool


def declared(service: Service, field: str) -> Declared | None:
    """The value of one of :data:`FIELDS`; ``None`` where the registry gives none."""
    value: str | None = getattr(service, field)
    if value is None:
        return None
    kind = _kind_of_repository(service) if field == "repository" else _kind_of_page(value, service)
    return Declared(
        service=service.id,
        field=field,
        value=value,
        kind=kind,
        is_attributable=_is_attributable(kind, value, service),
        is_repaired=f"registry-value-repaired:{field}" in service.warnings,
    )


def _kind_of_page(url: str, service: Service) -> str:
    if not host_of(url):
        return "path"
    shape, tool = kind_of(url), tool_of(url)
    if shape is not Kind.PAGE or tool:
        return tool or ("other-dashboard" if shape is Kind.DASHBOARD else "other-document")
    if host_of(url) in {host_of(own) for own in service.urls}:
        return "own-host"
    if is_directory(url):
        return "directory"
    return "same-domain" if any(is_same_site(url, own) for own in service.urls) else "elsewhere"


def _kind_of_repository(service: Service) -> str:
    known = declared_repository(service)
    if known is None or known.shape is not Shape.REPOSITORY:
        return known.shape.value if known else Shape.NOT_A_FORGE.value
    return "deeper" if known.is_deeper else _FORGES.get(known.software, "other-forge")


def _is_attributable(kind: str, value: str, service: Service) -> bool:
    """By its address alone: a page of a directory may say what a service costs, and is then its budget all the same."""
    if kind in _NOT_ONES_OWN:
        return False
    return value == service.repository or not names_nothing_of(value, service.url)
