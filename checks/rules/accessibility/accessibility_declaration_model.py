"""La déclaration d'accessibilité contient les parties du modèle.

Pourquoi c'est important
------------------------
Chaque partie du modèle sert à quelqu'un : l'état et les résultats disent à quoi s'attendre, le contact permet d'obtenir
l'information autrement, les voies de recours disent à qui s'adresser quand personne ne répond.

Ce que nous regardons
---------------------
Toute déclaration doit contenir :

- l'organisation qui s'engage, et l'article 47 de la loi n° 2005-102 du 11 février 2005 ;
- le site auquel elle s'applique ;
- l'état de conformité : totalement, partiellement ou non conforme ;
- une date : d'établissement, de mise à jour ou d'audit ;
- un contact : une adresse électronique ou un formulaire ;
- les voies de recours, et d'abord le Défenseur des droits.

Dès qu'un audit a été fait (un taux ou un auditeur est cité, ou le niveau n'est pas « non conforme »), il faut aussi :

- les résultats des tests, avec le taux de critères respectés ;
- les contenus non accessibles, sauf si le taux est de 100 %.

Les titres peuvent s'écarter de ceux du modèle : « Amélioration et contact », « Contact », « Défenseur des droits », ou un
paragraphe en gras, en français ou en anglais. Une déclaration sans audit est courte, et complète quand même.

Nous relevons aussi ce que dit la page, même si ce n'est pas une déclaration : niveau, taux global, référentiel, date de
l'audit (à défaut, celle de la déclaration), dernière mise à jour, auditeur externe, adresse et formulaire de contact.

Comment corriger
----------------
- Ajoutez les parties qui manquent : le générateur de beta.gouv.fr et le modèle du RGAA les donnent toutes.
- Gardez les titres du modèle : les lecteurs d'écran, et les personnes qui en comparent plusieurs, s'y retrouvent.

Référence
---------
- Loi n° 2005-102 du 11 février 2005, article 47.
- Décret n° 2019-768 du 24 juillet 2019, article 4.
- Arrêté du 20 septembre 2019, modèle de déclaration.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.parse.declaration.fact import Fact
from checks.parse.declaration.parts import Missing, missing
from checks.parse.declaration.statement import Statement
from checks.parse.html import Page
from checks.parse.site import Site


class Reason(StrEnum):
    COMPLETE = "complete"
    MISSING = "parts-missing"
    NO_DECLARATION = "no-declaration"


def judge(site: Site) -> Finding:
    if site.obstacle:
        return site.obstacle
    reading = site.accessibility_page
    page = reading.page if reading else None
    if reading is None or page is None or site.outline is None or site.statement is None:
        return site.unread_declaration or Finding(reason=Reason.NO_DECLARATION, warnings=site.warnings)
    said = site.statement
    lacks = missing(site.outline, said)
    facts = _facts(said, lacks)
    if site.declaration is None:
        unread = site.unread_declaration
        if unread:
            return Finding(reason=unread.reason, warnings=unread.warnings, evidence=unread.evidence, facts=facts)
        return Finding(
            reason=Reason.NO_DECLARATION, warnings=site.warnings, evidence=(reading.evidence(),), facts=facts
        )
    return Finding(
        reason=Reason.MISSING if lacks else Reason.COMPLETE,
        value=",".join(one.part for one in lacks) or None,
        warnings=site.page_warnings(reading),
        evidence=_looked(page, lacks) if lacks else _quoted(page, said),
        facts=facts,
    )


def _facts(said: Statement, lacks: tuple[Missing, ...]) -> dict[str, Any]:
    """As the verdict line documents them: ISO dates; the date of the declaration where it gives none of its audit."""
    is_unaudited = said.says_no_audit and not said.is_audited
    audited = _value(said.audit_date or (None if is_unaudited else said.established))
    rate, updated = _value(said.rate), _value(said.update_date)
    return {
        "level": _value(said.level),
        "rate": int(rate) if rate is not None and rate == int(rate) else rate,
        "standard": _value(said.standard),
        "audit_date": audited.isoformat() if audited else None,
        "update_date": updated.isoformat() if updated else None,
        "auditor": _value(said.auditor),
        "contact_email": _value(said.contact_email),
        "contact_form": _value(said.contact_form),
        "article_47": said.article_47 is not None,
        "missing": [str(one.part) for one in lacks],
    }


def _value(fact: Fact[Any] | None) -> Any:
    return fact.value if fact else None


def _looked(page: Page, lacks: tuple[Missing, ...]) -> tuple[Evidence, ...]:
    """Where each missing part was looked for: under its heading, or in the whole page."""
    whole = page.evidence(page.title, page.soup.title)
    places = (one.looked_in for one in lacks)
    return tuple(dict.fromkeys(page.evidence(place.text, place.element) if place else whole for place in places))


def _quoted(page: Page, said: Statement) -> tuple[Evidence, ...]:
    date = said.established or said.update_date or said.audit_date
    facts = (said.level, said.rate, date, said.contact_email or said.contact_form)
    return tuple(dict.fromkeys(page.evidence(fact.text, fact.element) for fact in facts if fact))


RULE = Rule(
    id="accessibility-declaration-model",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Contenu de la déclaration",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.COMPLETE: Outcome.PASSED,
        Reason.MISSING: Outcome.FAILED,
        Reason.NO_DECLARATION: Outcome.INAPPLICABLE,
    },
    messages={
        Reason.COMPLETE: "La déclaration contient toutes les parties que demande le modèle.",
        Reason.MISSING: "Il manque à la déclaration des parties que demande le modèle.",
        Reason.NO_DECLARATION: "Le service n'a pas de déclaration d'accessibilité : il n'y a pas de parties à chercher.",
    },
    warnings={
        "external-host": "La déclaration est publiée sur un autre site.",
        "pdf": "La déclaration est, ou semble être, un document à télécharger plutôt qu'une page du site.",
        "insecure": "La page est servie en http, sans chiffrement.",
    },
)
