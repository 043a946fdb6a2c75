"""The organisation that ran the audit of a declaration, as its sentences name it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.model.french import fold
from checks.parse.fact import Fact
from checks.parse.sections import Outline, Part, Passage

_AUDIT = re.compile(
    r"\baudit\w*|\bevalu\w+|\bcontroles?\b|\btest(?:s|e|ee|es)?\b|\bverifi\w+|\bassessments?\b|\bexpertises?\b|\bdiagnostic"
)
_BY = re.compile(r"\b(?:par|by|confi[ée]{1,2} (?:à|a))\s+", re.IGNORECASE)
_NOT_THE_AUDIT = re.compile(
    r"\b(?:edit|ger|developp|publi|heberg|conc|maint|financ|port|fourni|defini|propos|exig|impos|prev|etabli|administr|cre|utilis|invoqu|redig|represent"
    r"|exploit|demand|assur|signal|suivi|apr|regi|fix|corrig|choisi|commande|remplac|provid|requir|develop|publish)\w{0,4}$"
)
_OURSELVES = re.compile(
    r"\ben interne\b|\binternes?\b|\binternement\b|\bnos (?:propres )?soins\b|\bauto[\s-]?(?:evaluation|audit|diagnostic)|\bnous[\s-]memes?\b"
    r"|\bin[\s-]house\b|\bself[\s-]assess|\binternally\b"
)
_TO_COME = re.compile(
    r"\b(?:sera|seront|serait|va etre|prevue?|planifiee?|programmee?|prochain\w*|devrait|en cours|will|a venir|doit)\b"
)
_KIND = (
    r"(?:societe|entreprise|cabinet|agence|association|start-?up|prestataire|organisme|bureau|scop|studio|esn"
    r"|groupe|firme|structure|company|firm|agency|organi[sz]ation|consultancy)s?"
)
_PERSON = re.compile(r"(?:auditeur|auditrice|experte?|consultante?|auditor)s?")
_IS_KIND = re.compile(_KIND)
_OPENS = re.compile(
    rf"^\W{{0,3}}(?:l' ?|la |le |une? )?(?={_KIND} )|\baudit (?:de conformite )?(?:de la|du|de l') ?(?={_KIND} )"
)
_LABEL = re.compile(
    r"\b(?:auditeur|auditrice|audite par|auditee par|prestataire|societe d'audit|audited by|auditor)\W*$"
)
_RAN_IT = re.compile(
    r"^((?:[A-ZÀ-Ý0-9][\w&.'-]{1,30} ){1,4})(?:a|ont|has) (?:réalisé|effectué|mené|conduit|audité|évalué|carried out|conducted|audited)\b"
)
_PRONOUNS = frozenset(
    [
        "nous",
        "il",
        "elle",
        "on",
        "cette",
        "ce",
        "un",
        "une",
        "la",
        "le",
        "les",
        "notre",
        "we",
        "it",
        "the",
        "this",
        "audit",
        "cet",
    ]
)
_ARTICLES = frozenset(["la", "le", "les", "l'", "un", "une", "the", "a", "an"])
_STOPS = frozenset(
    [
        "a",
        "ai",
        "ont",
        "est",
        "sont",
        "le",
        "les",
        "en",
        "sur",
        "au",
        "aux",
        "dans",
        "avec",
        "pour",
        "qui",
        "que",
        "dont",
        "selon",
        "lors",
        "depuis",
        "entre",
        "durant",
        "pendant",
        "via",
        "puis",
        "soit",
        "suite",
        "ayant",
        "ou",
        "afin",
        "et/ou",
        "revele",
        "revelent",
        "montre",
        "indique",
        "conclut",
        "atteste",
        "etablit",
        "constate",
        "demontre",
        "releve",
        "precise",
        "fait",
        "donne",
        "affiche",
        "permet",
        "sous",
        "apres",
        "avant",
        "lequel",
        "laquelle",
        "has",
        "have",
        "reveals",
        "revealed",
        "shows",
        "showed",
        "found",
        "on",
        "in",
        "from",
        "between",
        "using",
        "with",
        "which",
        "that",
        "was",
        "is",
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
    ]
)
_JOINTS = frozenset(["de", "du", "des", "d'", "la", "l'", "et", "of", "and", "&", "-", "–", "—"])
_UNNAMED = frozenset(
    [
        "externe",
        "exterieur",
        "exterieure",
        "tiers",
        "tierce",
        "specialise",
        "specialisee",
        "independant",
        "independante",
        "prive",
        "privee",
        "agree",
        "agreee",
        "certifie",
        "certifiee",
    ]
)
_NOT_NAMES = re.compile(r"(?:equipes?|nous|ailleurs|exemple|personnes?|internet|service)\b")
_IS_TIME = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|(?:19|20)\d\d")
_TOKEN = re.compile(r"\([^()]{1,60}\)|[^\s()]+")
_GLUED = re.compile(r"\b([ldLD])' ?(?=\w)")
_LONGEST = 10
_NEAR = 160
_MARKS = '.,:;!?«»"“”*'
_NOT_THERE = {Part.CONTENT, Part.CONTACT, Part.RECOURSE}


def auditor(outline: Outline) -> Fact[str] | None:
    """Who ran the audit: in the results, then in the state, then where the page speaks of an audit."""
    results = outline.under(Part.RESULTS)
    state = outline.of(Part.STATE)
    others = [
        one for one in outline.passages if one.path.isdisjoint(_NOT_THERE) and _AUDIT.search(f"{one.lead} {one.words}")
    ]
    for passage in (*results, *state, *others):
        name = _named(passage)
        if name:
            return Fact(name, passage.text, passage.element)
    return None


def _named(passage: Passage) -> str | None:
    text = passage.text.replace("’", "'")
    is_audit = Part.RESULTS in passage.path or bool(_AUDIT.search(f"{passage.lead} {passage.words}"))
    is_ours = _OURSELVES.search(passage.words) is not None
    starts = (start for start in _places(text, passage) if is_audit and not _TO_COME.search(_before(text, start)))
    named = next((name for start in starts if (name := _name(text[start : start + _NEAR], is_ours=is_ours))), None)
    ran = _RAN_IT.match(text) if is_audit and not (named or is_ours) else None
    if ran and not _PRONOUNS & set(fold(ran[1]).split()):
        return ran[1].strip()
    return named


def _places(text: str, passage: Passage) -> Iterator[int]:
    """Where a name may begin: after "par", at "la société", in a line of its own under its label."""
    yield from (found.end() for found in _BY.finditer(text) if not _NOT_THE_AUDIT.search(_before(text, found.start())))
    opening = _OPENS.search(passage.words)
    if opening and len(passage.words) == len(text.strip()):
        yield opening.end()
    if _LABEL.search(passage.lead):
        yield 0
    label = _LABEL.search(fold(text.partition(":")[0]))
    if label and ":" in text:
        yield text.index(":") + 1


def _before(text: str, place: int) -> str:
    return fold(text[max(0, place - _NEAR) : place])


def _name(text: str, *, is_ours: bool) -> str | None:
    """The name that begins a text; where the audit is said to be ours, only that of a company."""
    tokens = _TOKEN.findall(_GLUED.sub(r"\1' ", text))
    while tokens and fold(tokens[0]) in _ARTICLES:
        tokens.pop(0)
    first = fold(tokens[0]) if tokens else ""
    is_kind = bool(_IS_KIND.fullmatch(first) or (_PERSON.fullmatch(first) and not is_ours))
    if is_kind:
        tokens = _after_kind(tokens[1:])
    if not tokens or not (is_kind or (_is_proper(tokens[0]) and not is_ours)) or _NOT_NAMES.match(fold(tokens[0])):
        return None
    name = " ".join(_taken(tokens)).replace("' ", "'").strip(f" {_MARKS}-–—")
    return name if len(name) > 1 and any(char.isalpha() for char in name) else None


def _after_kind(tokens: list[str]) -> list[str]:
    """Past what is said of a company before its name: "spécialisée en accessibilité numérique"."""
    for rank, token in enumerate(tokens[:_LONGEST]):
        if _is_proper(token):
            return tokens[rank:]
        if token[-1] in _MARKS and rank:
            break
    first = fold(tokens[0].strip(_MARKS)) if tokens else ""
    is_name = (
        first
        and first not in _UNNAMED | _STOPS | _JOINTS
        and (len(tokens) == 1 or tokens[0][-1] in _MARKS or fold(tokens[1]) in _STOPS)
    )
    return tokens[:1] if is_name else []


def _is_proper(token: str) -> bool:
    """A capital, or the name of a host: beta.gouv.fr."""
    bare = token.strip(_MARKS)
    return bool(bare) and (
        bare[0].isupper()
        or (bare[0].isdigit() and not bare[:2].isdigit())
        or re.fullmatch(r"\w[\w-]*\.\w[\w.-]+", bare) is not None
    )


def _taken(tokens: list[str]) -> Iterator[str]:
    kept: list[str] = []
    for token in tokens[:_LONGEST]:
        if token.startswith("("):
            kept.append(token)
            break
        bare = fold(token.strip(_MARKS))
        is_proper = _is_proper(token)
        if not bare or (bare in _STOPS and not (is_proper and kept and bare != "a")) or _IS_TIME.fullmatch(bare):
            break
        kept.append(token.rstrip(",:;"))
        if token[-1] in ",:;" or (token[-1] == "." and len(bare) > 1 and "." not in bare):
            break
    while kept and fold(kept[-1]) in _JOINTS:
        kept.pop()
    return iter(kept)
