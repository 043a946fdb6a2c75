"""How French sites name their legal pages: the crawl follows these links, and the judge knows one that it did not visit.

All patterns read folded text (``checks.model.french``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from checks.model.address import host_of
from checks.model.capture import Topic
from checks.model.french import fold
from checks.model.memory import remembered

LEGAL = (Topic.LEGAL_NOTICE, Topic.PRIVACY, Topic.TERMS)
"""The topics of legal pages, in the order of the rules."""

OTHERS = (
    r"//(?:[\w-]+\.)*(?:cnil\.fr|legifrance\.gouv\.fr|service-public\.(?:gouv\.)?fr|defenseurdesdroits\.fr|europa\.eu"
    r"|facebook\.com|twitter\.com|x\.com|linkedin\.com|youtube\.com|instagram\.com|matomo\.org|openstreetmap\.org|apple\.com"
    r"|microsoft\.com|cloudflare\.com|friendlycaptcha\.com|hcaptcha\.com)(?:[/?#]|$)"
    r"|//(?:(?:www|policies|support|tools|developers|myaccount)\.)?google\.\w+(?:[/?#]|$)"
)
"""Hosts of the texts, of their guardians and of tools: their legal pages are not those of a service."""

_LESSON = r"\b(?:comment|pourquoi|generateur|modele de|webinaires?|formations?|guide|ateliers?|rediger)\b"
_YOURS = r"\b(?:modifier|gerer|telecharger|saisir|completer|renseigner) (?:mes|vos)\b|/(?:mon-)?(?:compte|profil)/"
_DATA = r"(?:donnees|infos|informations) (?:a caractere )?(?:nominatives|personnel(?:le)?s?|perso)\b"
_USE = r"(?:d'|de l'|d )(?:utilisations?|usage)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """``names`` and ``paths`` are patterns with the weight that they give a link; ``never`` rules one out."""

    names: Mapping[str, int]
    paths: Mapping[str, int]
    never: str


NAMINGS: Mapping[Topic, Naming] = {
    Topic.LEGAL_NOTICE: Naming(
        names={
            r"^\W*(?:les |nos |page )?mentions? ?-?legal\w{0,3}\W*$": 210,
            r"\bmentions?[ -]{0,3}legal\w{0,3}\b": 200,
            r"\b(?:infos?|informations?|notices?|pages?) legales?\b|\bmentions? (?:obligatoires|reglementaires)\b": 110,
            r"\blegal (?:notices?|infos?|informations?|mentions?|statements?|terms|stuff)\b|\bimprint\b|\bimpressum\b|\bdisclaimer\b": 110,
            r"^\W*(?:legal(?:es?|s)?|juridique|(?:mentions|informations) juridiques|mentions|aspects (?:legaux|juridiques))\W*$": 100,
            r"\b(?:informations?|mentions?) (?:sur l'|de l'|d')?(?:editeur|editoriales)|^qui edite ": 90,
        },
        paths={
            r"/[^/?#]*mentions?[-_ ]?legal|\bmentions?[-_ ]?legal": 80,
            r"/(?:page-)?(?:legals?|mentions?|imprint|disclaimer)(?:\.\w+)?/?(?:[?#]|$)|legal[-_/]?(?:notices?|informations?|mentions?)\b": 75,
            r"\binfo(?:rmation)?s?-(?:legales?|editeur)": 75,
            r"#.*\blegal": 70,
        },
        never=rf"{OTHERS}|{_LESSON}|annonces? legales?|representante?s? legal|tuteurs? legal",
    ),
    Topic.PRIVACY: Naming(
        names={
            r"\bpolitiques?\b.{0,45}\b(?:confidentialites?|donnees|vie privee|rgpd)": 210,
            r"\bprivacy\b|\bdata (?:protection|privacy|policy)\b": 200,
            rf"^.{{0,60}}\b{_DATA}": 150,
            r"\b(?:protection|traitements?|gestion|utilisation|charte|respect|confidentialite|securite)\b.{0,30}\bdonnees\b": 110,
            r"^.{0,30}\bconfidentialites?\b|\bvie privee\b|\brgpd\b|\bgdpr\b|\bpersonal data\b": 100,
            r"^\W*vos (?:donnees|droits)(?: et (?:vos |nos )?\w+)?\W*$": 90,
            r"^\W*mentions? (?:d'informations?|cnil)\b|\binformatique et libertes?\b": 80,
        },
        paths={
            r"confidentialite|donnees[-_ ]?(?:a-caractere-)?(?:personnel|perso)|protection-des-donnees|vie-privee|\brgpd\b": 75,
            r"privacy|\bgdpr\b": 75,
        },
        never=rf"{OTHERS}|{_LESSON}|{_YOURS}|\bfuites? de\b|\bviolations? de\b|\bjeux? de donnees\b|\bopen data\b",
    ),
    Topic.TERMS: Naming(
        names={
            rf"^\W*(?:nos |les )?(?:cgu\b|(?:conditions?|modalites?|termes|regles) (?:generales? )?{_USE})": 210,
            rf"\bcgu\b|\bc\. ?g\. ?u\b|\b(?:conditions?|modalites?|termes|regles) (?:generales? )?(?:{_USE}|d'acces et {_USE})": 190,
            r"\bterms (?:of (?:use|service)|and conditions|& conditions)\b|\bconditions of use\b|\buser agreement\b|^\W*(?:our |the )?terms\W*$": 160,
            r"^\W*(?:nos |les )?conditions generales?(?! de vente)\b": 150,
            rf"\bcharte {_USE}|^reglement {_USE}": 80,
        },
        paths={
            r"/[^/?#]*(?:\bcgu\b|conditions?-(?:generales?-)?d-?utilisation|modalites-d-?utilisation|conditions-generales(?!-de-vente))": 75,
            r"/terms(?:-|/|\.|\?|#|$)|tos/?$|/eula\b": 75,
        },
        never=rf"{OTHERS}|{_LESSON}|\bapi\b|\bre-?utilisation\b|\bcookies?\W*$",
    ),
}
_NAMES = {topic: re.compile("|".join(naming.names)) for topic, naming in NAMINGS.items()}
_PATHS = {topic: re.compile("|".join(naming.paths)) for topic, naming in NAMINGS.items()}
_NEVER = {topic: re.compile(naming.never) for topic, naming in NAMINGS.items()}


_TITLES = {
    Topic.LEGAL_NOTICE: r"mentions? ?-?legal\w{0,3}|infos? legales|informations? legales?|legal notice|imprint",
    Topic.PRIVACY: rf"(?:politique de |protection des |gestion des )?(?:confidentialite|{_DATA}|donnees)|vie privee|rgpd|privacy(?: policy)?",
    Topic.TERMS: rf"cgu|(?:conditions|modalites) (?:generales )?(?:{_USE})|conditions generales|terms (?:of (?:use|service)|and conditions)",
}
_IS_TITLE = {
    topic: re.compile(
        rf"[\W\divx]*(?:nos |les |vos |la |notre )?(?:{title})(?: (?:et|du|de la|de l'|&|-|:|\().{{0,40}})?\W*"
    )
    for topic, title in _TITLES.items()
}


def is_title(topic: Topic, words: str) -> bool:
    """Whether a folded heading is the title of such a document, and no sentence about such documents.

    >>> is_title(Topic.TERMS, "conditions d'utilisation"), is_title(Topic.TERMS, "suivez les conditions d'utilisation")
    (True, False)
    """
    return _IS_TITLE[topic].fullmatch(words) is not None


def is_named(topic: Topic, words: str) -> bool:
    """Whether folded words, of a link or of a heading, name the page of a topic.

    >>> is_named(Topic.TERMS, "mentions legales et cgu"), is_named(Topic.TERMS, "mentions legales")
    (True, False)
    """
    return _names(topic, words) and not _is_ruled_out(topic, words)


def is_link_to(topic: Topic, words: str, url: str, home: str) -> bool:
    """Whether a link leads to the page of a topic, by its folded words or by its address; the host that the whole site
    shares (``guide-des-aides.example``) says nothing of one of its pages."""
    host = host_of(url)
    address = fold(unquote(url.partition(host)[2] if host == host_of(home) else url))
    if _is_ruled_out(topic, words) or _is_ruled_out(topic, address):
        return False
    return _names(topic, words) or _PATHS[topic].search(address) is not None


@remembered(4_096)
def _names(topic: Topic, words: str) -> bool:
    return _NAMES[topic].search(words) is not None


@remembered(4_096)
def _is_ruled_out(topic: Topic, said: str) -> bool:
    return _NEVER[topic].search(said) is not None
