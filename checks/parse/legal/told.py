"""Where terms of use tell what a service is for in sentences of their own: what it does, what it is, what one does with it.

All patterns read folded sentences; a line that ends with a colon is read with the list under it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice, takewhile

from checks.model.address import host_of
from checks.model.capture import Topic
from checks.model.french import fold
from checks.model.legal import is_named
from checks.parse.html import Page
from checks.parse.legal.groups import sentences
from checks.parse.legal.passages import Passage, passages, sentences_of

_LONGEST, _FEW = 600, 8
_KINDS = (
    r"(?:annuaires?|api|appli(?:cation)?s?|assistants?|atlas|bases?|bibliotheques?|boite a outils|boutique|calculateurs?|calculatrice|cartes?|cartographie"
    r"|catalogues?|chatbot|comparateurs?|dispositifs?|espaces?|ent|extension|forums?|guichets?|interface|intranet|jeux?|kit|lieux?|logiciels?|messagerie"
    r"|modules?|moteurs?|observatoire|outils?|place de marche|plate-?formes?|portails?|programmes?|produits?|referentiels?|registres?|reseau|robot"
    r"|services?|simulateurs?|sites?|solutions?|tableaux? de bord|teleservices?|demarches?|platform|website|tool|app)"
)
_A_KIND = rf"(?:une?|le|la|l'|les|des) ?(?:\w+ )?{_KINDS}\b"
_A = r"(?:le |la |l'|les |ce |cet |cette |ces |notre |nos |votre |un |une |the |this |our )"
_ACTS = (
    r"(?:permet\w*|propos(?:e|ent|ant)|offr(?:e|ent|ant)|fourni(?:t|ssent|ssant)|facilit(?:e|ent|ant)|simplifi(?:e|ent|ant)|aid(?:e|ent|ant)|accompagn(?:e|ent|ant)"
    r"|recens(?:e|ent|ant)|referenc(?:e|ent)|repertori(?:e|ent)|rassembl(?:e|ent)|reuni(?:t|ssent)|regroup(?:e|ent)|centralis(?:e|ent)|agreg(?:e|ent)|orient(?:e|ent)"
    r"|guid(?:e|ent)|donne(?:nt)? (?:acces|a voir|les moyens)|calcul(?:e|ent)|estim(?:e|ent)|evalu(?:e|ent)|compar(?:e|ent)|simul(?:e|ent)|affich(?:e|ent)|presente(?:nt)?"
    r"|publi(?:e|ent)|diffus(?:e|ent)|gener(?:e|ent)|transmet|transmettent|envoi(?:e|ent)|ser(?:t|vent) (?:a|aux?|de)\b|vis(?:e|ent) (?:a|l)|consiste(?:nt)? (?:a|en)|s'adress(?:e|ent)"
    r"|contribu(?:e|ent)|automatis(?:e|ent)|dematerialis(?:e|ent)|cartographi(?:e|ent)|localis(?:e|ent)|recommand(?:e|ent)|indiqu(?:e|ent)|met(?:tent)? (?:\w+ )?(?:a (?:la |votre |leur )?disposition|en)\b"
    r"|apport(?:e|ent)|valoris(?:e|ent)|promeu(?:t|vent)|soutien(?:t|nent)|outill(?:e|ent)|equip(?:e|ent)|invit(?:e|ent)|(?:y )?repond(?:ent)? (?:a|aux?)|repere(?:nt)?|relie(?:nt)?|rapproch(?:e|ent)"
    r"|rend(?:ent)?|transform(?:e|ent)|verifi(?:e|ent)|inform(?:e|ent)|sugger(?:e|ent)|accueill(?:e|ent)|alert(?:e|ent)|previen(?:t|nent)|(?:a|ont) vocation a|sert d'|initi(?:e|ent)|sensibilis(?:e|ent)|form(?:e|ent) (?:les|des|aux?)|expliqu(?:e|ent)|trait(?:e|ent) les demandes|suit|detecte(?:nt)?|delivr(?:e|ent)|organis(?:e|ent)|lets?|helps?|enables?|allows?|provides?|offers?)"
)
_PEOPLE = (
    r"\b(?:utilisat\w+|usagers?|usages?|editeur|administrat\w+|responsables?|loi|reglement|cnil|article|contenus?|textes?|membres?|titulaires?|fournisseur|gestionnaire"
    r"|exploitant|equipe|auteurs?|acces|comptes?|visiteurs?|internautes?|inscri\w+|connexion|version|adresse)\b"
)
_ANYONES = re.compile(
    rf"^(?!.{{0,40}}{_PEOPLE}).{{3,60}}\b(?:cartographie|repertorie|simule|dematerialise|automatise|agrege|oriente (?:les|vers)|guide (?:les|dans)|calcule (?:les?|la|l'|vos)|apporte (?:des|une?|aux?)|accueille (?:les|des)|suggere|sensibilise|diffuse (?:les|des)|(?:propose|offre|fournit) (?:des|une?|aux?|gratuitement)|rend (?:\w+ )?(?:accessible|consultable|visible|publi)\w*|s'adresse (?:a|aux?)|ouvre (?:au public|aux?))\b.{{10,}}"
    r"|\b(?:annonce|depose|publie|reserve|declare|echange|partage|suive|transmette|consulte|demande)nt (?:les?|leurs?|la|des|une?) (?!.{0,30}\b(?:comptes?|profils?|adresse|inscription)\b).{3,60}\b(?:sur|dans|via|depuis) (?:le|la|l'|ce|cette) ?(?:portail|plateforme|application|service|site|outil|forum|espace)\b"
)
_TAIL = (
    r"\b(?:qui|ou|pour|permettant|destine\w*|dedie\w*|consacre\w*|concu\w*|afin|a destination|au service des?|sur (?:le|la|les|l')|des|entre|d'(?:aide|entraide|echanges?|\w+(?:ment|tion|ance))"
    r"|de (?:\w+(?:ment|tion|sion|age|ance)s?|mise|calcul|suivi|recherche|gestion|reservation|saisie|depot|vote|controle|veille))\b.{6,}"
)
_CAN = r"(?:pouvez|peut|peuvent|pourr(?:ez|a|ont)|(?:est )?possible (?:de|d'))"
_NO_USE = (
    r"(?!.{0,30}\b(?:acced\w+|connecter|inscrire un lien|renoncer|mettre fin|opposer|contacter|refuser|desactiver|desinscrire|resilier|cloturer"
    r"|(?:supprimer|fermer|modifier|rectifier) (?:votre|son|leur|le|vos|ses) (?:compte|profil|donnees|informations|mot)))"
)
_YOU_CAN = re.compile(
    rf"\b{_CAN} ?(?:\w+ )?y {_NO_USE}\w+(?:er|ir|re)\b.{{8,}}|\by (?:trouve|retrouve|consulte|depose|suivent|suit|suivez|gere|partage|reserve|echange|declare|decouvr|puise|publie)\w*\b.{{12,}}"
    r"|\b(?:s'en ser(?:t|vent|vir)|vous en servir|l'utiliser) pour (?!des? (?:fins|usages?)|un usage)\w.{8,}"
)
_WE = re.compile(
    r"\bnous (?:vous |y |leur |les )?(?:aidons|proposons|recensons|accompagnons|offrons|permettons|rassemblons|calculons|mettons (?:\w+ )?(?:a (?:la |votre )?disposition|en relation))\b.{12,}"
)
_SUCH = r"(?:mobile|en ligne|numerique|gratuite?|interactive?|educatif|educative|web|internet|public|publique|officiel|officielle|national|nationale)"
_NOT_DOING = (
    r"(?!(?:de|que|ne|le|une|et|est|sont|peut|doit|utilise|contient|comporte|respecte|engage|reserve|decline|garantit|depose|conserve|applique|constitue|dispose|fait|accepte|reconnait|repose"
    r"|appartient|inclut|comprend|necessite|demande|requiert|exige|evolue|subit|cite|mentionne|souhaite|veille|protege|soit|seront|sera|etait|ont|internet|gratuit|cesse|dont|entre|contre|avant|outre)\b)"
)
_IS_NOT = rf"(?!{_A}(?:service|site) (?:de|du|d'|des) )"
_AIM = re.compile(
    r"\b(?:son|sa|ses|l'|le|la|leur) ?(?:but|objectifs?|vocation|mission|ambition|raison d'etre|finalite|role)s?\b(?! (?:du|des) (?:traitement|cookie|fichier)).{0,50}(?:\best\b|\bsont\b| ?:|\bconsiste) ?(?:de |d'|a )?\w.{10,}"
)
_PRONOUN = re.compile(
    rf"^(?:il|elle|ils|elles|celui-ci|celle-ci|ce dernier|cette derniere|it)\b(?: vous| leur| y| nous| \w+ment| aussi)* {_ACTS}\b.{{12,}}"
)
_FOREIGN = re.compile(
    r"\b(?:cookies?|traceurs?|liens?|licence|responsab\w+|garanti\w*|interrupt\w+|interrompre|suspen\w+|maintenance|propriete|marques?|droit d'auteur|reproduction|donnees (?:a caractere )?personnel\w*"
    r"|mot de passe|identifiants?|navigateur|matomo|certificat|franceconnect|proconnect|rgpd|cnil|hyperliens?|litiges?|tribunal|tribunaux|conditions generales de vente|(?:est|sont) heberg\w+|hebergeurs?|hebergement|virus"
    r"|securis\w+|chiffre\w*|modifi\w+ (?:des|les) presentes|s'engage\w*|interdit\w*|ne (?:saurait|peut|peuvent|doit)|n'est pas|n'a pas|aucune?|presentes|(?:ces|les|nouvelles) conditions|cgu)\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:responsabilites?|propriete|cookies?|donnees personnelles|donnees a caractere|droit applicable|litiges?|liens|hyperliens?|securite|disponibilite|credits?|accessibilite|hebergement|juridiction)\b"
)
_GENERIC = re.compile(
    r"^(?:.{0,2}|accueil|page|.*\b(?:conditions?|mentions?|utilisations?|donnees|utilisat\w+|usagers?|editeur|parties?)\b.*|www|fr)$"
)
_CALLED = re.compile(
    r"(?:ci-apres|denommee?|appelee?|nommee?|intitulee?|site|plateforme|service|application|outil)\W{0,3}(?:le |la |l')?[«\"“] ?([^»\"”]{2,40}?) ?[»\"”]"
)
_OF = re.compile(r"\b(?:utilisation|usage|service|generales|cgu) (?:du site |de la plateforme |du service |de l'application )?(?:de la |de l'|du |de |d'|- |: )(.{3,40})$")  # fmt: skip


def _named(names: Iterable[str]) -> str:
    """The name of a service, as a sentence gives it."""
    known = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return rf"(?:(?:le |la |l'|les |« ?|\" ?)?(?:{known})(?: ?[»\"])?(?!\w))"


def _about(subject: str, tool: str) -> Iterator[str]:
    """« Le portail recense les quais », « Bac à voile est le guichet qui réunit les démarches », « Avec ce simulateur, estimez vos
    droits », « L'outil est conçu pour les maires »."""
    yield rf"^(?:(?!{_PEOPLE}).){{0,70}}?{subject}.{{0,100}}?\b{_ACTS}\b(?! (?:pas|aucun|l'acces aux? (?:site|service))).{{12,}}"
    yield rf"{subject}(?:, | )?(?:est|sont|is|constitue|se veut|c'est|:) {_IS_NOT}{_A_KIND}.{{0,80}}?{_TAIL}"
    yield (
        rf"^(?:avec|grace (?:a|au)|depuis|via|a l'aide d[eu]|au moyen d[eu]|sur|dans|from|with|using) ?{tool}.{{0,60}}?"
        rf"(?:\b{_CAN} ?{_NO_USE}.{{10,}}|, \w+ez .{{10,}}|\b(?:trouve|retrouve|dispose|consulte|suive|depose|gere)\w*\b.{{10,}})"
    )
    yield rf"{subject}.{{0,60}}\b(?:concue?s?|pensee?s?|dediee?s?|destinee?s?|utilisee?s?\b.{{0,40}}\bpour) (?:pour |aux? |a (?!modif)|afin )?.{{8,}}"


