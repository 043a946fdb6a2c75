"""What a legal notice owes (loi n° 2004-575, article 6 III, now 1-1): who publishes, who answers for it, who hosts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from checks.parse.html import Page
from checks.parse.legal.groups import Group, is_filled
from checks.parse.legal.passages import Passage, passages

_SITE = (
    r"(?:sites?|services?|plateforme|plate-forme|application|portail|contenus?|publication|produit|simulateur|web|internet|outil"
    r"|page|documents?|editeur|hebergeur|donnees|technique|maintenance|infogerance|stockage|principal)"
)
_OF = (
    rf"(?:[ ,/&]*\b(?:et|ou|du|de|de la|de l'|des|d'|l'|la|le|ce|cet|cette|notre|nos|present|presente|legale?s?|responsable|{_SITE})\b)*+"
    r"(?: ?\([\w ]{1,30}\))?+"
)
_NOT_DOING = (
    r"(?!\W*(?:se|s'|ne|n'|peu(?:t|vent)|doit|decline|met|engage|reserve|garantit|fait|assume|veille|informe|a|pourra|ses|ainsi que"
    r"|(?:(?:est|sont) )?(?:responsables?|tenue?s?|seule?s?|charge|libre|soumis\w*|importante?s?|obligatoires?|necessaires?|considere\w*))\b)"
)
_WHOSE = r"(?:a propos (?:de l'|du )|nom (?:de l'|du |de la )|coordonnees (?:de l'|du )|identite (?:de l'|du )|informations? (?:sur |relatives a |concernant )?(?:l'|le |la )?)?"
_ASKED = r"(?:(?:qui|ou|quell?e?s?) (?:est|sont) (?:l'|le |la |les |donc )?)?"
_INCLUSIVE = r"(?:[·./(-]+[a-z]{1,6}\)?(?:[·.]s)?)?"
_SUBJECT = (
    r"(?:sites?|services?|teleservice|plateforme|plate-forme|application|portail|outil|produit|simulateur|il|elle)"
)
_ACTS = (
    r"(?:publie|exploite|administre|propose|opere|gere|mis en oeuvre|mise en oeuvre|mis a disposition|mise a disposition"
    r"|mis en ligne|mise en ligne)"
)
_EDITED = (
    r"(?:\bedite|\bpublie et edite"
    rf"|\b{_SUBJECT}\b(?:(?!heberg|serveur|infrastructure|donnees|statistiques).){{0,60}}\b{_ACTS})"
)
"""The acts of a publisher; those that others do too only where they are done to the site itself."""

_ORGANISM = (
    r"\b(?:direction|ministere|agence|mairie|commune|ville|departement|region|conseil|prefecture|association|sas|sasu|sarl|gip|groupement"
    r"|institut|services? (?:du|de la)|secretariat|etablissement|communaute|syndicat|caisse|universite|centre|metropole|academie"
    r"|rectorat|office|fondation|cooperative|regie)\b"
)

_LESSON = re.compile(
    r"\b(?:doi(?:t|vent)|devr(?:a|ont)|il (?:faut|convient|est obligatoire)|tenue?s? de?|obligation de|impose\w*)\b.{0,40}\b(?:indique|mentionne|comporte|contenir|figure"
    r"|precise|affiche|communique|identifie|faire (?:figurer|apparaitre))|\b(?:amende|emprisonnement|sanctionn\w+)\b"
)
"""What the law asks of any site says nothing of this one."""

_EDITORS = (
    r"(?:(?:(?:services?|etablissement|organisme|structure|entite|administration|autorite|collectivite|institution) )?(?:editeurs?|editrices?)|(?:services?|etablissement|organisme|structure|entite|administration|autorite) (?:gestionnaire|proprietaire|responsable)|gestionnaires? (?=du|de)"
    r"|propriete (?=(?:du|de ce|de la|de l'|de cette) (?:site|plateforme|application|portail))|editeur[·./(]+(?:rice|trice)\)?s?|edition|proprietaires?|titulaires? (?=du site|du service|de la plateforme)|responsables? (?:editorial|edition|du site)"
    r"|publisher|qui (?:edite|publie|gere)|qui sommes[- ]nous|structure porteuse|porteur du (?:projet|service|site)|maitrise d'ouvrage|maitre d'ouvrage|identification)"
)
_DIRECTORS = (
    r"(?:(?:(?:co-?)?direct(?:eur|rice|ion|eurs|rices)\b(?:[·./ ()-]{0,3}(?:et|ou)?[·./ ()-]{0,3}(?:la |de )?\w{0,10}rices?\b\)?)?"
    r"|direct\w*[·./()-]+\w{0,6}(?:[·./()-]+s)?\)?|dir\.|(?:personnes? )?responsables?(?: legale?)?)"
    r" ?(?:legale? )?(?:de (?:la |l'|ce )?|des |de la )?publi(?:cations?|ction)"
    r"|(?:publication|publishing) (?:director|manager)|director of (?:the )?publication)"
)
_HOSTS = (
    r"(?:hebergeurs?|hebergement(?: (?!(?:des?|en|et|ou|du)\b|tourist|d'|est\b|par\b)\w{3,}){1,2}(?= ?:)|hebergement|hebergeuse|prestataires? (?:hebergeant|assurant l'hebergement(?: d[ue])?) ?(?:le|la|du|ce|cette)?|prestataires? (?:technique )?d'(?:hebergement|infrastructure)"
    r"|fournisseurs? d'hebergement|societe d'hebergement|hosting(?: provider)?|host|qui heberge|ou (?:est|sont)\b.{0,40}\b(?:heberge|stocke)(?:e|s|es)?|par qui\b.{0,40}\bheberge(?:e|s|es)?)"
)


def _titled(nouns: str) -> re.Pattern[str]:
    """« Éditeur du site : … », « Le directeur de la publication est … », and not « L'éditeur décline … »."""
    subject = rf"(?:l'|le |la |les )(?:{nouns})\b{_OF}(?=\W*$|\s*[:=]|\s+-|\s+(?:est|sont)\b)"
    second = rf"[^\W\d][\w' ]{{2,50}} et (?:de |la |le |l')*(?:{nouns})\b{_OF}(?=\W*$|\s*:)"
    return re.compile(rf"(?:{subject}|{_ASKED}{_WHOSE}(?:{nouns}){_INCLUSIVE}\b{_OF}|{second}){_NOT_DOING}")


