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
- un état de conformité.

Une déclaration sans audit est courte : c'est permis. Une page d'erreur, une page en cours de rédaction ou un gabarit dont
les champs sont restés vides n'en sont pas.

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

from checks.model.address import is_same_site
from checks.model.capture import Found, Topic
from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.parse.declaration import is_unfilled, signs
from checks.parse.reading import Fault, Reading, awaits_script, is_placeholder
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
    Fault.PLACEHOLDER: Reason.PLACEHOLDER,
}
_ENOUGH = 2


def judge(site: Site) -> Finding:
    if site.obstacle or site.page is None:
        return site.obstacle or Finding(reason=Obstacle.NOT_RUN)
    readings = site.candidates(Topic.ACCESSIBILITY)
    found = next((reading for reading in readings if _reason(reading) is Reason.FOUND), None)
    if found:
        return _passed(site, found)
    doubt = next((reading for reading in readings if reading.obstacle), None)
    if doubt and doubt.obstacle:
        return Finding(reason=doubt.obstacle, warnings=site.warnings, evidence=(doubt.evidence(),))
    linked = [reading for reading in readings if reading.candidate and reading.candidate.found is Found.LINK]
    if not linked and awaits_script(site.page):
        return Finding(reason=Obstacle.NEEDS_RENDERING, warnings=site.warnings, evidence=(site.page.evidence(),))
    return _failed(site, linked or readings)


def _passed(site: Site, reading: Reading) -> Finding:
    page = reading.page
    warnings = list(site.warnings)
    if reading.candidate and reading.candidate.found is Found.CONVENTIONAL:
        warnings.append("not-linked-from-home")
    if not is_same_site(reading.capture.url, site.service.url or ""):
        warnings.append("external-host")
    if reading.capture.url.startswith("http:"):
        warnings.append("insecure")
    read = signs(page) if page else ()
    evidence = tuple(page.evidence(sign.text, sign.element) for sign in read[:3]) if page else ()
    return Finding(
        reason=Reason.FOUND, warnings=tuple(warnings), evidence=evidence, facts={"signs": [sign.name for sign in read]}
    )


def _failed(site: Site, readings: Sequence[Reading]) -> Finding:
    told = [reading for reading in readings if reading.candidate and reading.candidate.found is Found.LINK]
    # A conventional path that answers 404 proves nothing; one that answers something says what is wrong.
    told += [reading for reading in readings if reading not in told and _reason(reading) is not Reason.BROKEN_LINK]
    if not told:
        return Finding(reason=Reason.NO_PAGE, warnings=site.warnings, evidence=_looked(site, readings))
    return Finding(reason=_reason(told[0]), warnings=site.warnings, evidence=(told[0].evidence(),))


def _looked(site: Site, readings: Sequence[Reading]) -> tuple[Evidence, ...]:
    home = (site.page.evidence(),) if site.page else ()
    return (*home, *(reading.evidence() for reading in readings))


def _reason(reading: Reading) -> Reason:
    if reading.fault:
        return _FAULTS[reading.fault]
    page = reading.page
    if page is None:
        return Reason.NOT_A_DECLARATION
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
        Reason.BROKEN_LINK: "Le lien vers la déclaration mène à une page qui n'existe pas.",
        Reason.SOFT_404: "Le lien vers la déclaration mène à une page d'erreur du site.",
        Reason.NOT_A_DECLARATION: "La page trouvée n'est pas une déclaration d'accessibilité.",
        Reason.PLACEHOLDER: "La déclaration n'est pas rédigée : page d'attente, ou champs du modèle laissés vides.",
        Reason.LEADS_HOME: "Le lien vers la déclaration ramène à la page d'accueil.",
    },
    warnings={
        "external-host": "La déclaration est publiée sur un autre site.",
        "not-linked-from-home": "La page existe, mais la page d'accueil n'y mène pas.",
        "insecure": "La page est servie en http, sans chiffrement.",
    },
)
