"""Le service publie ce qu'il coûte.

Pourquoi c'est important
------------------------
Chacun a le droit de savoir ce que coûte un service public et à quoi va l'argent. Publier son budget est un engagement de
beta.gouv.fr et une recommandation de la Cour des comptes.

Ce que nous regardons
---------------------
Une page ou un document public qui donne des montants en euros pour le service lui-même. Nous le cherchons, dans cet ordre :

- à l'adresse déclarée dans le registre, vérifiée ;
- derrière un lien de la page d'accueil (« Budget », « Transparence », « Coûts »…) ;
- aux adresses d'usage (`/budget`, `/transparence`).

Un document partagé (pad, Grist, Docs, Google Docs…) est jugé à sa réponse et à la forme de son adresse, qui doit désigner
un document, et de même un fichier (PDF, tableur) publié sur le site. Si plusieurs services partagent le document, l'adresse
porte l'ancre du service (`#mon-service`), et c'est là que nous lisons.

Un simulateur de budget destiné aux usagers n'en est pas un.

Comment corriger
----------------
- Publiez un tableau par année : développement, hébergement, déploiement, prestations, en euros TTC.
- Liez-le depuis le pied de page, et déclarez son adresse dans la fiche du service (`budget_url`).

Référence
---------
- Standard beta.gouv.fr « Le budget de l'équipe est public ».
- Cour des comptes, rapport sur la conduite des projets numériques de l'État.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from checks.model.capture import Found, Topic
from checks.model.evidence import Evidence
from checks.model.french import fold
from checks.model.kinds import Kind, is_directory, kind_of, names_nothing_of
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.model.service import PhaseGroup
from checks.parse.html import Page
from checks.parse.reading import Reading
from checks.parse.site import Site
from checks.parse.transparency.budget import amounts
from checks.parse.transparency.lines import Line, headed, lines, section
from checks.parse.transparency.publication import OUTCOMES, WARNINGS, PublicationReason, Sought, judge_publication

_TOOL = re.compile(
    r"\b(?:calcul|simul|estim)\w*\b.{0,40}\b(?:budget|couts?|depenses)\b|\b(?:mon|votre|vos|son|ton) budget\b"
    r"|budget (?:participatif|familial|mensuel|personnel)|\b(?:simulez|simuler|calculez|calculer|estimez|estimer)\b"
)
_COSTS = re.compile(
    r"\bbudget|\bcouts?\b|\bcoutent?\b|\bcoute\b|\bdepens|\bttc\b|\bprestations?\b|\bhebergement|\bdeveloppement|\bdeploiement"
    r"|\bmasse salariale|\bcosts?\b|\bspending"
)


class Reason(StrEnum):
    """The reasons of this rule alone; those of every published page are in ``PublicationReason``."""

    NO_AMOUNTS = "no-amounts"
    NOT_ATTRIBUTABLE = "not-attributable"


def judge(site: Site) -> Finding:
    return judge_publication(site, sought(site))


def sought(site: Site) -> Sought:
    """The budget of a service, for this rule and for those that read it further."""
    return Sought(
        topic=Topic.BUDGET,
        declared=site.service.budget_url,
        shown=_shown,
        wanting=Reason.NO_AMOUNTS,
        refused=lambda reading: _refused(reading, site.service.url),
        takes_documents=True,
    )


def _refused(reading: Reading, home: str | None) -> Reason | None:
    """A declared document host without a document, home page or fiche without a budget names no budget of this service."""
    declared = reading.chain.first.url
    if reading.candidate is None or reading.candidate.found is not Found.DECLARED:
        return None
    if names_nothing_of(declared, home):
        return Reason.NOT_ATTRIBUTABLE
    if not reading.is_readable or reading.page is None or _shown(reading):
        return None
    if is_directory(declared):
        return Reason.NOT_ATTRIBUTABLE
    return _refused_document(reading.page, declared) if kind_of(declared) is Kind.DOCUMENT else None


def _refused_document(page: Page, declared: str) -> Reason | None:
    """A document that many services share is read at the anchor: one of another service says nothing of this one."""
    part = section(page, declared)
    if part is None:
        return Reason.NOT_ATTRIBUTABLE if headed(lines(page)) else None
    # What stands there may be a picture or another document, shown in a frame.
    is_read = len(part) < len(lines(page)) and not any(line.element.find(["iframe", "img"]) for line in part)
    return Reason.NO_AMOUNTS if is_read else None


def _shown(reading: Reading) -> tuple[Evidence, ...]:
    """An amount, on a page that speaks of costs: grants and prices are amounts too."""
    page = reading.page
    if page is None:
        return ()
    found = amounts(budget_lines(reading))
    if not found or _is_tool(page) or not _speaks_of_costs(page):
        return ()
    return (page.evidence(found[0].text, found[0].element),)


def budget_lines(reading: Reading) -> Sequence[Line]:
    """What a page says of the budget of the service: all of it, or what stands at the anchor of the address asked."""
    page, asked = reading.page, reading.chain.first.url
    if page is None:
        return ()
    part = section(page, asked)
    return part if part is not None else () if kind_of(asked) is Kind.DOCUMENT else lines(page)


def _speaks_of_costs(page: Page) -> bool:
    return any(_COSTS.search(words) for words in (fold(page.title), page.content))


def _is_tool(page: Page) -> bool:
    announced = " ".join(block.words for block in page.body if page.place(block.element).is_heading)[:300]
    fields = page.elements.named("input", "select", "textarea")[:50]
    return bool(_TOOL.search(announced)) and any(not page.place(field).is_chrome for field in fields)


RULE = Rule(
    id="budget-page",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Page de budget",
    page=__doc__,
    judge=judge,
    outcomes={**OUTCOMES, Reason.NO_AMOUNTS: Outcome.FAILED, Reason.NOT_ATTRIBUTABLE: Outcome.FAILED},
    messages={
        PublicationReason.DECLARED: "Le budget déclaré dans le registre est public et répond.",
        PublicationReason.ON_SITE: "Le budget est publié sur le site.",
        PublicationReason.CONVENTIONAL: "Le budget est publié à une adresse d'usage.",
        PublicationReason.NONE: "Aucun budget à l'adresse déclarée, derrière un lien ou aux adresses d'usage.",
        PublicationReason.DECLARED_BROKEN: "Le budget déclaré dans le registre n'existe pas à cette adresse.",
        PublicationReason.SOFT_404: "L'adresse du budget mène à une page d'erreur du site.",
        PublicationReason.PLACEHOLDER: "La page de budget est une page d'attente.",
        PublicationReason.LOGIN_REQUIRED: "Il faut se connecter pour voir le budget.",
        PublicationReason.LEADS_HOME: "L'adresse du budget ramène à la page d'accueil.",
        Reason.NO_AMOUNTS: "La page trouvée ne donne aucun montant en euros pour le service.",
        Reason.NOT_ATTRIBUTABLE: "L'adresse déclarée ne désigne pas un document propre au service.",
    },
    warnings={
        **WARNINGS,
        "pdf": "Le budget est un PDF à télécharger plutôt qu'une page du site : tout le monde ne peut pas le lire.",
    },
    skips=frozenset({PhaseGroup.INVESTIGATION}),
)
