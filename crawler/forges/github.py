"""GitHub: https://docs.github.com/rest/repos/repos. 60 requests an hour without a token, 5,000 with one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from checks.model.repository import Repository
from crawler.forges.forge import Forge

_UNRECOGNISED = "NOASSERTION"


def _question(repository: Repository) -> str:
    return f"https://api.{repository.forge}/repos/{quote(repository.path)}"


def _doubts(repository: Repository, said: Mapping[str, Any]) -> tuple[str, ...]:
    """GitHub counts in kB, so that a small repository weighs 0 like an empty one; and it knows few licences by their text."""
    licence = said.get("license")
    if said.get("size") == 0 and not licence:
        return (f"{_question(repository)}/commits?per_page=1",)
    is_unknown = isinstance(licence, dict) and licence.get("spdx_id") in (None, _UNRECOGNISED)
    return (f"{_question(repository)}/license",) if is_unknown else ()


def _publiccode(repository: Repository) -> str:
    return f"{_question(repository)}/contents/publiccode.yml"


FORGE = Forge(
    question=_question,
    publiccode=_publiccode,
    doubts=_doubts,
    headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"},
)
