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

Une page qui cite la loi et le Défenseur des droits sans dire aucun niveau est un article ou un engagement, pas une
déclaration. Une déclaration sans audit est courte : c'est permis. Une page d'erreur ou de connexion, une page en cours de
rédaction, un gabarit dont les champs sont restés vides n'en sont pas. Un schéma pluriannuel, un plan d'actions, une formation
ou des mentions légales qui citent ces textes n'en sont pas non plus, à moins de contenir la déclaration.

Une déclaration publiée en PDF est lue comme une page, d'après son texte. Un document numérisé sans texte, protégé, abîmé ou de
plus de 40 pages, et tout autre format à télécharger, n'est pas lu : nous disons alors que nous ne savons pas.

Comment corriger
----------------
- Rédigez la déclaration avec le générateur de beta.gouv.fr ou le modèle du RGAA, et publiez-la à `/accessibilite`.
- Liez-la depuis la mention du pied de page.
- Préférez une page du site à un PDF, plus difficile à lire pour beaucoup.
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
from urllib.parse import urlsplit

from checks.model.address import page_key
from checks.model.capture import Found, Topic
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Obstacle, Rule, Status
from checks.parse.declaration.signs import signs
from checks.parse.declaration.standing import Standing, standing
from checks.parse.reading import Reading
from checks.parse.site import Site


class Reason(StrEnum):
    FOUND = "declaration-found"
    NO_PAGE = "no-page"
    BROKEN_LINK = "broken-link"
    SOFT_404 = "soft-404"
    NOT_A_DECLARATION = "not-a-declaration"
    PLACEHOLDER = "placeholder"
    LEADS_HOME = "leads-home"


_PLAIN = {Standing.PLACEHOLDER, Standing.OTHER}


def judge(site: Site) -> Finding:
    if site.obstacle or site.page is None:
        return site.obstacle or Finding(reason=Obstacle.NOT_RUN)
    if site.declaration:
        return _passed(site, site.declaration)
    return site.unread_declaration or _failed(site, site.candidates(Topic.ACCESSIBILITY))


def _passed(site: Site, reading: Reading) -> Finding:
    page = reading.page or site.page
    assert page is not None  # noqa: S101 - a declaration is a page
    unlinked = ("not-linked-from-home",) if reading.is_found(Found.CONVENTIONAL) else ()
    read = signs(page)
    return Finding(
        reason=Reason.FOUND,
        warnings=(*site.page_warnings(reading), *unlinked),
        evidence=tuple(page.evidence(sign.text, sign.element) for sign in read[:3]),
        facts={"signs": [sign.name for sign in read]},
    )


def _failed(site: Site, readings: Sequence[Reading]) -> Finding:
    linked = [reading for reading in readings if reading.is_found(Found.LINK)]
    # A conventional path that nobody links proves nothing where it leads to no page; else it says what is wrong.
    told = linked or [reading for reading in readings if standing(reading) in _PLAIN]
    if not told:
        return _unlinked(site, readings)
    return Finding(reason=Reason(str(standing(told[0]))), warnings=site.warnings, evidence=(told[0].evidence(),))


def _unlinked(site: Site, readings: Sequence[Reading]) -> Finding:
    """No link leads to another page: there is none, or it leads to where it stands."""
    said, home = site.mention, site.page
    link = next((one for one in home.links if one.element is said.element), None) if home and said else None
    if home and link and page_key(link.url) == page_key(home.capture.url) and not urlsplit(link.url).fragment:
        evidence = home.evidence(link.name, link.element)
        return Finding(reason=Reason.LEADS_HOME, warnings=site.warnings, evidence=(evidence,))
    return Finding(reason=Reason.NO_PAGE, warnings=site.warnings, evidence=site.looked(readings))


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
        Reason.SOFT_404: "Le lien vers la déclaration mène à une page d'erreur ou de connexion du site.",
        Reason.NOT_A_DECLARATION: "La page trouvée n'est pas une déclaration d'accessibilité.",
        Reason.PLACEHOLDER: "La déclaration n'est pas rédigée : page d'attente, ou champs du modèle laissés vides.",
        Reason.LEADS_HOME: "Le lien vers la déclaration ramène à la page d'accueil.",
    },
    warnings={
        "external-host": "La déclaration est publiée sur un autre site.",
        "not-linked-from-home": "La page existe, mais la page d'accueil n'y mène pas.",
        "pdf": "La déclaration est, ou semble être, un document à télécharger plutôt qu'une page du site.",
        "insecure": "La page est servie en http, sans chiffrement.",
    },
)
