"""Gitea and Forgejo (Codeberg), on any host: https://docs.gitea.com/api. Old ones do not tell the licence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from checks.model.repository import Repository
from crawler.forges.forge import Forge


def _question(repository: Repository) -> str:
    path = quote(repository.path, safe="/~:@")
    return f"{repository.url.removesuffix('/' + path)}/api/v1/repos/{path}"


def _doubts(repository: Repository, said: Mapping[str, Any]) -> tuple[str, ...]:
    is_told = said.get("empty") is True or said.get("licenses")
    return () if is_told else (f"{_question(repository)}/raw/LICENSE",)


def _publiccode(repository: Repository) -> str:
    return f"{_question(repository)}/contents/publiccode.yml"


FORGE = Forge(question=_question, publiccode=_publiccode, doubts=_doubts, scheme="token")
