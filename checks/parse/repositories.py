from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from checks.model.address import split

_FORGES = re.compile(
    r"^(?:www\.)?github\.com$|^gitlab\.com$|^codeberg\.org$|^framagit\.org$|^git\.sr\.ht$|^bitbucket\.org$"
    r"|^(?:git|gitlab|gitea|forgejo|forge|gitlab-forge)[\w-]*\.|^gitlab\.|\.gitlab\.|^forge\.|^src\.",
    re.IGNORECASE,
)
_NOT_OWNERS = {
    "about", "apps", "blog", "collections", "contact", "customer-stories", "enterprise", "explore", "features", "groups",
    "help", "issues", "join", "login", "marketplace", "notifications", "orgs", "pricing", "pulls", "search", "security",
    "settings", "sponsors", "topics", "trending", "users",
}  # fmt: skip

# Repositories that many sites link to and that are nobody's service: the State's design system, licences, frameworks.
_SHARED = {
    "gouvernementfr/dsfr", "codegouvfr/react-dsfr", "betagouv/template", "etalab/licence-ouverte", "disic/dsfr",
    "disic/rgaa_referentiel", "disic/design.numerique.gouv.fr", "spiral-project/ihatemoney", "facebook/react",
    "vercel/next.js", "vuejs/core", "gohugoio/hugo", "jekyll/jekyll", "betagouv/a11y-generateur-declaration",
    "socialgouv/template", "numerique-gouv/sites-faciles", "betagouv/standards",
}  # fmt: skip
_SHARED_PATH = re.compile(r"licen[cs]e|open-licen|/blob/[^/]+/(?:LICENSE|LICENCE)", re.IGNORECASE)


class Shape(StrEnum):
    """What an address on a forge names."""

    REPOSITORY = "repository"
    ORGANISATION = "organisation"
    NOT_A_FORGE = "not-a-forge"
    SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """``url`` is the repository's own address, without branch, file or anchor."""

    url: str
    forge: str
    shape: Shape


def repository(url: str) -> Repository:
    """What an address says of a repository, from its shape alone; the forge itself is not asked here."""
    parts = split(url)
    host = (parts.hostname or "").lower() if parts else ""
    if parts is None or not _FORGES.search(host):
        return Repository(url=url, forge="", shape=Shape.NOT_A_FORGE)
    path = re.split(
        r"/-/|/(?:tree|blob|issues|pulls?|commit|commits|releases|wiki|raw|tags|actions|discussions)(?:/|$)", parts.path
    )[0]
    names = [name for name in path.split("/") if name]
    whole = f"https://{host}/{'/'.join(names[:2] if host.endswith('github.com') else names)}".removesuffix(".git")
    if "/".join(names).lower().removesuffix(".git") in _SHARED or _SHARED_PATH.search(parts.path):
        return Repository(url=whole, forge=host, shape=Shape.SHARED)
    if len(names) < 2 or names[0].lower() in _NOT_OWNERS:  # noqa: PLR2004
        return Repository(url=whole, forge=host, shape=Shape.ORGANISATION)
    return Repository(url=whole, forge=host, shape=Shape.REPOSITORY)
