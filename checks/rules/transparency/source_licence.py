"""Le code source du service a une licence libre reconnue.

Pourquoi c'est important
------------------------
Sans licence, un code public peut être lu, mais personne ne sait s'il a le droit de le réutiliser. Les administrations
choisissent une licence dans la liste fixée par décret.

Ce que nous regardons
---------------------
La licence que la forge reconnaît dans le dépôt public du service ou, à défaut, celle que dit le fichier `LICENSE` ou
`LICENCE`. Elle est nommée par son identifiant SPDX (`MIT`, `AGPL-3.0`, `EUPL-1.2`, `etalab-2.0`…). La règle ne s'applique
pas à un service dont aucun dépôt n'est public : c'est la règle `source-code` qui le dit.

Nous relevons aussi, sans rien en conclure, si le dépôt se décrit dans un fichier `publiccode.yml`.

Comment corriger
----------------
- Placez à la racine du dépôt un fichier `LICENSE` qui contient le texte d'une licence de la liste, sans le modifier.
- Choisissez-la sur https://www.data.gouv.fr/pages/legal/licences.

Référence
---------
- Code des relations entre le public et l'administration, articles L. 323-2 et D. 323-2-1.
- Liste des licences SPDX, https://spdx.org/licenses/.
"""

from __future__ import annotations

from enum import StrEnum

from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.model.service import PhaseGroup
from checks.parse.site import Site
from checks.parse.transparency.forges import State


class Reason(StrEnum):
    RECOGNISED = "recognised-licence"
    NONE = "no-licence"
    UNRECOGNISED = "unrecognised-licence"
    FORGE_UNAVAILABLE = "forge-unavailable"
    NO_REPOSITORY = "no-public-repository"


def judge(site: Site) -> Finding:
    best = site.source.best
    if best is None or best.state is not State.PUBLIC:
        return _without_repository(site)
    if best.licence:
        reason = Reason.RECOGNISED
    elif best.has_licence is None:
        reason = Reason.FORGE_UNAVAILABLE
    else:
        reason = Reason.UNRECOGNISED if best.has_licence else Reason.NONE
    return Finding(
        reason=reason,
        value=best.licence,
        warnings=site.warnings,
        evidence=(best.evidence,),
        facts={"publiccode": best.has_publiccode},
    )


def _without_repository(site: Site) -> Finding:
    """What ``source-code`` could not tell cannot be told here either; what it found wanting leaves nothing to read."""
    best = site.source.best
    if site.obstacle and site.obstacle.reason == Obstacle.UNREACHABLE:
        return site.obstacle
    if site.source.is_unknown:
        return Finding(
            reason=Reason.FORGE_UNAVAILABLE, warnings=site.warnings, evidence=(best.evidence,) if best else ()
        )
    if site.obstacle and not best:
        return site.obstacle
    awaits = site.awaits_foot and not best
    return Finding(reason=Obstacle.NEEDS_RENDERING if awaits else Reason.NO_REPOSITORY, warnings=site.warnings)


RULE = Rule(
    id="source-licence",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Licence du code source",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.RECOGNISED: Outcome.PASSED,
        Reason.NONE: Outcome.FAILED,
        Reason.UNRECOGNISED: Outcome.FAILED,
        Reason.FORGE_UNAVAILABLE: Outcome.CANT_TELL,
        Reason.NO_REPOSITORY: Outcome.INAPPLICABLE,
    },
    messages={
        Reason.RECOGNISED: "Le dépôt a une licence reconnue.",
        Reason.NONE: "Le dépôt est public, mais sans licence : personne ne sait s'il peut réutiliser le code.",
        Reason.UNRECOGNISED: "Le dépôt a un fichier de licence, mais ce n'est le texte d'aucune licence connue.",
        Reason.FORGE_UNAVAILABLE: "La forge n'a pas dit quelle est la licence du dépôt.",
        Reason.NO_REPOSITORY: "Aucun dépôt public n'est connu : il n'y a pas de licence à lire.",
    },
    skips=frozenset({PhaseGroup.INVESTIGATION}),
)
