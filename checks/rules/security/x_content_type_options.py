"""Le site interdit aux navigateurs de deviner le type de ses fichiers.

Pourquoi c'est important
------------------------
Un navigateur qui devine peut prendre pour un script un fichier déposé par un usager (une image, un texte) et l'exécuter
au nom du site. `X-Content-Type-Options: nosniff` l'en empêche.

Ce que nous regardons
---------------------
L'en-tête `X-Content-Type-Options` de la page d'accueil, lu comme le fait un navigateur : la première valeur doit être
`nosniff`, sans tenir compte des majuscules. `nosniff;` n'est pas reconnu.

L'Observatoire HTTP de MDN refuse `nosniff, nosniff` (un en-tête envoyé deux fois), qui protège pourtant : nous
l'acceptons.

Comment corriger
----------------
- Envoyez `X-Content-Type-Options: nosniff` avec toutes les réponses, fichiers compris.
- Vérifiez que chaque script et chaque feuille de style est envoyé avec son vrai type.

Référence
---------
- WHATWG Fetch, « determine nosniff », https://fetch.spec.whatwg.org/#x-content-type-options-header.
- ANSSI, Recommandations pour la mise en œuvre d'un site web.
"""

from __future__ import annotations

from enum import StrEnum

from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.parse.security.remedies import mending
from checks.parse.security.sent import home_answer, listed, quote, values, warnings_of
from checks.parse.site import Site

HEADER = "x-content-type-options"


class Reason(StrEnum):
    NOSNIFF = "nosniff"
    ABSENT = "absent"
    INVALID = "invalid"


def judge(site: Site) -> Finding:
    answer = home_answer(site)
    if isinstance(answer, Finding):
        return answer
    said = listed(values(answer, HEADER))
    reason = Reason.ABSENT if not said else Reason.NOSNIFF if said[0].lower() == "nosniff" else Reason.INVALID
    quoted = quote(answer, HEADER)
    return Finding(
        reason=reason,
        warnings=warnings_of(site, answer),
        evidence=quoted.evidence,
        facts={} if reason is Reason.NOSNIFF else mending(HEADER, quoted.received),
    )


RULE = Rule(
    id="x-content-type-options",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="Types de fichiers respectés (nosniff)",
    page=__doc__,
    judge=judge,
    outcomes={Reason.NOSNIFF: Outcome.PASSED, Reason.ABSENT: Outcome.FAILED, Reason.INVALID: Outcome.FAILED},
    messages={
        Reason.NOSNIFF: "Les navigateurs ne devinent pas le type des fichiers du site.",
        Reason.ABSENT: "L'en-tête X-Content-Type-Options n'est pas envoyé.",
        Reason.INVALID: "L'en-tête X-Content-Type-Options ne dit pas d'abord nosniff : les navigateurs l'ignorent.",
    },
    reads_exchange=True,
)
