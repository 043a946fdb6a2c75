"""How French pages name the two documents of décret 2019-768, art. 4: the schéma pluriannuel and the plan of the year.

All patterns read folded text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote

from checks.model.address import split
from checks.model.french import fold
from checks.model.memory import remembered

_ACCESS = r"(?:accessib(?:ilite|le)s?|accessibility|rgaa|a11y)"
_FOR_ACCESS = r"(?:d'|de l'|pour l'|de (?:la )?mise en |de (?:la )?mise en conformite de l')accessibilites?"
_MANY = r"(?:(?:pluri|multi|tri)[ -]?annuel(?:le)?s?|triennal(?:e|es)?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """``name`` finds a document of the kind in a text, which holds one of ``words`` then, ``address`` in a path made of words.

    ``bare`` are the nouns that may follow « annuel » without a preposition.
    """

    name: re.Pattern[str]
    words: tuple[str, ...]
    address: re.Pattern[str]
    bare: frozenset[str]

    def names(self, text: str) -> Iterator[re.Match[str]]:
        """Where a folded text names a document of the kind."""
        return self.name.finditer(text) if any(map(text.__contains__, self.words)) else iter(())


SCHEMA = Kind(
    name=re.compile(
        r"\b(?:(?:schemas?|plans?|programmes?|programmations?|strategies?|feuilles? de route|trajectoires?)"
        rf"(?: directeurs?| strategiques?| ministeriels?)?(?: {_FOR_ACCESS})?(?: numerique)? {_MANY}"
        rf"|schemas? (?:directeurs? )?{_FOR_ACCESS}|schemas? annuels?"
        rf"|multi-?(?:year|annual) (?:digital )?(?:{_ACCESS} )?(?:plan|scheme|schema|strategy|roadmap)|span(?= 20\d\d))\b"
    ),
    words=("annuel", "triennal", "schema", "multi", "span"),
    address=re.compile(
        r"schemas? ?(?:[^\W_]+ ){0,3}?(?:pluri|multi|tri) ?annuel|schemas? (?:directeur )?(?:d |de mise en )?access"
    ),
    bare=frozenset({"numerique"}),
)
PLAN = Kind(
    name=re.compile(
        r"\b(?:(?:plans?|programmes?) (?:(?:20\d\d|annuels?|pluri-?annuels?|nationa(?:l|ux)|numeriques?) ){0,2}d ?' ?actions?"
        r"|plans? annuels?|plans? (?:d'amelioration|de remediation|de mise en (?:accessibilite|conformite))"
        rf"|feuilles? de route (?:annuelles?|{_FOR_ACCESS}|(?:\w+ )?{_ACCESS})"
        rf"|(?:annual|yearly) (?:digital )?(?:{_ACCESS} )?(?:action )?(?:plan|roadmap)|{_ACCESS} roadmap|action plan)\b"
    ),
    words=("plan", "programme", "feuille", "roadmap"),
    address=re.compile(
        rf"\bplans? ?(?:annuel|d ?actions?\b|actions?\b|20\d\d)|(?:feuille de route|roadmap) (?:\w+ )?{_ACCESS}"
    ),
    bare=frozenset({"numerique", "accessibilite", "rgaa", "a11y"}),
)
KINDS = (SCHEMA, PLAN)

ABOUT = re.compile(rf"\b{_ACCESS}\b")
NOT_OURS = re.compile(
    r"\bvoirie\b|\bad'ap\b|accessibilite programmee|\berp\b|\bbatiments?\b"
    r"|accessibilite des (?:transports|services de transport)"
)
"""Other documents about accessibility: roads, buildings, transport."""
UNPUBLISHED = re.compile(
    r"\baucune?\b|\bpas encore\b|\bpas de\b|\bn'(?:est|a|ont|existe)\b[^.]{0,40}\bpas\b|\bne disposs?\w+ (?:pas|d'aucun)"
    r"|\ben cours d(?:e |')(?:redaction|elaboration|preparation|construction|creation|finalisation|validation|realisation"
    r"|publication|definition|ecriture)|\ba venir\b|\bprochainement\b|\bbientot\b|\ba paraitre\b"
    r"|\bser(?:a|ont|ait) (?:\w+ )?(?:publie|mise?s? (?:en ligne|a disposition)|elabore|redige|etablie?|disponible|propose"
    r"|defini)|\bdoi(?:t|vent)\b|\bnecessit\w+|\bexigent?\b|\brequi(?:ert|erent)\b|\bdevr(?:a|ont|ait|aient)\b"
    r"|\bengag\w+ a (?:publier|elaborer|rediger|etablir|produire|definir|mettre en place)|\bnot yet\b|\bcoming soon\b"
    r"|\[ ?(?:annees?|liens?|dates?|url|adresse|titre|a completer)\b|\b20xx\b|\bxxxx\b|\baaaa\b"
)
"""A sentence that names a document which is not there, the fields of the model left as they come included."""

_NATURE = re.compile(
    r" ?(?:(?:annuel|pluri-?annuel|numerique|digital|triennal)(?:le)?s? )*(?:d ?'|de )"
    r"(?!l'|la |notre |votre |nos |vos |ce |cette |cet |leurs? |chaque )([\w.]+)"
)
"""« Plan d'action de formation »: behind a bare « de » stands what a document is about, behind « de la » whose it is."""
_OURS = re.compile(
    r"(?:accessib(?:ilite|le)s?|conformites?|corrections?|remediations?|ameliorations?|actions?|mises?|rgaa|a11y)$|\d"
)
_FOREIGN_AIM = re.compile(
    r" (?:\w+ )?pour (?:le|la|les|l'|une?) ?(?!site|service|application|plateforme|produit|portail|annee|periode|an\b)"
)
_ANNUAL = re.compile(r"(?:^| )annuels?$")
_FOLLOWER = re.compile(r" ([a-z0-9]+)")
_LINKING = {
    "de", "d", "des", "du", "pour", "sur", "et", "ou", "est", "sont", "a", "au", "aux", "en", "dans", "par",
    "qui", "que", "ainsi", "comme", "relatif", "portant", "ci", "disponible", "public", "publie", "in", "of",
}  # fmt: skip
_STOP = re.compile(r" ?[,;:.()|/]| - ")
_PHRASE = 60

