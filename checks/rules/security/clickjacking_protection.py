"""Un autre site ne peut pas montrer la page dans un cadre, pour y faire cliquer l'usager à son insu.

Pourquoi c'est important
------------------------
Un site piégé affiche le service dans un cadre invisible, sous un jeu ou un bouton : l'usager croit cliquer sur l'un et
agit sur l'autre. Il suffit de dire aux navigateurs qui peut montrer la page dans un cadre.

Ce que nous regardons
---------------------
La réponse de la page d'accueil, comme la lisent les navigateurs :

- `frame-ancestors` dans l'en-tête `Content-Security-Policy` : il doit nommer des sites, ou `'self'`, ou `'none'`. Quand il
  est là, `X-Frame-Options` ne compte plus ;
- à défaut, `X-Frame-Options` : `DENY` ou `SAMEORIGIN`. `ALLOW-FROM` n'est plus lu par aucun navigateur, et ne protège pas.
  Deux valeurs qui se contredisent interdisent tout cadre : c'est respecté, et signalé.

Dans une balise `<meta>`, ni l'un ni l'autre n'a d'effet. L'Observatoire HTTP de MDN accepte `frame-ancestors` dans une
balise, `frame-ancestors *` et `ALLOW-FROM`, qui ne protègent pas, et refuse `SAMEORIGIN, SAMEORIGIN`, qui protège.

Un service fait pour être intégré ailleurs nomme les sites qui peuvent le faire.

Comment corriger
----------------
- Ajoutez `frame-ancestors 'self'` à l'en-tête `Content-Security-Policy`, ou envoyez `X-Frame-Options: SAMEORIGIN`.
- Pour être intégré chez des partenaires : `frame-ancestors 'self' https://partenaire.fr`.

Référence
---------
- W3C Content Security Policy Level 3, `frame-ancestors`, https://www.w3.org/TR/CSP3/#directive-frame-ancestors.
- WHATWG HTML, `X-Frame-Options`, https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header.
- ANSSI, Recommandations pour la mise en œuvre d'un site web.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.parse.security.framing import keeps_out_of_frames
from checks.parse.security.metas import head_metas, metas
from checks.parse.security.policies import header_policies, picked
from checks.parse.security.remedies import mending
from checks.parse.security.scripts import frames_of_any_site
from checks.parse.security.sent import home_answer, listed, quote, values, warnings_of, with_tags
from checks.parse.site import Site

FRAME_OPTIONS = "x-frame-options"
POLICY = "content-security-policy"


class Reason(StrEnum):
    FRAME_ANCESTORS = "frame-ancestors"
    FRAME_OPTIONS = "x-frame-options"
    ABSENT = "absent"
    META_ONLY = "meta-only"
    ALLOW_FROM = "allow-from"
    INVALID = "invalid"
    ANY_SITE = "any-site"


def judge(site: Site) -> Finding:
    answer = home_answer(site)
    if isinstance(answer, Finding):
        return answer
    is_any = frames_of_any_site(header_policies(values(answer, POLICY)))
    options = listed(values(answer, FRAME_OPTIONS))
    tags = () if options or is_any is not None else _in_meta(site)
    reason = _options_reason(options, tags) if is_any is None else Reason.ANY_SITE if is_any else Reason.FRAME_ANCESTORS
    quoted = quote(answer, FRAME_OPTIONS) if is_any is None else quote(answer, POLICY, FRAME_OPTIONS, pick=_directive)
    quoted = with_tags(quoted, answer, FRAME_OPTIONS, tags, "meta[http-equiv]")
    remedy = "frame-ancestors" if is_any else FRAME_OPTIONS
    differ = is_any is None and len({one.lower() for one in options}) > 1
    return Finding(
        reason=reason,
        warnings=(*warnings_of(site, answer), *(("conflicting-values",) if differ else ())),
        evidence=quoted.evidence,
        facts=mending(remedy, quoted.received) if RULE.outcome(reason) is Outcome.FAILED else {},
    )


def _directive(line: str) -> str:
    return picked(line, {"frame-ancestors"})


def _options_reason(options: Sequence[str], tags: Sequence[str]) -> Reason:
    if not options:
        return Reason.META_ONLY if tags else Reason.ABSENT
    if keeps_out_of_frames(options):
        return Reason.FRAME_OPTIONS
    return Reason.ALLOW_FROM if any(one.lower().startswith("allow-from") for one in options) else Reason.INVALID


def _in_meta(site: Site) -> tuple[str, ...]:
    """The tags that look like a protection and are none."""
    said = [content for content in head_metas(site, POLICY) if "frame-ancestors" in content.lower()]
    tags = [f'<meta http-equiv="Content-Security-Policy" content="{content}">' for content in said]
    has_options = bool(metas(site, "http-equiv", FRAME_OPTIONS))
    return tuple([*tags, *(['<meta http-equiv="X-Frame-Options">'] if has_options else [])][:5])


RULE = Rule(
    id="clickjacking-protection",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Protection contre l'affichage dans un cadre",
    page=__doc__,
    judge=judge,
    outcomes={
        Reason.FRAME_ANCESTORS: Outcome.PASSED,
        Reason.FRAME_OPTIONS: Outcome.PASSED,
        Reason.ABSENT: Outcome.FAILED,
        Reason.META_ONLY: Outcome.FAILED,
        Reason.ALLOW_FROM: Outcome.FAILED,
        Reason.INVALID: Outcome.FAILED,
        Reason.ANY_SITE: Outcome.FAILED,
    },
    messages={
        Reason.FRAME_ANCESTORS: "La politique de contenu dit quels sites peuvent montrer la page dans un cadre.",
        Reason.FRAME_OPTIONS: "L'en-tête X-Frame-Options interdit aux autres sites de montrer la page dans un cadre.",
        Reason.ABSENT: "Ni frame-ancestors ni X-Frame-Options : tout site peut montrer la page dans un cadre.",
        Reason.META_ONLY: "La protection est dans une balise meta, où les navigateurs l'ignorent.",
        Reason.ALLOW_FROM: "L'en-tête X-Frame-Options dit ALLOW-FROM, que les navigateurs ne lisent plus.",
        Reason.INVALID: "L'en-tête X-Frame-Options n'a pas une valeur connue : les navigateurs l'ignorent.",
        Reason.ANY_SITE: "La directive frame-ancestors permet à tout site de montrer la page dans un cadre.",
    },
    warnings={
        "conflicting-values": "L'en-tête X-Frame-Options a des valeurs différentes : les navigateurs refusent tout cadre.",
    },
    reads_exchange=True,
)
