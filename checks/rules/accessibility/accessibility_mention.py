"""La page d'accueil affiche le niveau de conformité au RGAA.

Pourquoi c'est important
------------------------
La loi oblige chaque service public en ligne à dire, dès sa page d'accueil, s'il est accessible. C'est ce que cherche une
personne handicapée pour savoir si elle pourra faire sa démarche, et à qui s'adresser sinon.

Ce que nous regardons
---------------------
La page d'accueil, telle qu'un visiteur la perçoit, dit l'un des trois niveaux :

- « Accessibilité : totalement conforme » (tous les critères du RGAA) ;
- « Accessibilité : partiellement conforme » (au moins la moitié) ;
- « Accessibilité : non conforme » (moins de la moitié, ou aucun audit).

Un service jamais audité passe cette règle en affichant « non conforme ». Les espaces, les accents, la ponctuation et la
mise en forme importent peu. Le mot « Accessibilité » seul, « Accessibilité : conforme » et les trois niveaux du gabarit
laissés côte à côte ne sont pas des mentions.

Comment corriger
----------------
Ajoutez dans le pied de page, sur toutes les pages, un lien vers la déclaration :

- `<a href="/accessibilite">Accessibilité : non conforme</a>`

Référence
---------
- Loi n° 2005-102 du 11 février 2005, article 47.
- Décret n° 2019-768 du 24 juillet 2019, article 5.
- RGAA 4.1.2, obligations d'application.
"""

from __future__ import annotations

from enum import StrEnum

from checks.model.french import fold
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.parse.levels import Level, Mention, Unsaid, is_mentioned
from checks.parse.site import Site


class Reason(StrEnum):
    TOTALLY = "level-totally"
    PARTIALLY = "level-partially"
    NOT = "level-not"
    NO_MENTION = "no-mention"
    NO_LEVEL = "no-legal-level"
    TEMPLATE = "template-placeholder"


_REASONS = {
    Level.TOTALLY: Reason.TOTALLY,
    Level.PARTIALLY: Reason.PARTIALLY,
    Level.NOT: Reason.NOT,
    Unsaid.NO_LEVEL: Reason.NO_LEVEL,
    Unsaid.TEMPLATE: Reason.TEMPLATE,
}
_REGISTRY = {"non conforme": Level.NOT, "partiellement conforme": Level.PARTIALLY, "totalement conforme": Level.TOTALLY}


def judge(site: Site) -> Finding:
    if site.obstacle or site.page is None:
        return site.obstacle or Finding(reason=Obstacle.NOT_RUN)
    said = site.mention
    if said is None:
        # A foot of the page that a script brings may carry it: that is not having looked, not having found nothing.
        reason = Obstacle.NEEDS_RENDERING if site.awaits_foot else Reason.NO_MENTION
        footer = site.page.footers[0] if site.page.footers else None
        return Finding(
            reason=reason,
            warnings=site.warnings,
            evidence=(site.page.evidence(site.page.text_of(footer) if footer else site.page.title, footer),),
        )
    return Finding(
        reason=_REASONS[said.said],
        value=said.said.value if isinstance(said.said, Level) else None,
        warnings=(*site.warnings, *_differs(site, said), *_is_on_home_only(site, said)),
        evidence=(site.page.evidence(said.text, said.element),),
    )


def _differs(site: Site, said: Mention) -> tuple[str, ...]:
    declared = _REGISTRY.get(fold(site.service.accessibility_status or ""))
    return ("mention-differs-from-registry",) if declared and declared != said.said else ()


def _is_on_home_only(site: Site, said: Mention) -> tuple[str, ...]:
    """Inner pages without a footer of their own may get it from a script: nothing is said of them."""
    if not isinstance(said.said, Level):
        return ()
    bare = [page for page in site.inner if not is_mentioned(page, site.service.name) and page.footers]
    return ("mention-not-on-inner-pages",) if bare else ()


RULE = Rule(
    id="accessibility-mention",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Mention d'accessibilité",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.TOTALLY: Outcome.PASSED,
        Reason.PARTIALLY: Outcome.PASSED,
        Reason.NOT: Outcome.PASSED,
        Reason.NO_MENTION: Outcome.FAILED,
        Reason.NO_LEVEL: Outcome.FAILED,
        Reason.TEMPLATE: Outcome.FAILED,
    },
    messages={
        Reason.TOTALLY: "La page d'accueil affiche « totalement conforme ».",
        Reason.PARTIALLY: "La page d'accueil affiche « partiellement conforme ».",
        Reason.NOT: "La page d'accueil affiche « non conforme ».",
        Reason.NO_MENTION: "La page d'accueil ne dit pas le niveau de conformité au RGAA.",
        Reason.NO_LEVEL: "La page d'accueil parle d'accessibilité, mais sans l'un des trois niveaux légaux.",
        Reason.TEMPLATE: "La page d'accueil affiche le texte du gabarit, avec les trois niveaux au lieu d'un.",
    },
    warnings={
        "mention-not-on-inner-pages": "La mention est sur la page d'accueil, mais pas sur toutes les autres pages lues.",
        "mention-differs-from-registry": "Le registre annonce un autre niveau que la page d'accueil.",
    },
)
