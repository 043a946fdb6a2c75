from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from checks.model.address import split

_FORGES = re.compile(
    r"^(?:www\.)?github\.com$|^gitlab\.com$|^codeberg\.org$|^framagit\.org$|^git\.sr\.ht$|^bitbucket\.org$"
    r"|^(?:git|gitlab|gitea|forgejo|forge|gitforge)(?:-[\w-]+)?\.|\.gitlab\.|^src\."
)
_NOT_OWNERS = {
    "about", "apps", "blog", "collections", "contact", "customer-stories", "enterprise", "explore", "features", "fluidicon.png",
    "help", "issues", "join", "login", "marketplace", "notifications", "orgs", "pricing", "pulls", "search", "security",
    "settings", "signup", "site", "sponsors", "topics", "trending",
}  # fmt: skip

# Repositories that many sites link to and that are nobody's service: the State's design system, licences, frameworks.
_SHARED = {
    "gouvernementfr/dsfr", "codegouvfr/react-dsfr", "betagouv/template", "etalab/licence-ouverte", "disic/dsfr",
    "disic/rgaa_referentiel", "disic/design.numerique.gouv.fr", "spiral-project/ihatemoney", "facebook/react",
    "vercel/next.js", "vuejs/core", "gohugoio/hugo", "jekyll/jekyll", "betagouv/a11y-generateur-declaration",
    "socialgouv/template", "numerique-gouv/sites-faciles", "betagouv/standards",
}  # fmt: skip
_SHARED_PATH = re.compile(
    r"/(?:blob|raw|tree)/[^/]+/[^?#]*licen[cs]e|/(?:licence-ouverte|open-licence)\b|[/_-](?:template|boilerplate|gabarit)(?:[/_-]|$)",
    re.IGNORECASE,
)


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
    return Repository(url=whole, forge=host, shape=_shape(names, parts.path))


def _shape(names: list[str], path: str) -> Shape:
    owned = [name for name in names if name.lower() not in {"orgs", "groups", "users"}]
    if "/".join(names).lower().removesuffix(".git") in _SHARED or _SHARED_PATH.search(path):
        return Shape.SHARED
    if not owned or owned[0].lower() in _NOT_OWNERS:
        return Shape.SHARED  # the forge's own pages
    return Shape.REPOSITORY if len(names) >= 2 and names == owned else Shape.ORGANISATION  # noqa: PLR2004
