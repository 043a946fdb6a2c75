"""Le service publie ses conditions d'utilisation.

Pourquoi c'est important
------------------------
Les conditions d'utilisation disent ce qu'est le service, ce que chacun peut en attendre et ce qu'il doit respecter.

Ce que nous regardons
---------------------
Une page liée depuis la page d'accueil (« CGU », « Conditions générales d'utilisation », « Modalités d'utilisation »…), qui
répond et qui dit l'objet du service : ce qu'il permet, à quoi il est destiné, ou ce que les conditions encadrent.

Une section des mentions légales compte si elle a son titre (« Conditions d'utilisation », « Objet du service »…) ; un PDF ou
une section de la page d'accueil aussi. Un champ de gabarit laissé vide ne compte pas, ni un mot seul dans un sommaire.

Comment corriger
----------------
- Publiez une page `/cgu` qui commence par l'objet du service : « Le service permet à … de … ».
- Liez-la depuis le pied de page.

Référence
---------
- Standards de qualité beta.gouv.fr : les conditions générales d'utilisation sont publiées.
- Modèle de conditions générales d'utilisation de la direction interministérielle du numérique.
"""

from __future__ import annotations

import re

from checks.model.capture import Topic
from checks.model.rule import Finding, Rule, Status
from checks.parse.legal import terms
from checks.parse.legal.documents import OUTCOMES, WARNINGS, Sought, judge_document
from checks.parse.legal.documents import DocumentReason as Reason
from checks.parse.site import Site

_HEADED = re.compile(
    r"\bcgu\b|\b(?:conditions?|modalites?|termes|regles) (?:generales? )?(?:d'|de l')(?:utilisations?|usage)"
    r"|^conditions generales\b|^\W*(?:[\divx]+[.)] ?)?(?:objet|presentation)"
    r" (?:du|de la|de l')? ?(?:site|service|plateforme|application|outil)?\W*$"
    r"|\bterms (?:of|and)\b|\butilisation d[ue] (?:la |ce )?(?:site|service|plateforme)"
)


def judge(site: Site) -> Finding:
    return judge_document(site, Sought(topic=Topic.TERMS, groups=terms.GROUPS, headed=_HEADED))


RULE = Rule(
    id="terms-of-use",
    version=1,
    since="0.1.0",
    status=Status.EVALUATION,
    title="Conditions d'utilisation",
    page=__doc__,
    judge=judge,
    outcomes=OUTCOMES,
    messages={
        Reason.COMPLETE: "Les conditions d'utilisation sont publiées et disent l'objet du service.",
        Reason.NO_PAGE: "La page d'accueil ne mène à aucune page de conditions d'utilisation.",
        Reason.BROKEN_LINK: "Le lien vers les conditions mène à une erreur (4xx ou 5xx), alors que l'accueil répond.",
        Reason.SOFT_404: "Le lien mène à une page d'erreur, de connexion ou d'attente, ou à l'accueil.",
        Reason.MISSING: "Les conditions d'utilisation ne disent pas l'objet du service.",
    },
    warnings=WARNINGS,
)