def _acting(named: str) -> str:
    """« Bac à voile vend les billets »."""
    return (
        rf"(?:^|(?<= : )|(?<=\? ))(?:{_A}(?:\w+ )?{_KINDS}|{named})(?: {_SUCH}| {named})*+ (?:vous |nous |leur |lui )?{_NOT_DOING}\w+(?:e|ent|it|end|et|ut)"
        r" (?:les?|la|l'|vos|votre|une?|leurs?|aux?|sur) ?.{12,}"
    )


_SUBJECT = rf"\b{_A}(?:\w+ )?{_KINDS}\b"


def _of_a_kind() -> Iterator[str]:
    """« Ce forum est un lieu d'entraide », « Conçu pour les maires, l'outil … »."""
    yield from _about(_SUBJECT, rf"(?:{_A}(?:\w+ )?{_KINDS}|{_KINDS}\b)")
    yield (
        rf"^(?:(?!{_PEOPLE}).){{3,60}}\best {_IS_NOT}{_A_KIND}.{{0,60}}?\b(?:qui|ou|permettant|dedie\w*|destine\w*|(?:par|sur|dans) (?:le|la|les)quel\w*|pour)"
        r" (?!le compte|laquelle|est|la societe).{8,}"
    )
    yield rf"\bc'est {_A_KIND}.{{0,80}}?{_TAIL}"
    yield rf"\b{_KINDS}\W{{1,4}}(?:on entend|designe|s'entend|:).{{0,60}}?\b(?:fonctionnalites|ensemble|{_KINDS})\b.{{0,40}}?{_TAIL}"
    yield rf"\b{_CAN},? (?:via|grace a|sur|depuis|avec|dans|par) {_SUBJECT},? {_NO_USE}\w+(?:er|ir|re)\b.{{8,}}"
    yield rf"^(?:concue?|pensee?|destinee?|dediee?|developpee?) (?:pour|aux?|a|avec|par) .{{8,}}, ?{_SUBJECT}"