_NAME = re.compile(r"\b[A-ZÀ-Ý][\w'’-]*\.?\s+(?:[\w'’.-]+\s+){0,3}?[A-ZÀ-Ý][\w'’-]+")
_ROLE = re.compile(r"\b(?:co-?)?(?:direct\w+|responsables?)[\w·./() -]{0,30}?\bpubli", re.IGNORECASE)
_HOST_AFTER = re.compile(
    r"\bh[ée]bergeur [A-ZÀ-Ý]\w+|[A-ZÀ-Ý][^.;:]{2,120}(?:\(|, | [-–] )(?:notre |l')?h[ée]berg(?:eur|ement)(?: (?:du site|de la plateforme|technique))?\b\s*(?:[).;,]|$)",
)
_APPOSED = re.compile(r"[,(:–-]\s*(?:l[ea] )?$|\b(?:est|comme|que|qualité de)\s+(?:l[ea] )?$", re.IGNORECASE)
_BEFORE = 140


def _named_before(page: Page) -> Passage | None:
    """« Jeanne Martin, directrice de la publication »: the name comes first."""
    return _named(page, _ROLE)


def _host_before(page: Page) -> Passage | None:
    """« Nuage d'Estran SAS (hébergeur) »."""
    for passage in passages(page):
        if not passage.is_link and _HOST_AFTER.search(passage.text):
            return passage
    return None


def _named(page: Page, sought: re.Pattern[str]) -> Passage | None:
    for passage in passages(page):
        role = None if passage.is_link else sought.search(passage.text)
        before = passage.text[: role.start()][-_BEFORE:] if role else ""
        if _NAME.search(before) and _APPOSED.search(before):
            return passage
    return None


