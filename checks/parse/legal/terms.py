"""What terms of use owe: to say what the service is for, or what the terms are about."""

from __future__ import annotations

import re

from checks.parse.legal.groups import Group
from checks.parse.legal.told import told

_SERVICE = (
    r"(?:sites?|services?|plateforme|plate-forme|application|outil|portail|simulateur|produit|teleservice|demarche|annuaire|carte|espace|extension|dispositif"
    r"|solution|platform|website)"
)
OBJECT = Group(
    key="object",
    label="objet du service",
    titled=re.compile(
        rf"(?:l'|le |la |les )?(?:objets?|objectifs?|presentation|champs? d'application|description|missions?|fonctionnalites|purpose|scope|object)\b"
        rf"(?: (?:generale?s?|principale?s?))?(?: et (?:de |d'|la )?\w+)?(?: (?:du|de|de la|des|de ce|de cette|de l'|d'|l'|of|the|this) ?(?:present\w* )?(?:{_SERVICE}|cgu|conditions\b.*|document|[\w' -]{{1,40}}))?\W*(?=$|:)"
        rf"|(?:finalites?|perimetre|caracteristiques|contenu|utilite) (?:du|de la|de l') ?{_SERVICE}\b|(?:le |la |l'|ce |cette |notre ){_SERVICE}\W*$|services?(?: proposes?| offerts?| rendus?| disponibles?)?\W*$"
        r"|(?:qu'est-ce que|a quoi sert|que permet|que propose|c'est quoi|ce que (?:fait|permet|propose|vous pouvez|vous y)|que peut-on|a qui s'adresse|what is)\b"
    ),
    words=(
        "met en ",
        "mettent en ",
        "disposition",
        "permet",
        "pour ",
        "definiss",
        "regiss",
        "encadr",
        "fixent",
        "precise",
        "determin",
        "etabliss",
        "reglent",
        "concernent",
        "s'appliquent",
        "vise",
        "propose",
        "destine",
        "facilite",
        "fournit",
        "aide",
        "donne acces",
        "accompagne",
        "consiste a",
        "recense",
        "simplifie",
        "offre",
        "s'adresse",
        "sert a",
        "contribu",
        "assure",
        "the ",
        "these terms",
        "est un",
        "est l",
        ", vous",
        ", ils",
        ", elles",
        ", les ",
        "rassemble",
        "reunit",
        "regroupe",
        "repertorie",
        "centralise",
    ),
    said=re.compile(
        r"\bmet(?:tent)? en (?:oeuvre|place) (?:une?|le|la) .{8,}|\bmet(?:tent)? (?:\w+ )?a (?:la |votre )?disposition\b.{8,}|\bpermet(?:tent)? (?:aux?|a|de|d')\b.{8,}"
        r"|\b(?:a|ont|ayant) (?:ici |notamment |principalement )?pour (?:\w+ ){0,2}(?:objet|but|objectif|finalite|vocation|mission|ambition)s?\b"
        r"|\b(?:present|ce|ces|cette|cgu|conditions?|modalites)\w*\b.{0,120}\b(?:definiss|regiss|encadr|fixent|precis(?:e|ent)\b|determin|etabliss|reg(?:lent|issant)|visent a|concernent|s'appliquent)\w*"
        rf"|\b{_SERVICE}\b.{{0,80}}\b(?:permet(?:tent|tant)?|vise(?:nt)?|propose(?:nt)?|met(?:tent)? (?:\w+ )?a (?:la |votre )?disposition|destine\w* (?:a|aux?)\b|facilite(?:nt)?|fournit|(?<!l')aide(?:nt)?"
        rf"|donne acces|accompagne|consiste a|recense|simplifie|met(?:tent)? en relation|offre(?:nt)?|s'adresse|sert a|contribu\w+ a|assure)\b.{{8,}}|\bthe (?:service|platform|website|site)\b.{{0,60}}\b(?:allows?|enables?|aims?|provides?|offers?|helps?)\b"
        rf"|\b{_SERVICE}\b.{{0,60}}\best (?:une?|l'|le|la) ?+(?!services? (?:de|du|d'|public\b)|site (?:de|du|d'|edite)|ensemble (?:protege|d'elements)|marque|droit|lien|oeuvre|propriete|seule?\b).{{4,60}}\b(?:de|d'|qui|pour|destine|permettant|ou)\b.{{6,}}"
        r"|^.{3,60}\best (?:un|une|le|la|l') ?(?:referentiel|base|annuaire|catalogue|registre|guichet|simulateur|moteur|(?:tele)?service|plateforme|application|outil|portail|site)"
        r" (?:\w+ ){0,3}?(?:(?:de |d')\w+(?:ment|tion|sion|age|ance)s?\b|de (?:recherche|suivi|calcul|mise)\b|qui |permettant |pour (?!le compte))"
        r"|^.{3,60}\best (?:un|une|le|la|l') ?(?:referentiel|annuaire|catalogue|registre|guichet|simulateur|moteur) (?:\w+ ){0,3}?(?:des|du)\b"
        r"|\bmise?s? a (?:la )?disposition (?:des?|du|d')\b.{6,}\b(?:pour|afin)\b|^avec (?!votre|notre|l'accord|le |la |un|son|ce).{3,40}, (?:vous|ils|elles|les \w+)\b.{15,}|^.{3,60}\b(?:met en relation|rassemble|reunit|regroupe|recense|repertorie|accompagne|simplifie|facilite|centralise|aide (?:a|les|des))\b.{10,}"
        r"|\bthese terms\b.{0,60}\b(?:govern|define|apply|set out)"
    ),
    never=re.compile(
        r"\b(?:conditions generales de vente|cgv)\b|\b(?:compte|inscription|identifiants?|mot de passe|bouton|formulaire|franceconnect|proconnect|agentconnect)\b.{0,40}\bpermet\w* (?:\S+ ){0,4}(?:d'|de |se )(?:se |vous |s')?(?:connecter|identifier|authentifier|conserver|acceder|retrouver)"
        r"|\bcookies?\b|\bliens?\b.{0,40}\bpermet|\bdes liens\b|\bne (?:permet|propose|fournit|garantit)|\bpropose\w* sous licence|\blicence\b.{0,60}\bpermet"
        r"|\bdonnees (?:a caractere )?personnel|\btraitements?\b|\bmatomo\b|\bmesure d'audience\b|\baccessibilite\b|\bsignaler\b|\bcertificat\b|\bnavigateur\b"
    ),
    reads=told,
)
GROUPS = (OBJECT,)