_OF_A_KIND = re.compile("|".join(_of_a_kind()))
_ACTING = re.compile(_acting(r"(?!)"))
_IS_SUBJECT = re.compile(_SUBJECT)


class _Service:
    """What sentences about the service look like: those of its kind, and of its names. A pattern of names takes as long to be made
    as a page to be read: it is for sentences that hold one and would not do without."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def is_told(self, sentence: str, before: str) -> bool:
        if _FOREIGN.search(sentence):
            return False
        alone = (_OF_A_KIND, _YOU_CAN, _WE, _AIM, _ANYONES)
        if any(one.search(sentence) for one in alone) or self._acts(sentence):
            return True
        return _PRONOUN.search(sentence) is not None and self._is_about(before) and not _FOREIGN.search(before)

    def _acts(self, sentence: str) -> bool:
        acting = self._by_name if self._is_named(sentence) else _ACTING
        return acting.search(sentence) is not None

    def _is_about(self, sentence: str) -> bool:
        if _IS_SUBJECT.search(sentence):
            return True
        return self._is_named(sentence) and re.match(_named(self._names), sentence) is not None

    def _is_named(self, sentence: str) -> bool:
        return any(name in sentence for name in self._names)

    @cached_property
    def _by_name(self) -> re.Pattern[str]:
        named = _named(self._names)
        told = (*_about(f"^{named}", named), _acting(named), rf"^{named}, {_A_KIND}.{{0,80}}?{_TAIL}")
        return re.compile("|".join(told))


def told(page: Page) -> Passage | None:
    """The first sentence that says what the service does, is, or is used for."""
    known = passages(page)
    service = _Service(_names(page, known))
    for rank, passage in _readable(known):
        before = known[rank - 1].words[-_LONGEST:] if rank else ""
        for sentence in sentences(_with_list(known, rank)):
            if service.is_told(sentence[:_LONGEST], before):
                return passage
            before = sentence[:_LONGEST]
    return None


def _readable(known: Sequence[Passage]) -> Iterator[tuple[int, Passage]]:
    """The lines of text that no heading announces as being about something else."""
    is_elsewhere = False
    for rank, passage in enumerate(known):
        if passage.is_heading:
            is_elsewhere = _ELSEWHERE.search(passage.name) is not None
        elif not is_elsewhere and not passage.is_link:
            yield rank, passage


def _with_list(known: Sequence[Passage], rank: int) -> Passage:
    """A line that ends with a colon, and what it announces."""
    passage = known[rank]
    if not passage.words.endswith(":"):
        return passage
    under = takewhile(lambda one: not one.is_heading, known[rank + 1 : rank + 1 + _FEW])
    text = " ".join((passage.text, *(one.text.rstrip(" .;") for one in under)))
    return replace(passage, sentences=sentences_of(text, fold(text)))


def _names(page: Page, known: Sequence[Passage]) -> set[str]:
    """What the page calls the service: in its title, its address, its headings or between quotes."""
    host = host_of(page.capture.url).removeprefix("www.")
    said = {host, host.partition(".")[0], host.partition(".")[0].replace("-", " ")}
    said |= {part.strip() for part in re.split(r" [-–—|:·•] ", page.title_words)}
    said |= {match[1] for one in islice(known, _FEW) if (match := _OF.search(one.words))}
    said |= {match[1] for one in islice(known, 4 * _FEW) if (match := _CALLED.search(one.words[:_LONGEST]))}
    return {one for one in said if len(one) <= len(host) + 40 and not _GENERIC.match(one) and not is_named(Topic.TERMS, one)}  # fmt: skip
