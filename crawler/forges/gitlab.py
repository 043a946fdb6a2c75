"""GitLab, on any host: https://docs.gitlab.com/api/projects/. A project that is not public answers 404."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from checks.model.repository import Repository
from crawler.forges.forge import Forge

_UNRECOGNISED = "other"


def _origin(repository: Repository) -> str:
    return repository.url.removesuffix(f"/{quote(repository.path, safe='/~:@')}")


def _project(repository: Repository) -> str:
    return f"{_origin(repository)}/api/v4/projects/{quote(repository.path, safe='')}"


def _question(repository: Repository) -> str:
    return f"{_project(repository)}?license=true"


def _doubts(repository: Repository, said: Mapping[str, Any]) -> tuple[str, ...]:
    """To those who show no token GitLab does not say whether a project is empty; one with a readme or a licence is not."""
    licence = said.get("license")
    if isinstance(licence, dict) and licence.get("key") == _UNRECOGNISED:
        file = str(said.get("license_url") or "").rpartition("/")[2] or "LICENSE"
        return (f"{_project(repository)}/repository/files/{quote(file, safe='')}/raw?ref=HEAD",)
    is_told = isinstance(said.get("empty_repo"), bool) or said.get("readme_url") or licence
    return () if is_told else (f"{_project(repository)}/repository/tree?per_page=1",)


def _publiccode(repository: Repository) -> str:
    return f"{_project(repository)}/repository/files/publiccode.yml?ref=HEAD"


def _group(repository: Repository) -> tuple[str, ...]:
    """A group of groups has the address of a project."""
    return (f"{_origin(repository)}/api/v4/groups/{quote(repository.path, safe='')}?with_projects=false",)


FORGE = Forge(question=_question, publiccode=_publiccode, doubts=_doubts, instead=_group)