_GENERIC = {
    "telecharger", "telechargez", "telechargement", "consulter", "consultez", "consultation", "voir", "lire",
    "lien", "liens", "ici", "cliquez", "cliquer", "acceder", "acces", "en", "savoir", "plus", "le", "la", "les",
    "l", "ce", "cette", "ci", "document", "documents", "fichier", "version", "format", "page", "pages", "pdf",
    "odt", "doc", "docx", "html", "ko", "mo", "kb", "mb", "octets", "et", "au", "a", "de", "du", "d", "sur",
    "annee", "annees", "periode", "edition", "exercice", "millesime", "nouvel", "nouvelle", "fenetre",
    "nouveau", "onglet", "ouvre", "dans", "un", "une", "s", "texte", "integral", "complet", "download", "here",
    "read", "more", "url",
}  # fmt: skip
_LETTERS = re.compile(r"[^\W\d_]+")
_NOT_LETTERS = re.compile(r"[\W_]+")
_MOST = 200
"""Names read of one text at most: a page made to harm holds thousands."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a text names a document."""

    start: int
    end: int
    kind: Kind


def heads(text: str, words: str) -> tuple[Head, ...]:
    """The documents that a text names, in its order; ``words`` is ``text`` folded."""
    found = [
        Head(match.start(), match.end(), kind)
        for kind in KINDS
        for match in islice(kind.names(words), _MOST)
        if _is_ours(kind, match, words, text)
    ]
    return tuple(sorted(found, key=lambda head: head.start))


@remembered(2_048)
def kinds_of_address(url: str) -> tuple[Kind, ...]:
    """What the fragment of an address names, else its path."""
    parts = split(url)
    for part in (parts.fragment, parts.path) if parts else ():
        words = _NOT_LETTERS.sub(" ", fold(unquote(part)))
        named = tuple(kind for kind in KINDS if kind.address.search(words))
        if named:
            return named
    return ()


@remembered(2_048)
def is_generic(words: str) -> bool:
    """Whether a name says no more than « télécharger », « PDF » or a year: what it leads to is told beside it."""
    return all(word in _GENERIC for word in _LETTERS.findall(words))


def _is_ours(kind: Kind, match: re.Match[str], words: str, text: str) -> bool:
    """Whether what follows the name of a document leaves it one about digital accessibility."""
    rest = words[match.end() : match.end() + _PHRASE]
    follower = _FOLLOWER.match(rest) if _ANNUAL.search(match[0]) else None
    if follower and not (follower[1].isdigit() or follower[1] in _LINKING or follower[1] in kind.bare):
        return False  # « plan annuel formation » is one about training
    phrase = _STOP.split(rest, maxsplit=1)[0]
    if ABOUT.search(phrase):
        return True
    nature = _NATURE.match(phrase)
    if nature and not _OURS.match(nature[1]):
        return _is_proper(nature[1], text[match.start() : match.end() + 2 * _PHRASE])
    return not _FOREIGN_AIM.match(phrase)


def _is_proper(word: str, text: str) -> bool:
    """Whether a folded word is written as the name of somebody: « schéma pluriannuel de France Travail »."""
    return not text.isupper() and any(one[0].isupper() and fold(one) == word for one in _LETTERS.findall(text))