_ORGANISATION = re.compile(_ORGANISM)
_SEAT = re.compile(r"\b\d{5}\b|\b\d\d \d{3}\b|\bsire[tn]\b|\btel\b|\btelephone\b|\brcs\b|\bcedex\b")
_HEADED = re.compile(r"\bmentions? legal|\blegal notice|\binfo(?:rmation)?s? legale")
_NEXT = re.compile(r"\bheberg|\bpublication\b")
_NEAR = 4
_OF_OTHERS = re.compile(r"\bheberg|\bhost|\bagence web|\bconception\b|\bcreateur")
_STYLED = re.compile(
    r"(?:raison sociale|denomination(?: sociale)?|nom (?:de (?:la |l'|votre )|du )?(?:collectivite|commune|organisme|organisation|structure|etablissement|association|societe|entreprise|entite|administration|service))"
    r" ?: ?(?P<name>.+)"
)


def _styled(page: Page) -> Passage | None:
    """« Raison sociale : Régie des bacs », before anything is said of the host, which has one too."""
    for passage in passages(page):
        if _OF_OTHERS.search(passage.words):
            return None
        style = _STYLED.match(passage.name)
        if style and is_filled(style["name"]):
            return passage
    return None


def _identity(page: Page) -> Passage | None:
    """An organisation that gives its name before its address, or right under the title with its address, without a label."""
    return _styled(page) or _seated(passages(page))


def _seated(known: Sequence[Passage]) -> Passage | None:
    at = next((rank for rank, one in enumerate(known) if one.is_heading and _HEADED.search(one.name)), None)
    if at is None:
        return None
    near = known[at + 1 : at + 1 + _NEAR]
    near = near[: next((rank for rank, one in enumerate(near) if _NEXT.search(one.words)), _NEAR)]
    is_seated = any(_SEAT.search(one.words) for one in near)
    return next((one for one in near if _ORGANISATION.search(one.words)), None) if is_seated else None


