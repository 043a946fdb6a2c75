"""La page n'exécute que les scripts que le site a choisis (CSP).

Pourquoi c'est important
------------------------
Une faille d'injection laisse un attaquant écrire dans la page : son script lit alors ce que l'usager saisit, ou agit en
son nom. Une politique de contenu stricte fait que le navigateur refuse ce script, même quand la faille est là.

Ce que nous regardons
---------------------
Toutes les politiques `Content-Security-Policy` de la page d'accueil, en-têtes et balises `<meta>` de l'en-tête HTML, lues
comme le dit la spécification : chacune s'applique séparément, et seul passe ce que toutes permettent.

- Une politique restreint les scripts (`script-src`, ou `default-src` à défaut).
- Elle ne permet pas les scripts écrits dans la page : `'unsafe-inline'` est refusé, sauf à côté d'un nonce, d'une
  empreinte ou de `'strict-dynamic'`, qui l'annulent. `script-src-elem` et `script-src-attr` sont lus aussi.
- Elle ne permet pas n'importe quelle origine : ni `*`, ni `https:`, ni `http:`, ni `data:`, ni `*.fr`.

Elle est dite stricte quand les scripts sont autorisés un à un (nonce, empreinte, `'strict-dynamic'`, `'none'`), restrictive
quand ils le sont par leur hôte. Nous signalons, sans refuser : `'unsafe-eval'`, l'absence d'`object-src` ou de `base-uri`,
les styles écrits dans la page, les directives répétées ou inconnues, les mots-clefs sans guillemets.

L'Observatoire HTTP de MDN ignore `script-src-elem` et `script-src-attr`, fusionne les politiques au lieu de les appliquer
une à une, déclare invalide une politique dont une directive est répétée (les navigateurs lisent la première), et lit les
balises de `<noscript>`, de `<template>` et du corps de la page, que les navigateurs ignorent.

Comment corriger
----------------
- Partez de `default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; object-src 'none'`.
- Déplacez les scripts écrits dans la page vers des fichiers, ou donnez à chacun un nonce neuf à chaque réponse.
- Essayez la politique avec `Content-Security-Policy-Report-Only`, puis appliquez-la : seule, cette étape ne protège pas.
- Nommez chaque hôte dont la page a besoin (mesure d'audience, carte, vidéo).

Référence
---------
- W3C Content Security Policy Level 3, https://www.w3.org/TR/CSP3/.
- ANSSI, Recommandations pour la mise en œuvre d'un site web.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.parse.security.metas import head_metas
from checks.parse.security.policies import Policy, has_unknown, has_unquoted, header_policies, meta_policies, picked
from checks.parse.security.remedies import mending
from checks.parse.security.scripts import Scripts, runs_inline_styles, scripts, takes_any_object
from checks.parse.security.sent import home_answer, quote, values, warnings_of, with_tags
from checks.parse.site import Site

HEADER = "content-security-policy"
REPORT_ONLY = "content-security-policy-report-only"
_SCRIPTS = {"script-src", "script-src-elem", "script-src-attr"}


class Reason(StrEnum):
    STRICT = "strict"
    RESTRICTIVE = "restrictive"
    ABSENT = "absent"
    REPORT_ONLY = "report-only"
    INVALID = "invalid"
    NO_SCRIPT_RESTRICTION = "no-script-restriction"
    INLINE_SCRIPTS = "inline-scripts"
    BROAD_SOURCES = "broad-sources"


def judge(site: Site) -> Finding:
    answer = home_answer(site)
    if isinstance(answer, Finding):
        return answer
    contents = [content for content in head_metas(site, HEADER) if content.strip()]
    lines = values(answer, HEADER)
    policies = (*header_policies(lines), *meta_policies(contents))
    reason = _reason(policies, is_reported=any(values(answer, REPORT_ONLY)))
    if not policies and any(line.strip("; ,") for line in lines):
        reason = Reason.INVALID
    is_failed = RULE.outcome(reason) is Outcome.FAILED
    quoted = quote(answer, REPORT_ONLY if reason is Reason.REPORT_ONLY else HEADER, pick=_of_scripts)
    tags = [f'<meta http-equiv="Content-Security-Policy" content="{content}">' for content in contents][:5]
    quoted = with_tags(quoted, answer, HEADER, tags, "head meta[http-equiv]")
    return Finding(
        reason=reason,
        warnings=(*warnings_of(site, answer), *_warnings(policies)),
        evidence=quoted.evidence,
        facts=mending(HEADER, quoted.received) if is_failed else {},
    )


def _reason(policies: Sequence[Policy], *, is_reported: bool) -> Reason:
    if not policies:
        return Reason.REPORT_ONLY if is_reported else Reason.ABSENT
    if not any(policy.is_understood for policy in policies):
        return Reason.INVALID
    return _script_reason(scripts(policies))


def _script_reason(read: Scripts) -> Reason:
    if not read.is_restricted:
        return Reason.NO_SCRIPT_RESTRICTION
    if read.runs_inline:
        return Reason.INLINE_SCRIPTS
    if read.breadth:
        return Reason.BROAD_SOURCES
    return Reason.STRICT if read.is_strict else Reason.RESTRICTIVE


def _warnings(policies: Sequence[Policy]) -> tuple[str, ...]:
    if not policies:
        return ()
    said = {
        "unsafe-eval": scripts(policies).is_restricted and scripts(policies).runs_eval,
        "any-object": takes_any_object(policies),
        "no-base-uri": not any("base-uri" in policy.directives for policy in policies),
        "inline-styles": runs_inline_styles(policies),
        "repeated-directive": any(policy.has_repeats for policy in policies),
        "unknown-directive": has_unknown(policies),
        "unquoted-keyword": has_unquoted(policies),
        "by-meta": all(policy.is_meta for policy in policies),
    }
    return tuple(name for name, is_so in said.items() if is_so)


def _of_scripts(line: str) -> str:
    """What a policy says of scripts, which may be far from its beginning."""
    return picked(line, _SCRIPTS) or picked(line, {"default-src"})


RULE = Rule(
    id="content-security-policy",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Politique de contenu (CSP)",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.STRICT: Outcome.PASSED,
        Reason.RESTRICTIVE: Outcome.PASSED,
        Reason.ABSENT: Outcome.FAILED,
        Reason.REPORT_ONLY: Outcome.FAILED,
        Reason.INVALID: Outcome.FAILED,
        Reason.NO_SCRIPT_RESTRICTION: Outcome.FAILED,
        Reason.INLINE_SCRIPTS: Outcome.FAILED,
        Reason.BROAD_SOURCES: Outcome.FAILED,
    },
    messages={
        Reason.STRICT: "Les scripts sont autorisés un à un : un script injecté n'est pas exécuté.",
        Reason.RESTRICTIVE: "Seuls s'exécutent les scripts venus des hôtes que le site a choisis.",
        Reason.ABSENT: "La page est envoyée sans politique de contenu (Content-Security-Policy).",
        Reason.REPORT_ONLY: "La politique de contenu est seulement à l'essai (Report-Only) : elle ne bloque rien.",
        Reason.INVALID: "La politique de contenu ne contient aucune directive connue : elle n'a pas d'effet.",
        Reason.NO_SCRIPT_RESTRICTION: "La politique de contenu ne dit rien des scripts : tous s'exécutent.",
        Reason.INLINE_SCRIPTS: "La politique de contenu permet les scripts écrits dans la page ('unsafe-inline').",
        Reason.BROAD_SOURCES: "La politique de contenu permet les scripts de n'importe quelle origine.",
    },
    warnings={
        "unsafe-eval": "La politique permet d'exécuter du texte comme un script ('unsafe-eval').",
        "any-object": "La politique ne restreint pas les objets : ajoutez object-src 'none'.",
        "no-base-uri": "La politique laisse changer l'adresse de base des liens et des scripts : ajoutez base-uri 'self'.",
        "inline-styles": "La politique permet les styles écrits dans la page.",
        "repeated-directive": "Une directive est répétée dans une politique : seule la première compte.",
        "unknown-directive": "Une directive n'est pas connue : les navigateurs l'ignorent.",
        "unquoted-keyword": "Un mot-clef est écrit sans guillemets simples : les navigateurs y lisent un nom d'hôte.",
        "by-meta": "La politique vient d'une balise meta : elle ne vaut que pour cette page et ce qui suit la balise.",
    },
    reads_exchange=True,
)
