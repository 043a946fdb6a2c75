"""Une déclaration d'accessibilité du service est publiée.

Pourquoi c'est important
------------------------
La déclaration dit ce qui est accessible et ce qui ne l'est pas, comment obtenir l'information autrement, à qui le
signaler, et quel recours reste ouvert : le Défenseur des droits.

Ce que nous regardons
---------------------
Une page trouvée par un lien de la page d'accueil, ou à une adresse d'usage (`/accessibilite`…), qui est bien une
déclaration. Elle l'est avec au moins deux de ces signes :

- une phrase qui dit le niveau de conformité ;
- l'article 47 ou la loi n° 2005-102 ;
- le Défenseur des droits ;
- un titre « Déclaration d'accessibilité », ou de conformité au RGAA ;
- les titres du modèle : « État de conformité », « Résultats des tests » ou « Contenus non accessibles ».

Une déclaration sans audit est courte : c'est permis. Une page d'erreur, une page en cours de rédaction ou un gabarit dont
les champs sont restés vides n'en sont pas. Un document à télécharger n'est pas lu : nous disons alors que nous ne savons pas.

Comment corriger
----------------
- Rédigez la déclaration avec le générateur de beta.gouv.fr ou le modèle du RGAA, et publiez-la à `/accessibilite`.
- Liez-la depuis la mention du pied de page.
- Remplissez tous les champs du modèle, et datez-la.

Référence
---------
- Décret n° 2019-768 du 24 juillet 2019, articles 4 et 5.
- Arrêté du 20 septembre 2019, modèle de déclaration.
- Standard beta.gouv.fr « Le produit respecte ses obligations déclaratives ».
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from checks.model.address import is_same_site
from checks.model.capture import Found, Topic
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.parse.declaration import is_unfilled, signs
from checks.parse.html import Page
from checks.parse.looks import awaits_script, is_placeholder
from checks.parse.reading import Fault, Reading, is_document
from checks.parse.site import Site


class Reason(StrEnum):
    FOUND = "declaration-found"
    NO_PAGE = "no-page"
    BROKEN_LINK = "broken-link"
    SOFT_404 = "soft-404"
    NOT_A_DECLARATION = "not-a-declaration"
    PLACEHOLDER = "placeholder"
    LEADS_HOME = "leads-home"


_FAULTS = {
    Fault.BROKEN: Reason.BROKEN_LINK,
    Fault.SOFT_404: Reason.SOFT_404,
    Fault.LEADS_HOME: Reason.LEADS_HOME,
    Fault.LOGIN_REQUIRED: Reason.NOT_A_DECLARATION,
}
_ENOUGH = 2


def judge(site: Site) -> Finding:
    if site.obstacle or site.page is None:
        return site.obstacle or Finding(reason=Obstacle.NOT_RUN)
    readings = site.candidates(Topic.ACCESSIBILITY)
    found = next((reading for reading in readings if _reason(reading) is Reason.FOUND), None)
    if found and found.page:
        return _passed(site, found, found.page)
    if _is_on_home(site.page):
        return Finding(reason=Reason.FOUND, warnings=site.warnings, **_shown(site.page))
    return _doubt(site, readings) or _failed(site, readings)


def _is_on_home(home: Page) -> bool:
    """A site of one page: the declaration stands there under its own heading."""
    return "title" in {sign.name for sign in signs(home) if home.place(sign.element).is_heading} and _is_declaration(
        home
    )


def _is_declaration(page: Page) -> bool:
    return len(signs(page)) >= _ENOUGH and not is_unfilled(page)


def _passed(site: Site, reading: Reading, page: Page) -> Finding:
    warnings = list(site.warnings)
    if _is_found(reading, Found.CONVENTIONAL):
        warnings.append("not-linked-from-home")
    if not is_same_site(reading.capture.url, site.service.url or ""):
        warnings.append("external-host")
    if reading.capture.url.startswith("http:"):
        warnings.append("insecure")
    return Finding(reason=Reason.FOUND, warnings=tuple(warnings), **_shown(page))


def _shown(page: Page) -> dict[str, Any]:
    read = signs(page)
    evidence = tuple(page.evidence(sign.text, sign.element) for sign in read[:3])
    return {"evidence": evidence, "facts": {"signs": [sign.name for sign in read]}}


def _doubt(site: Site, readings: Sequence[Reading]) -> Finding | None:
    """What was not read, and may be the declaration: a page out of reach, a document, a link that a script would bring."""
    for reading in readings:
        if _reason(reading) is None:
            reason = reading.obstacle or Obstacle.NOT_HTML
            warnings = ("pdf",) if is_document(reading.capture) else ()
            return Finding(reason=reason, warnings=(*site.warnings, *warnings), evidence=(reading.evidence(),))
    is_linked = any(_is_found(reading, Found.LINK) for reading in readings)
    if site.page is None or is_linked or not awaits_script(site.page):
        return None
    return Finding(reason=Obstacle.NEEDS_RENDERING, warnings=site.warnings, evidence=(site.page.evidence(),))


def _failed(site: Site, readings: Sequence[Reading]) -> Finding:
    linked = [reading for reading in readings if _is_found(reading, Found.LINK)]
    # A conventional path that nobody links proves nothing where it leads to no page; else it says what is wrong.
    told = linked or [
        reading for reading in readings if _reason(reading) in {Reason.PLACEHOLDER, Reason.NOT_A_DECLARATION}
    ]
    if not told:
        return Finding(reason=Reason.NO_PAGE, warnings=site.warnings, evidence=_looked(site, readings))
    return Finding(reason=str(_reason(told[0])), warnings=site.warnings, evidence=(told[0].evidence(),))


def _looked(site: Site, readings: Sequence[Reading]) -> tuple[Evidence, ...]:
    home = (site.page.evidence(),) if site.page else ()
    return (*home, *(reading.evidence() for reading in readings))


def _is_found(reading: Reading, how: Found) -> bool:
    return reading.candidate is not None and reading.candidate.found is how


def _reason(reading: Reading) -> Reason | None:
    """What a candidate is; ``None`` where it could not be read."""
    if reading.is_broken_down and _is_found(reading, Found.LINK):
        return Reason.BROKEN_LINK  # the home page answers, so this is the link's fault
    if reading.fault:
        return _FAULTS[reading.fault]
    page = reading.page
    if reading.obstacle or page is None:
        return None
    if is_unfilled(page):
        return Reason.PLACEHOLDER
    if len(signs(page)) >= _ENOUGH:
        return Reason.FOUND
    return Reason.PLACEHOLDER if is_placeholder(page) else Reason.NOT_A_DECLARATION


RULE = Rule(
    id="accessibility-declaration",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Déclaration d'accessibilité",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.FOUND: Outcome.PASSED,
        Reason.NO_PAGE: Outcome.FAILED,
        Reason.BROKEN_LINK: Outcome.FAILED,
        Reason.SOFT_404: Outcome.FAILED,
        Reason.NOT_A_DECLARATION: Outcome.FAILED,
        Reason.PLACEHOLDER: Outcome.FAILED,
        Reason.LEADS_HOME: Outcome.FAILED,
    },
    messages={
        Reason.FOUND: "Une déclaration d'accessibilité est publiée.",
        Reason.NO_PAGE: "Aucune page de déclaration : ni lien sur la page d'accueil, ni page aux adresses d'usage.",
        Reason.BROKEN_LINK: "Le lien vers la déclaration mène à une erreur (4xx ou 5xx), alors que l'accueil répond.",
        Reason.SOFT_404: "Le lien vers la déclaration mène à une page d'erreur du site.",
        Reason.NOT_A_DECLARATION: "La page trouvée n'est pas une déclaration d'accessibilité.",
        Reason.PLACEHOLDER: "La déclaration n'est pas rédigée : page d'attente, ou champs du modèle laissés vides.",
        Reason.LEADS_HOME: "Le lien vers la déclaration ramène à la page d'accueil.",
    },
    warnings={
        "external-host": "La déclaration est publiée sur un autre site.",
        "not-linked-from-home": "La page existe, mais la page d'accueil n'y mène pas.",
        "pdf": "La déclaration est peut-être un document à télécharger, que nous n'avons pas lu.",
        "insecure": "La page est servie en http, sans chiffrement.",
    },
)
