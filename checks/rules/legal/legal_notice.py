"""Le service publie ses mentions légales, complètes.

Pourquoi c'est important
------------------------
Les mentions légales disent qui publie le site, qui en répond et où il est hébergé : à qui s'adresser, et contre qui agir.
La loi les impose à tout site ouvert au public.

Ce que nous regardons
---------------------
Une page liée depuis la page d'accueil (« Mentions légales », « Informations légales »…), qui répond et qui donne :

- l'éditeur : l'organisation ou la personne qui publie le site ;
- le directeur ou la directrice de la publication ;
- l'hébergeur.

Les titres peuvent s'écarter du modèle, et les trois peuvent tenir dans une phrase. Un champ de gabarit laissé vide
(« [nom du directeur] », « à compléter ») ne compte pas, ni un mot seul dans un sommaire. « Responsable éditorial » n'est pas
le directeur de la publication.

Une section de la page d'accueil, un PDF, ou la page d'un autre document juridique qui contient ces mentions (conditions
d'utilisation, données personnelles) comptent. Nous ne vérifions ni le téléphone, ni l'adresse, ni l'exactitude des noms.

Comment corriger
----------------
- Publiez une page `/mentions-legales` avec trois titres : « Éditeur », « Directeur de la publication », « Hébergeur ».
- Nommez la personne qui dirige la publication, et donnez le nom, l'adresse et le téléphone de l'hébergeur.
- Liez-la depuis le pied de page.

Référence
---------
- Loi n° 2004-575 du 21 juin 2004 pour la confiance dans l'économie numérique, article 1-1 (auparavant article 6, III).
- Loi n° 82-652 du 29 juillet 1982, article 93-2 (directeur de la publication).
"""

from __future__ import annotations

import re

from checks.model.capture import Topic
from checks.model.rule import Finding, Rule, Status
from checks.parse.legal import notice
from checks.parse.legal.documents import OUTCOMES, WARNINGS, Sought, judge_document
from checks.parse.legal.documents import DocumentReason as Reason
from checks.parse.site import Site

_HEADED = re.compile(
    r"\bmentions? ?-?legal|\bediteurs?\b|\bdirect\w+[\w·./() -]{0,30}\bpublication\b|\blegal notice\b"
    r"|\binfo(?:rmation)?s? legales"
)


def judge(site: Site) -> Finding:
    return judge_document(site, Sought(topic=Topic.LEGAL_NOTICE, groups=notice.GROUPS, headed=_HEADED))


RULE = Rule(
    id="legal-notice",
    version=1,
    since="0.1.0",
    status=Status.EVALUATION,
    title="Mentions légales",
    page=__doc__,
    judge=judge,
    outcomes=OUTCOMES,
    messages={
        Reason.COMPLETE: "Les mentions légales donnent l'éditeur, la direction de la publication et l'hébergeur.",
        Reason.NO_PAGE: "La page d'accueil ne mène à aucune page de mentions légales.",
        Reason.BROKEN_LINK: "Le lien vers les mentions légales mène à une erreur (4xx ou 5xx), alors que l'accueil répond.",
        Reason.SOFT_404: "Le lien mène à une page d'erreur, de connexion ou d'attente, ou à l'accueil.",
        Reason.MISSING: "Les mentions légales sont incomplètes.",
    },
    warnings=WARNINGS,
)
