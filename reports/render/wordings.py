"""How the annual report says each figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.language import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A figure in one sentence: of ``one`` service and of ``several``, and as a ``share`` where that is what is published.

    ``{passed}`` of ``{decided}`` are counted, ``{value}`` is the percentage; ``{count}`` is a plain count, in the year
    ``{group}``, before the year ``{after}``; the details of the figure have their own names, with underscores.
    """

    one: str
    several: str
    share: str = ""


WORDINGS: Mapping[str, Wording] = {
    "accessibility-obligations": Wording(
        one=N_(
            "{passed} service du réseau sur {decided}, toutes phases confondues, respecte les obligations déclaratives "
            "(mention et déclaration)"
        ),
        several=N_(
            "{passed} services du réseau sur {decided}, toutes phases confondues, respectent les obligations déclaratives "
            "(mention et déclaration)"
        ),
        share=N_(
            "{value} des services du réseau, toutes phases confondues, respectent les obligations déclaratives "
            "(mention et déclaration)"
        ),
    ),
    "statistics-pages": Wording(
        one=N_("{passed} service a publié une page présentant ses statistiques"),
        several=N_("{passed} services ont publié une page présentant leurs statistiques"),
    ),
    "budget-pages": Wording(
        one=N_("{passed} service a publié son budget"),
        several=N_("{passed} services ont publié leur budget"),
    ),
    "open-source": Wording(
        one=N_("{passed} service en accélération ou pérennisé sur {decided} a un code source ouvert"),
        several=N_("{passed} services en accélération ou pérennisés sur {decided} ont un code source ouvert"),
        share=N_("{value} des services en accélération et pérennisés ont un code source ouvert"),
    ),
    "https": Wording(
        one=N_("{passed} service sur {decided} impose HTTPS avec un certificat valide"),
        several=N_("{passed} services sur {decided} imposent HTTPS avec un certificat valide"),
        share=N_("{value} des services imposent HTTPS avec un certificat valide"),
    ),
    "security-headers": Wording(
        one=N_("{passed} service sur {decided} obtient B ou mieux à l'Observatoire HTTP de MDN"),
        several=N_("{passed} services sur {decided} obtiennent B ou mieux à l'Observatoire HTTP de MDN"),
        share=N_("{value} des services obtiennent B ou mieux à l'Observatoire HTTP de MDN"),
    ),
    "legal-documents": Wording(
        one=N_(
            "{passed} service sur {decided} publie ses mentions légales, sa politique de confidentialité et ses conditions "
            "d'utilisation"
        ),
        several=N_(
            "{passed} services sur {decided} publient leurs mentions légales, leur politique de confidentialité et leurs "
            "conditions d'utilisation"
        ),
        share=N_(
            "{value} des services publient leurs mentions légales, leur politique de confidentialité et leurs conditions "
            "d'utilisation"
        ),
    ),
    "declared-versus-verified-statistics": Wording(
        one=N_("{passed} page de statistiques sur {decided} déclarées au registre est confirmée par le site"),
        several=N_("{passed} pages de statistiques sur {decided} déclarées au registre sont confirmées par le site"),
        share=N_("{value} des pages de statistiques déclarées au registre sont confirmées par le site"),
    ),
    "declared-versus-verified-budget": Wording(
        one=N_("{passed} budget sur {decided} déclarés au registre est confirmé par le site"),
        several=N_("{passed} budgets sur {decided} déclarés au registre sont confirmés par le site"),
        share=N_("{value} des budgets déclarés au registre sont confirmés par le site"),
    ),
    "declared-versus-verified-source-code": Wording(
        one=N_("{passed} code source sur {decided} déclarés au registre est dans un dépôt public"),
        several=N_("{passed} codes sources sur {decided} déclarés au registre sont dans un dépôt public"),
        share=N_("{value} des codes sources déclarés au registre sont dans un dépôt public"),
    ),
    "declared-versus-verified-accessibility": Wording(
        one=N_("{passed} niveau d'accessibilité sur {decided} déclarés au registre est affiché par le site"),
        several=N_("{passed} niveaux d'accessibilité sur {decided} déclarés au registre sont affichés par le site"),
        share=N_("{value} des niveaux d'accessibilité déclarés au registre sont affichés par le site"),
    ),
    "services-supported": Wording(
        one=N_("{count} service est accompagné ou pérennisé"),
        several=N_("{count} services sont accompagnés ou pérennisés"),
    ),
    "investigations": Wording(
        one=N_("{count} investigation est en cours au registre ({not_ended} dont la date de fin n'est pas passée)"),
        several=N_(
            "{count} investigations sont en cours au registre, dont {not_ended} dont la date de fin n'est pas passée"
        ),
    ),
    "services-with-url": Wording(
        one=N_("{passed} service accompagné ou pérennisé sur {decided} a un site au registre"),
        several=N_("{passed} services accompagnés ou pérennisés sur {decided} ont un site au registre"),
        share=N_("{value} des services accompagnés ou pérennisés ont un site au registre"),
    ),
    "statistics-declared": Wording(
        one=N_("{passed} service accompagné ou pérennisé sur {decided} déclare au registre une page de statistiques"),
        several=N_(
            "{passed} services accompagnés ou pérennisés sur {decided} déclarent au registre une page de statistiques"
        ),
        share=N_("{value} des services accompagnés ou pérennisés déclarent au registre une page de statistiques"),
    ),
    "budget-declared": Wording(
        one=N_("{passed} service accompagné ou pérennisé sur {decided} déclare au registre son budget"),
        several=N_("{passed} services accompagnés ou pérennisés sur {decided} déclarent au registre leur budget"),
        share=N_("{value} des services accompagnés ou pérennisés déclarent au registre leur budget"),
    ),
    "open-source-declared": Wording(
        one=N_("{passed} service en accélération ou pérennisé sur {decided} déclare au registre son code source"),
        several=N_(
            "{passed} services en accélération ou pérennisés sur {decided} déclarent au registre leur code source"
        ),
        share=N_("{value} des services en accélération et pérennisés déclarent au registre leur code source"),
    ),
    "open-source-declared-construction": Wording(
        one=N_("{passed} service en construction sur {decided} déclare au registre son code source"),
        several=N_("{passed} services en construction sur {decided} déclarent au registre leur code source"),
        share=N_("{value} des services en construction déclarent au registre leur code source"),
    ),
    "statistics-declared-all": Wording(
        one=N_("{count} service, toutes phases confondues, déclare au registre une page de statistiques"),
        several=N_("{count} services, toutes phases confondues, déclarent au registre une page de statistiques"),
    ),
    "budget-declared-all": Wording(
        one=N_("{count} service, toutes phases confondues, déclare au registre son budget"),
        several=N_("{count} services, toutes phases confondues, déclarent au registre leur budget"),
    ),
    "national-impact-events": Wording(
        one=N_("{count} service à impact national est enregistré au registre ({not_stopped} non arrêté)"),
        several=N_("{count} services à impact national sont enregistrés au registre, dont {not_stopped} non arrêtés"),
    ),
    "fast-events": Wording(
        one=N_("{count} lauréat du FAST est enregistré au registre, qui n'en contient qu'une partie"),
        several=N_("{count} lauréats du FAST sont enregistrés au registre, qui n'en contient qu'une partie"),
    ),
    "launched-by-dinum": Wording(
        one=N_(
            "{count} service a été lancé par la DINUM en {group} ({with_dinum_produits_interministeriels} avec ses produits "
            "interministériels)"
        ),
        several=N_(
            "{count} services ont été lancés par la DINUM en {group} ({with_dinum_produits_interministeriels} avec ses "
            "produits interministériels)"
        ),
    ),
    "national-impact-new": Wording(
        one=N_("{count} nouveau service à impact national au titre de {group} (événement daté de {after} au registre)"),
        several=N_(
            "{count} nouveaux services à impact national au titre de {group} (événements datés de {after} au registre)"
        ),
    ),
}
"""Figures that are not here are said by their label. Those of the registry alone say so."""
