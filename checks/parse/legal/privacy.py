"""What a privacy page owes (RGPD, article 13): what data serve for, how long they are kept, and one's rights over them."""

from __future__ import annotations

import re

from checks.parse.html import Page
from checks.parse.legal.groups import Group, sentences
from checks.parse.legal.passages import Passage, whole

_DATA = r"(?:donnees|images|enregistrements|reponses|informations|renseignements|adresses?|coordonnees|traitements?|fichiers?|registres?|collecte|recueil)"
_YOURS = (
    r"(?:donnees|informations|adresses?|nom|prenoms?|courriel|e-?mail|telephone|reponses|position|identite|numero|coordonnees|pseudo\w*|compte"
    r"|messages?|photos?|dossiers?|demandes?|data|email)"
)
_COUNT = (
    r"(?:\d+|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|treize|dix-huit|vingt(?:-\w+)?|trente(?:-six)?|quelques|one|two|three"
    r"|six|twelve)(?: ?\(\w+\))?"
)
_SPAN = rf"\b{_COUNT} ?(?:jours?|semaines?|mois|ans?|annees?|heures?|minutes?|days?|weeks?|months?|years?)\b"
_UNTIL = (
    r"\b(?:aussi longtemps que|(?:pendant|durant) (?:la|le|l'|les|toute|votre|sa|leur)\b|une fois (?:que|votre|la|le|l'|sa)\b|le temps|la duree|une duree|une periode|la periode|jusqu'|tant que|des (?:que|la|votre|son|sa)\b|a l'issue|apres (?:la|le|un|une|votre|cette|ce|l')"
    r"|au-dela|immediatement|a compter d|a la (?:fin|cloture|fermeture)|a l'expiration|(?:le|au|chaque) \d{1,2}(?:er)? \w{3,9}\b|chaque (?:annee|mois|saison)|indefiniment|sans limit\w+ de (?:duree|temps)|as long as|until|at the end|session)"
)
_WHEN = rf"(?:{_SPAN}|{_UNTIL})"
_NO_COOKIE = re.compile(r"\bcookies?\b|\btraceurs?\b|\bcommunication par voie electronique\b")

_DEFINES = re.compile(
    r"^\W*[^:]{0,80} ?: (?:toute?s? |(?:l'|la |le |une? )?(?:personne|autorite|organisme|operation|action)\b)"
    r"|(?<!\ba )(?<!\bont )(?<!\bavons )(?<!\best )(?<!\bete )\b(?:designe(?:nt)?|signifie(?:nt)?|on entend par|s'entend)\b"
)
"""« Responsable de traitement : la personne qui détermine les finalités »: a word explained."""
_ELSEWHERE = re.compile(
    r"^\W*(?:(?:quelques |les )?(?:definitions?|glossaire|lexique|terminologie|rappels?)(?: (?:des|et) [\w' ]{1,30})?|(?:les |grands |nos )?principes(?: (?:generaux|fondamentaux|du rgpd))?|cadre (?:legal|juridique|reglementaire)|textes applicables)\W*$"
    r"|^(?!.*\b(?:donnees|confidentialite|vie privee|rgpd)\b).*\b(?:cookies?|traceurs?|mesure d'audience)\b"
)
"""Sections about words, about the law or about cookies."""

# Below, all that is ``said`` begins with \b, even before ^: what all branches begin with is tried once a character.
_WHO = r"(?:nous|on|service|plateforme|site|il|elle|application|equipe|outil|je)"

