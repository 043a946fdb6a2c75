"""La déclaration d'accessibilité a moins de trois ans.

Pourquoi c'est important
------------------------
Un site change, et une vieille déclaration ne dit plus rien de lui. Passé trois ans, elle ne vaut plus : le régulateur tient
le service pour « non conforme », quel que soit le niveau qu'elle annonce.

Ce que nous regardons
---------------------
La plus récente des dates que donne la déclaration : celle de l'audit, de sa mise à jour, ou de son établissement. Elle doit
remonter à moins de trois ans, de date à date, le jour où nous la lisons.

- Trois ans jour pour jour, c'est trop tard : une déclaration du 12 mars 2023 vaut jusqu'au 11 mars 2026 inclus.
- Une date du 29 février vaut jusqu'au 28 février inclus, trois ans plus tard.
- Un mois donné sans le jour (« en mars 2023 ») compte jusqu'à son dernier jour.
- Une date à venir n'est pas crue : elle est écartée. S'il n'en reste aucune autre, nous disons que nous ne savons pas.

Sans date, nous ne savons pas non plus ; sans déclaration, la règle ne s'applique pas. L'arrêté demande aussi de mettre la
déclaration à jour dans les dix-huit mois qui suivent une nouvelle version du RGAA : nous ne le vérifions pas.

Comment corriger
----------------
- Vérifiez ce que dit la déclaration, au besoin par un nouvel audit, puis mettez-la à jour.
- Datez-la : « Cette déclaration a été établie le 12 mars 2026. Elle a été mise à jour le 3 juin 2026. »

Référence
---------
- Décret n° 2019-768 du 24 juillet 2019, articles 4 et 5.
- Arrêté du 20 septembre 2019 : une déclaration vaut trois ans à compter de sa publication.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from enum import StrEnum

from checks.model.french import fold
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.parse.declaration.dates import dates
from checks.parse.declaration.statement import Fact, Statement
from checks.parse.site import Site


class Reason(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    NO_DATE = "no-date"
    NO_DECLARATION = "no-declaration"


YEARS = 3


def judge(site: Site) -> Finding:
    if site.obstacle:
        return site.obstacle
    reading = site.declaration
    if reading is None or reading.page is None or site.statement is None:
        return site.unread_declaration or Finding(reason=Reason.NO_DECLARATION, warnings=site.warnings)
    warnings = site.page_warnings(reading)
    latest = _latest(site.statement, site.as_of)
    if latest is None:
        return Finding(reason=Reason.NO_DATE, warnings=warnings, evidence=(reading.evidence(),))
    kind, said = latest
    expires = _expiry(_last_day(said))
    return Finding(
        reason=Reason.VALID if site.as_of < expires else Reason.EXPIRED,
        warnings=warnings,
        evidence=(reading.page.evidence(said.text, said.element),),
        facts={"date": said.value.isoformat(), "kind": kind, "expires": expires.isoformat()},
    )


def _latest(said: Statement, as_of: date) -> tuple[str, Fact[date]] | None:
    """The latest date of the past, and what happened then."""
    told = {"audit": said.audit_date, "update": said.update_date, "established": said.established}
    past = [(kind, fact) for kind, fact in told.items() if fact and fact.value <= as_of]
    return max(past, key=lambda pair: pair[1].value, default=None)


def _last_day(said: Fact[date]) -> date:
    """The day that was said; the last one of a month said alone, since nothing proves that it was an earlier one."""
    day = said.value
    given = [one for one in dates(fold(said.text)) if one.value == day]
    if not given or not all(one.is_month for one in given):
        return day
    return day.replace(day=monthrange(day.year, day.month)[1])


def _expiry(day: date) -> date:
    """The first day on which a declaration of ``day`` has no less than three years."""
    try:
        return day.replace(year=day.year + YEARS)
    except ValueError:  # a 29th of February
        return date(day.year + YEARS, 3, 1)


RULE = Rule(
    id="accessibility-declaration-validity",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Validité de la déclaration",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.VALID: Outcome.PASSED,
        Reason.EXPIRED: Outcome.FAILED,
        Reason.NO_DATE: Outcome.CANT_TELL,
        Reason.NO_DECLARATION: Outcome.INAPPLICABLE,
    },
    messages={
        Reason.VALID: "La déclaration a été établie, mise à jour ou confirmée par un audit il y a moins de trois ans.",
        Reason.EXPIRED: "La déclaration a trois ans ou plus : elle ne vaut plus, et le service est tenu pour non conforme.",
        Reason.NO_DATE: "La déclaration ne donne aucune date passée que nous sachions lire.",
        Reason.NO_DECLARATION: "Le service n'a pas de déclaration d'accessibilité : il n'y a rien à dater.",
    },
    warnings={
        "external-host": "La déclaration est publiée sur un autre site.",
        "pdf": "La déclaration est, ou semble être, un document à télécharger plutôt qu'une page du site.",
        "insecure": "La page est servie en http, sans chiffrement.",
    },
)