PUBLISHER = Group(
    key="publisher",
    label="éditeur",
    is_field=True,
    lesson=_LESSON,
    titled=_titled(_EDITORS),
    words=(
        "edit",
        "publie",
        "publis",
        "publicat",
        "propri",
        "administre",
        "exploite",
        "gere",
        "oper",
        "propose",
        "mis a disposition",
        "mise a disposition",
        "mis en ",
        "mise en ",
        "delivre",
        "fourni",
        "pilote",
        "porte",
        "tenu",
        "sous la responsabilite",
        "est un",
        "est l",
        "appartien",
        "un site",
        "un service",
        "un portail",
        "le site",
        "le service",
        "le portail",
    ),
    said=re.compile(
        rf"{_EDITED}(?:\(?[·.]?e?\)?s?)?(?:,? (?:et|,)? ?(?:est )?\w+e?s?)?(?: (?:conjointement|directement))? par\b(?P<value>.*)"
        rf"|\b(?:editeur|publisher)\b{_OF}(?: ?:| est\b| sont\b| - )(?P<named>.*)"
        r"|\b(?:published|operated|edited) by\b(?P<by>.*)"
        rf"|\b(?:{_SITE}|il|elle) (?:\w+ ){{0,4}}(?:est|sont|constituent?) (?:une publication|l[ae]?'?\W?(?:\w+ )?propriete) (?:\w+ )?(?:de|du|d')(?P<of>.*)"
        rf"|\b{_SITE}\W{{1,2}}propriete (?:de|du|d')(?P<owned>.*)|\w.{{2,160}}\ben est (?:l'|le |la )?(?:editeur|editrice|proprietaire)\b|\w.{{2,160}}\b(?:est|sont) (?:l'|le |la |les )?(?:editeur|editrice|proprietaire)s? (?:du|de la|de ce|de ces|de cette|de l'|des) ?(?:{_SITE}|pages)\b"
        rf"|\w.{{2,160}}[,(] ?(?:l'|le |la )?(?:(?:proprietaire|responsable|gestionnaire|exploitant) et )?(?:editeur|editrice|proprietaire)(?: et \w+)? (?:du|de la|de ce|de cette|de l') ?{_SITE}\b(?!.{{0,20}}\b(?:decline|ne)\b)"
        rf"|\w.{{2,100}} edite(?:nt)? (?:ce|le|la|cette|notre|les) {_SITE}\b|\w.{{2,80}} assure(?:nt)? l'edition\b|\bedition (?:du site |de ce site )?(?:est )?assuree par\b(?P<edited>.*)"
        rf"|\b{_SUBJECT}\b(?:(?!heberg|serveur|infrastructure|donnees|statistiques|agence).){{0,60}}\b(?:porte|pilote|fourni|tenu|delivre)e?s? par\b(?! (?:une?|des|nos|notre|vos|votre)\b)(?P<carried>.*)"
        rf"|\b{_SUBJECT}\b.{{0,40}}\bsous la responsabilite (?:editoriale )?(?:de|du|d')(?P<under>.*)"
        rf"|\b{_SUBJECT}\b.{{0,40}}\best (?:une?|le|la|l') ?(?:site|service|teleservice|portail|plateforme|application|outil|publication)(?: (?:officiel(?:le)?|public|publique|internet|web|institutionnel|numerique|gratuite?|en ligne))* (?=.{{0,60}}{_ORGANISM})(?:de|du|d'|des)(?P<whose>.*)"
        rf"|(?:^(?:un|le)|\bvous (?:etes|naviguez|consultez|vous trouvez)\b.{{0,20}}\b(?:le|un)|\bbienvenue sur le) (?:site|service|portail)(?: (?:officiel|public|internet|web|institutionnel|numerique))* (?=.{{0,60}}{_ORGANISM})(?:de|du|d'|des)(?P<visited>.*)"
        rf"|\b{_SUBJECT}\b.{{0,60}}\bappartien(?:t|nent) (?:a|aux?)\b(?P<owner>.*)"
        r"|(?P<before>[^\W\d].{5,160})\((?:l'|son |notre )?(?:editeur|editrice)(?: d[eu](?: la| ce)? (?:site|plateforme|service|portail))?\)"
    ),
    never=re.compile(
        r"\bcookies?\b|\bdonnees (?:\w+ ){0,3}(?:publie|gere|exploite|editee)|\blogiciel\b|\bmesure d'audience\b|\bstatistiques\b"
    ),
    reads=_identity,
)
DIRECTOR = Group(
    key="director",
    label="directeur ou directrice de la publication",
    is_field=True,
    lesson=_LESSON,
    titled=_titled(_DIRECTORS),
    words=("publicat", "publict", "publish"),
    said=re.compile(
        rf"{_DIRECTORS}\b(?! (?:est|sont) (?:importante?s?|obligatoires?|necessaires?)\b)[^.:]{{0,60}}?(?: ?:| est\b| sont\b| - |, ?| assuree? par| confiee a|=){_NOT_DOING}(?P<value>.*)"
        r"|\bpublication\b.{0,40}\b(?:dirigee par|sous la (?:direction|responsabilite) (?:de|du|d'))(?P<by>.*)|\w.{2,120} assure(?:nt)? la (?:direction|responsabilite) (?:legale )?(?:de (?:la |cette )?|des )publication|^(?!\W*(?:qui|quel)\b)\W*\w.{2,80}\b(?:est|(?:assume|exerce|assure|occupe)\w* (?:les |la )?(?:fonctions?|role) de|fait office de) (?:l[ea] )?(?:directeur|directrice) (?:legale? )?de (?:la )?publication|\w.{2,80} dirige (?:la|cette) publication\b"
    ),
    reads=_named_before,
)
HOST = Group(
    key="host",
    label="hébergeur",
    is_field=True,
    lesson=_LESSON,
    titled=_titled(_HOSTS),
    words=(
        "heberg",
        "hosted",
        "serveur",
        "infrastructure",
        "machines",
        "deploye",
        "installe",
        "stock",
        "execute",
        "cloud",
    ),
    said=re.compile(
        r"\bheberge(?:\(?[·.]?e?\)?s?)?\b[^.:]{0,60}?\b(?:par|chez|aupres de|sur|au sein d[eu]|dans (?:les? |un |nos )?(?:centres? de donnees|data ?-?centers?|locaux|salles?|infrastructures?|cloud|nuage) (?:(?:de|du|d'|des|cloud)\b)?)\b"
        r"(?! (?:une?|des|d'autres|nos|notre|le territoire|leurs?)\b(?! serveurs? (?:de |d'|du ))|\W*(?:des )?serveurs? (?:situe|en |base|localise))"
        r"(?P<value>.*)|\bhosted (?:by|on|at|with)\b(?P<hosted>.*)"
        r"|\bhebergement\b[^.:]{0,60}\b(?:assure|fourni|realise|opere|confie|effectue|gere)\w* (?:par|a|chez)\b(?P<kept>.*)"
        r"|\b(?:serveurs?|infrastructures?|machines)(?: (?:techniques?|informatiques?|cloud|d'hebergement|web|utilisee?s?|(?:du|de la|de l'|de ce|de cette|de notre) ?(?:site|service|plateforme|application|portail)))* (?:est|sont) (?:opere|fourni|gere|exploite|administre|loue)e?s? (?:par|a|aupres de|chez)\b(?! (?:une?|des|nos|notre)\b)(?P<run>.*)"
        rf"|\b{_SUBJECT}\b.{{0,40}}\b(?:deploye|installe|stocke|execute)e?s? (?:chez|sur (?:les (?:serveurs|infrastructures|machines)|le cloud|l'infrastructure|la plateforme) (?:de|d'|du))(?P<deployed>.*)"
        r"|\b(?:fonctionne|tourne|repose|s'appuie)\w* sur (?:l'infrastructure|les (?:serveurs|infrastructures|machines)|le cloud)(?: (?:technique|cloud|informatique))? (?:de|d'|du)(?P<powered>.*)"
        r"|\w.{2,60} heberge(?:nt)? (?:ce|cette|le|la|notre|l') ?(?:site|service|plateforme|application|portail)\b"
        r"|\bprestataire\b.{0,40}\bstockage\b.{0,40}(?: ?:|\best\b)(?P<stores>.*)|\bstockage (?:du site |des donnees |des contenus )?(?:est )?(?:assure|realise)e? par (?!votre|une?\b|des\b|nos\b)(?P<stored>.*)"
        r"|\bheberge(?:e|s|es)? (?:au|aux|a la|a l') ?(?=(?:centre|direction|dsi|ministere|rectorat|universite|data|service|departement|siege|mairie))(?P<at>.*)"
        r"|\w.{2,60} (?:l'|les )heberge(?:nt)?\b|\w.{2,80} (?:assure\w*|fournit)(?: [\w-]+){0,2} l'hebergement\b|\bauto-?heberge(?:e|ement|s)?\b|\bheberge\w*\b.{0,40}\b(?:en interne|par (?:nos|ses) (?:propres )?(?:soins|services|moyens))\b"
        rf"|\b(?:hebergeur|prestataire d'hebergement|hebergement)\b{_OF}(?: ?:| est\b(?! (?:assure|fourni|realise|situe|en ))| - )(?P<named>.*)"
    ),
    reads=_host_before,
    never=re.compile(
        r"\b(?:familles?|personnes|demandeurs|jeunes|eleves|patients|touristes?)\b.{0,30}\bheberge"
        r"|\b(?:matomo|piwik|mesure d'audience|statistiques|autres sites|sites? (?:tiers|externes?))\b.{0,40}\bheberge"
        r"|\bpar (?:une?|des) (?:prestataires?|tiers|hebergeurs?|societes?|fournisseurs?|serveurs?)(?: (?:d'hebergement|web|externes?|tiers|privee?s?|specialisee?s?|francaise?s?|europeens?|europeenne|qualifies?|certifies?|agrees?|de confiance))*+\W*(?:\.|$)"
        r"|\bhebergements?\b.{0,20}\b(?:restauration|touris\w+|locatifs?|hoteliers?|d'urgence|insolites?)\b|\b(?:gites?|hotels?|campings?|nuitees?)\b"
        r"|\b(?:code|depots?|sources|documentation|videos?|photos?|contenus?|documents?|fichiers?)\b.{0,40}\bheberge"
        r"|^(?!.*\b(?:par|chez|aupres|(?:donnees|data ?-?centers?|locaux|salles?|infrastructures?|cloud|nuage) (?:de|du|d'|des|cloud))\b).*\bheberge(?:e|s|es)? (?:en|dans|sur le territoire|sur des serveurs)\b"
    ),
)

GROUPS = (PUBLISHER, DIRECTOR, HOST)
