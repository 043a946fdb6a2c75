"""Le site n'envoie pas aux autres sites l'adresse des pages que lit l'usager.

Pourquoi c'est important
------------------------
En suivant un lien ou en chargeant une image d'un autre site, le navigateur peut lui donner l'adresse complète de la page
lue. Cette adresse dit parfois beaucoup : démarche en cours, recherche, jeton d'un lien reçu par courriel.

Ce que nous regardons
---------------------
La politique qu'applique un navigateur à la page d'accueil : le dernier mot connu de l'en-tête `Referrer-Policy`, puis la
dernière balise `<meta name="referrer">` valable, qui l'emporte sur l'en-tête.

- Sans politique, les navigateurs appliquent depuis 2020 `strict-origin-when-cross-origin`, qui ne donne aux autres sites
  que le nom du site : c'est respecté.
- `unsafe-url` et `no-referrer-when-downgrade` donnent l'adresse complète aux autres sites : c'est refusé.
- `origin` et `origin-when-cross-origin` ne donnent que le nom du site, y compris en clair : nous l'acceptons en le
  signalant, alors que l'Observatoire HTTP de MDN le refuse.
- Un en-tête dont aucun mot n'est connu est refusé : il n'a pas l'effet voulu.

Comment corriger
----------------
- Envoyez `Referrer-Policy: strict-origin-when-cross-origin`, ou `same-origin` ou `no-referrer` pour en dire moins.
- Retirez la balise `<meta name="referrer">` si elle dit autre chose.

Référence
---------
- W3C Referrer Policy, https://www.w3.org/TR/referrer-policy/.
- WHATWG HTML, `meta name=referrer`, https://html.spec.whatwg.org/multipage/semantics.html#meta-referrer.
"""

from __future__ import annotations

from enum import StrEnum

from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.parse.layout import attribute
from checks.parse.security.metas import metas
from checks.parse.security.referrer import header_policy, meta_policy
from checks.parse.security.remedies import mending
from checks.parse.security.sent import home_answer, listed, quote, values, warnings_of, with_tags
from checks.parse.site import Site

HEADER = "referrer-policy"


class Reason(StrEnum):
    PRIVATE = "private"
    BY_DEFAULT = "browser-default"
    ORIGIN_ONLY = "origin-only"
    SENDS_ADDRESS = "sends-address"
    INVALID = "invalid"


_REASONS = {
    "unsafe-url": Reason.SENDS_ADDRESS,
    "no-referrer-when-downgrade": Reason.SENDS_ADDRESS,
    "origin": Reason.ORIGIN_ONLY,
    "origin-when-cross-origin": Reason.ORIGIN_ONLY,
}


def judge(site: Site) -> Finding:
    answer = home_answer(site)
    if isinstance(answer, Finding):
        return answer
    said = listed(values(answer, HEADER))
    contents = [attribute(tag, "content") for tag in metas(site, "name", "referrer")]
    by_meta = meta_policy(contents)
    policy = by_meta or header_policy(said)
    reason = _reason(policy, is_said=any(said) or any(content.strip() for content in contents))
    tags = [f'<meta name="referrer" content="{content}">' for content in contents if content.strip()][-3:]
    quoted = with_tags(quote(answer, HEADER), answer, HEADER, tags, "meta[name=referrer]")
    return Finding(
        reason=reason,
        value=policy,
        warnings=(*warnings_of(site, answer), *(("by-meta",) if by_meta else ())),
        evidence=quoted.evidence,
        facts=mending(HEADER, quoted.received) if RULE.outcome(reason) is Outcome.FAILED else {},
    )


def _reason(policy: str | None, *, is_said: bool) -> Reason:
    if policy:
        return _REASONS.get(policy, Reason.PRIVATE)
    return Reason.INVALID if is_said else Reason.BY_DEFAULT


RULE = Rule(
    id="referrer-policy",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Adresse des pages gardée pour soi (Referrer-Policy)",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.PRIVATE: Outcome.PASSED,
        Reason.BY_DEFAULT: Outcome.PASSED,
        Reason.ORIGIN_ONLY: Outcome.PASSED,
        Reason.SENDS_ADDRESS: Outcome.FAILED,
        Reason.INVALID: Outcome.FAILED,
    },
    messages={
        Reason.PRIVATE: "Les autres sites ne reçoivent pas l'adresse des pages lues.",
        Reason.BY_DEFAULT: "Le site ne dit rien : les navigateurs ne donnent aux autres sites que son nom.",
        Reason.ORIGIN_ONLY: "Les autres sites ne reçoivent que le nom du site, mais aussi en clair (http).",
        Reason.SENDS_ADDRESS: "Le site fait donner aux autres sites l'adresse complète des pages lues.",
        Reason.INVALID: "La politique Referrer-Policy ne contient aucun mot connu : les navigateurs l'ignorent.",
    },
    warnings={"by-meta": "La politique vient d'une balise meta : elle ne vaut que pour cette page."},
    reads_exchange=True,
)