PURPOSES = Group(
    key="purposes",
    label="finalités",
    lesson=_DEFINES,
    outside=_ELSEWHERE,
    titled=re.compile(
        r"(?:[lq]\w{1,5} (?:sont )?(?:les )?|nos |la )?finalites?\b|(?:pourquoi|(?:usages?|utilisations?|objectifs?|buts?|motifs?)(?: (?:des|de vos) donnees| (?:poursuivis?|vises?))?|a quelles? fins?|pourquoi (?:ce|ces|cette|les|vos|nous)\b.{0,40}\?)\W*$|pourquoi\b.{0,60}\b(?:donnees|traite|collect|utilis|informations|recueill)"
        r"|(?:les )?(?:objectifs?|buts?|objets?|motifs?|raisons?) (?:du|des|de|de la|de ce|d') ?(?:la |ce |cette |notre |nos )?(?:traitement|collecte|utilisation|recueil)"
        r"|utilites? (?:des|de vos)|raisons? d'etre d[ue]|raisons? (?:pour|de)\b.{0,30}\b(?:trait|collect|utilis|recueill)|dans quel cadre\b.{0,40}\bdonnees|a quoi (?:servent|sert|ca sert|cela sert)|utilisations? (?:de (?:vos|ces|nos|la)|des|faite) |usages? (?:de vos|des) donnees|pour (?:quoi|quelles? (?:raisons?|fins|finalites?|usages?))"
        r"|(?:dans quels? buts?|comment (?:utilisons|sont utilise|traitons))\b|purposes?\b|why\b.{0,20}\b(?:collect|process|use)|how (?:do )?we use"
        r"|que faisons-nous|ce que nous (?:en )?(?:faisons|ferons)|ce qu'?(?:e l')?(?:on| on) (?:en )?fait|traitements? (?:effectues|realises|mis en oeuvre)|objet du fichier|use of (?:your )?(?:personal )?data"
    ),
    words=(
        "pour",
        "fin",
        "but",
        "cadre d",
        "en vue",
        "uniquement a",
        "destine",
        "necessaire",
        "servent",
        "servir",
        "sert",
        "permet",
        "vise",
        "aliment",
        "aide a",
        "aident a",
        "contribue",
        "objectif",
        "we",
        "used",
        "processed",
        "collected",
    ),
    said=re.compile(
        rf"\b(?:a|ont|ayant|avoir) (?:egalement |notamment )?pour (?:\w+ )?(?:finalites?|objets?|buts?|objectifs?|fin)\b"
        r"|\bfinalites? ?: ?\w.{3,}|\bfinalites? (?:suivantes?|de ce|du|des|poursuivies?|principales?|sont|est)\b.{10,}|\b(?:aux|pour les|a des|a ces) (?:seules )?fin(?:alite)?s (?:suivantes|de|d')"
        rf"|\b(?={_WHO}\b)(?=.{{0,300}}\b{_YOURS}\b){_WHO}\b.{{0,80}}\b(?:collect|recueill|trait|utilis|enregistr|demand|exploit|conserv)\w*\b.{{0,160}}"
        r"\b(?:afin (?:de|d'|que)|pour (?!une|la duree|\d|toute|en savoir|le compte|cela|plus|la periode|les? besoins? de la cause)|dans le (?:seul )?(?:but|cadre) d|en vue d|a des fins|uniquement a)"
        rf"|\b(?:collect|recueill|trait|utilis|enregistr|exploit)\w*\b.{{0,30}}\b{_YOURS}\b.{{0,100}}\b(?:afin (?:de|d'|que)|dans le (?:seul |seul et unique )?but d|en vue d|dans le cadre d(?:e l[a'] ?|es? |u )(?!loi|regle|legisl|rgpd|droit|respect|conditions)|uniquement pour|pour (?:la (?:gestion|bonne gestion|creation|realisation|reservation)|le (?:suivi|traitement de (?:votre|la)))\b|pour (?:vous |nous |les? |y )?(?!proteger|garantir|securiser)\w{{2,12}}(?:er|ir|re)\b)"
        rf"|\b{_DATA}\b.{{0,160}}\b(?:(?:destine|necessaire)\w* (?:a|aux?|pour)|(?:utilise|collecte|recueilli|traite|enregistre|exploite|demande)\w*\b.{{0,80}}\b(?:pour|afin|dans le (?:seul )?but|en vue|aux? (?:seules? )?fins?|a des fins))\b (?!une duree|la duree|\d)"
        rf"|\b{_DATA}\b.{{0,120}}\b(?:servent|serviront|sert|permet|permettra|permettent|permettront|vise(?:nt)?|alimente(?:nt)?|aide(?:nt)? a|contribue(?:nt)? a)\b(?! (?:pas|aucun|a identifier|d'identifier))"
        r"|\b(?:votre|vos|ton|tes|leurs?) (?:[\w-]+ ){0,3}?(?:adresses?|courriel|e-?mail|telephone|nom|prenoms?|numero|position|identite|coordonnees|photos?|messages?)\b.{0,40}\b(?:servent|sert|serviront|servira|permet|permettent) (?:a|aux?|de|d'|uniquement|seulement)\b.{4,}"
        r"|\b(?:elles?|ils?|ceci|cela|ce recueil|cette collecte) (?:nous |vous |ne |y )?(?:servent|serviront|sert|servira)\b.{6,}"
        r"|\b(?:traitements?|fichiers?|collecte|recueil|registres?)\b.{0,60}\b(?:poursui\w+|repond\w*)\b.{0,20}\b(?:objectifs?|finalites?|buts?)\b"
        r"|\b(?:l'|notre |le |nos |les |seul |unique )(?:objectif|but|finalite)s? ?(?::|est|sont) ?(?:de |d')?(?:vous |nous |les? |la |y )?\w{2,14}(?:er|ir|re)\b.{6,}|\b(?:en|d'elles|de vos donnees|de ces (?:donnees|informations)) (?:avons|a|aurons|ont) besoin (?:pour|afin)\b.{8,}|\b(?:a|ont|avons|aurons|aura) besoin d[e'u].{0,100}\b(?:pour|afin)\b.{8,}"
        r"|\b^(?:elles?|ils?|celles-ci|ces dernieres)\b.{0,40}\b(?:utilise|traite|collecte|recueilli|exploite|necessaire|destine|demande)\w*\b.{0,60}\b(?:pour|afin d[e']|a des fins|aux? (?:seules? )?fins|dans le (?:seul )?but|en vue|necessaires? (?:a|aux?))\b(?! (?:une|la) duree| \d| (?:proteger|garantir|securiser|toute)).{6,}"
        r"|\b(?:tient|tiennent|tenons|dispose d|cree|creons|constitue|gere) (?:\w+ )?(?:fichier|registre|base|liste)\b.{0,60}\b(?:pour|afin d|en vue d).{6,}"
        r"|\bwe\b.{0,40}\b(?:collect|use|process)\w*\b.{0,120}\b(?:to|for|in order)\b|\b(?:data|information)\b.{0,60}\b(?:used|processed|collected) (?:to|for|in order)\b"
    ),
    never=re.compile(
        rf"{_NO_COOKIE.pattern}|\bconform\w+ (?:au|aux|a la|avec)|\bengage\w* a\b|(?<!si vous )\bne \b.{{0,20}}\b(?:pas|jamais|aucune?)\b|\bfinalites? (?:bien )?(?:determinees?|explicites?|legitimes?)\b|\b(?:rgpd|reglement|loi|cnil) (?:europeen )?(?:impose|exige|prevoit|rappelle|definit)|\baucune? (?:donnee|information|traitement)|n'(?:est|etes|a)\b.{{0,30}}\b(?:pas|aucun)|\b(?:politique|charte|page|notice)\b.{{0,30}}\bpour (?:objet|but|objectif)|\b(?:mesures?|moyens?|protocoles?)\b.{{0,60}}\b(?:securite|proteg\w*|techniques)\b|\bmatomo\b|\bmesure d'audience\b|\banalytics\b"
    ),
)
RETENTION = Group(
    key="retention",
    label="durée de conservation",
    lesson=_DEFINES,
    outside=_ELSEWHERE,
    titled=re.compile(
        r"(?:(?:les |la |quelles? (?:est|sont) (?:la |les )?)?durees? (?:de |d'|de la |maximales? )?(?:conservation|archivage|stockage|retention)|(?:pendant )?combien de temps|conservation (?:de|des)\b"
        r"|.{0,40}\bdurees? de conservation|.{0,40}\bcombien de temps|(?:data )?retention(?: (?:periods?|times?|policy))?|storage (?:periods?|duration)|how long|delais? de conservation|(?:durees?|delais?|conservation|archivage)(?: ?\(s\))?(?= ?:)|durees? de vie\b|quand (?:sont|seront)\b.{0,30}\b(?:supprim|efface|detrui)\w+|(?:durees?|delais?|conservation|archivage(?: des donnees)?)\W*$|jusqu'a quand)"
    ),
    holds=re.compile(_WHEN),
    words=(
        "conserv",
        "archiv",
        "gard",
        "stock",
        "supprim",
        "effac",
        "detrui",
        "ecras",
        "oubli",
        "anonymis",
        "purge",
        "retent",
        "kept",
        "keep",
        "delet",
        "retain",
        "stor",
        "duree de ",
        "reste",
    ),
    said=re.compile(
        rf"\b(?:conserv|archiv|gard(?:e|ons)|stock|supprim|effac|detrui|ecras|oubli|anonymis|purge|retent|kept|keep|delet|retain|stor(?:ed|age)|duree de (?:conservation|vie)|reste(?:nt)? (?:en base|enregistr|stock|disponible))\w*\b.{{0,160}}{_WHEN}"
        rf"|\b{_WHEN}.{{0,100}}\b(?:conserv|archiv|supprim|effac|detrui|anonymis|purge|delet)\w*"
        r"|\b(?:supprim|effac|ecras|oubli)(?:e|ee|es|ees|ent|ons)\b.{0,40}\b(?:quand|lorsque?|lors d)\b.{4,}"
        r"|\b(?:est|sont|sera|seront) (?:alors|aussitot|immediatement|ensuite|automatiquement) (?:supprim|effac|detrui|anonymis)\w*"
    ),
    never=re.compile(
        rf"{_NO_COOKIE.pattern}|\b(?:rgpd|reglement|loi|cnil) (?:europeen )?(?:impose|exige|prevoit|rappelle|definit)|(?<!ouverture des )(?<!ouverture de vos )(?<!fin de vos )(?<!fin des )(?<!fin de leurs )(?<!extinction des )(?<!extinction de vos )\bdroits?\b(?! (?:ouverts?|sociaux|aux prestations))|\bdemander\b|\bright to\b"
    ),
)
RIGHTS = Group(
    key="rights",
    label="droits ou contact du délégué à la protection des données",
    lesson=_DEFINES,
    outside=_ELSEWHERE,
    titled=re.compile(
        r"(?:.{0,40}\bet exercice (?:de vos|des) droits|(?:quels (?:sont )?)?(?:vos|les|mes|tes|exercice (?:de vos|des|de mes)|exercer (?:vos|mes|ses)) droits?\b(?! d'auteur| de (?:propriete|reproduction)| voisins| reserves)|droits? (?:des (?:personnes|utilisateurs|usagers)|informatique)"
        r"|quels droits|(?:le |la )?deleguee?(?:[·./(]e\)?)? a la protection|dpo\b|dpd\b|your rights|data protection officer)"
    ),
    words=(
        "droit",
        "delegue",
        "@",
        "(at)",
        "[at]",
        "consulter",
        "corriger",
        "rectifier",
        "modifier",
        "supprimer",
        "effacer",
        "acceder",
        "recuperer",
        "telecharger",
        "suppression",
        "rectification",
        "-les",
        "correspondant",
        "referent",
        "dp",
        "right",
        "protection officer",
        "access",
        "erasure",
        "deletion",
        "correction",
        "you ",
        "opposer",
        "demander",
        "obtenir",
    ),
    said=re.compile(
        r"\bdroits? (?:d'acces|a l'acces|de rectification|d'opposition|a l'effacement|a l'oubli|a la (?:portabilite|limitation|rectification)|d'effacement|de suppression|de modification)"
        r"|\bdroits? (?:\w+ )?(?:sur|relatifs? a) (?:vos|ces|ses) donnees|\bexercer (?:vos|ses|leurs|ces|mes|ce|son|cet?|l'ensemble de vos) droits?\b"
        r"|\bdeleguee?(?:[·./(]e\)?)? a la protection des donnees|\b(?:dpo|dpd|rgpd|donnees-?personnelles|protection[-.]?(?:des-?)?donnees)[\w.-]{0,20} ?(?:@|\(at\)|\[at\])"
        r"|\bles (?:consulter|corriger|rectifier|modifier|supprimer|effacer)\b.{0,40}\bles (?:consulter|corriger|rectifier|modifier|supprimer|effacer)\b"
        r"|\bvous pouvez (?:[^\s.]+ ){0,6}?(?:consulter|acceder|corriger|rectifier|modifier|supprimer|effacer)\b.{0,80}\b(?:donnees|informations|fiche)\b"
        r"|\b(?:voulez|souhaitez|souhaitant|desirez|souhait\w+|demandes?|afin de|pour)\b.{0,60}\b(?:consulter|recuperer|telecharger|acceder|corriger|rectifier|modifier|supprimer|effacer|suppression|rectification)\b.{0,50}\b(?:vos|ses|mes|leurs|tes) (?:donnees|informations)\b.{0,60}(?=[?,:]|\b(?:ecri\w+|contact\w*|adress\w+|courriel|mail))"
        r"|\bpossibilite d[e']? ?(?:les )?(?:consulter|acceder|corriger|rectifier|modifier|supprimer|effacer)\b.{0,60}\b(?:donnees|informations)\b|\b(?:modifie|supprime|corrige|efface|rectifie|consulte)z?-les\b.{0,60}\b(?:modifie|supprime|corrige|efface|rectifie)z?-les\b"
        r"|\bdroits? (?:s'exerce\w*|peu(?:t|vent) (?:etre exerce|s'exercer))|\bdroits?\b.{0,40}\barticles? (?:12|15|16|39|40|49)\b|\bcorrespondante? (?:informatique|a la protection|rgpd)|\bdemander (?:de |a )(?:l'|les |la |le )?(?:effacer|rectifier|corriger|supprimer|consulter)|\b(?:cil|donnees)@|\b(?:faire|fasse|fassiez|de) (?:les )?(?:rectifier|corriger|effacer)\b(?! (?:les|des|une?) (?:erreurs?|bugs?|anomalies))|\b(?:peu(?:t|vent)|pouvez)\b.{0,40}\b(?:consulter|rectifier|effacer)\b.{0,40}\b(?:dossier|fiche)\b"
        r"|\breferente? (?:donnees|rgpd|informatique et libertes)\b|\b(?:dpo|dpd)\b|\bright (?:of|to) (?:access|erasure|rectif|object|delet)|\byour rights\b|\bdata protection officer\b"
        r"|\b(?:request|exercise|ask for|obtain)\b.{0,40}\b(?:access|rectification|erasure|deletion|correction)\b|\byou (?:can|may) (?:\w+ )?(?:access|correct|delete|erase|object)\b"
        r"|\b(?:acceder|rectifier|supprimer|effacer)\b.{0,60}\bdonnees\b.{0,60}\b(?:vous|concernant)|\bopposer (?:a (?:ce|ces|cette|l'|la|leur)|aux?)\b|\b(?:demander|obtenir) (?:l'|la |leur |sa |son |une? )?(?:acces|suppression|rectification|effacement|communication)\b|\bdroits?\b.{0,30}\b(?:acces|rectification|effacement|opposition)\b"
    ),
)
GROUPS = (PURPOSES, RETENTION, RIGHTS)

_NONE = re.compile(
    r"\b(?:ne (?:collect|prelev|recueill|trait|stock|conserv|recolt)\w*|n'(?:enregistr|utilis)\w*) (?:donc )?(?:\w+ment )?(?:aucune?|pas de|pas la moindre) ?(?:donnees?|informations?)\b(?! sensible)"
    r"|\baucune (?:donnee|information)(?: (?:a caractere )?(?:personnelle?|nominative))? (?:n'est|ne sera|n'a ete|n'y est) (?:\w+ment )?(?:collectee?|recueillie|prelevee|traitee|stockee|enregistree|demandee|conservee)\b"
    r"|\b(?:does not|do not|doesn't|don't) (?:collect|process|store) any (?:personal )?data"
)
_BUT = re.compile(
    r"\b(?:a (?:votre|l') ?insu|sans (?:votre|leur|le|que)|autres?|sensibles?|tiers|via les cookies|en dehors|hors|sauf|excepte|a l'exception|par ce biais|bancaires?)\b"
)


def none_collected(page: Page) -> Passage | None:
    """Where a page says that no personal data are collected at all."""
    for passage in whole(page):
        if any(_NONE.search(sentence) and not _BUT.search(sentence) for sentence in sentences(passage)):
            return passage
    return None
