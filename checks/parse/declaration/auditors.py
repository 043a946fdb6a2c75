"""The organisation that ran the audit of a declaration, as its sentences name it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.model.french import fold
from checks.parse.declaration.fact import Fact
from checks.parse.declaration.sections import Outline, Part, Passage

_AUDIT = re.compile(
    r"\baudit\w*|\bevalu\w+|\bcontroles?\b|\btest(?:s|e|ee|es)?\b|\bverifi\w+|\bassessments?\b|\bexpertises?\b|\bdiagnostic|\bmesuree?\b"
)
_BY = re.compile(r"\b(?:par|by|confi[ée]{1,2} (?:à|a|aux?)|(?:fait|faire) appel (?:à|a|aux?))\s+", re.IGNORECASE)
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
_OLD = re.compile(r"\bancienne? (?:site|version)|\bversion precedente|\bprecedente version")
_KIND = (
    r"(?:societe|entreprise|cabinet|agence|association|start-?up|prestataire|organisme|bureau|scop|scic|cooperative|studio|esn"
    r"|groupe|groupement|partenaire|firme|structure|fondation|collectif|filiale|sas|sarl|company|firm|agency|organi[sz]ation|consultancy|cooperative)s?"
)
_BODY = re.compile(
    r"(?:ministere|(?:sous-)?direction|mission|delegation|secretariat|conseil|caisse|office|syndicat|communaute|chambre|observatoire"
    r"|universite|institut|departement|region|ville|mairie|commune|metropole|prefecture|rectorat|academie|federation|union"
    r"|laboratoire|ecole|centre|pole|incubateur|service)s?"
)
"""Public bodies are named by what they are: "la direction du numérique"; companies are not: "la société Koena"."""
_AGENCY = re.compile(
    r"(?:agence|association|fondation|groupement) (?:(?:inter)?(?:nation|region|departement|minister|metropoli|academi)\w*|d[ue]s?$|d'|francais)"
)
_PERSON = re.compile(r"(?:auditeur|auditrice|experte?|consultante?|auditor)s?")
_IS_KIND = re.compile(_KIND)
_OPENS = re.compile(
    rf"^\W{{0,3}}(?:l' ?|la |le |une? )?(?={_KIND} )|\baudit\b[^.;:]{{0,60}}[,(–-] ?(?:l' ?|la |le )?(?={_KIND} )|\baudit (?:de conformite )?(?:de la|du|de l') ?(?={_KIND} )"
)
_LABEL = re.compile(
    r"(?:^audit(?: (?:externe|rgaa|de conformite|d'accessibilite))?|\b(?:auditeur|auditrice|evaluateur|audite par|auditee par|(?:realise|effectue|mene|conduit)e?s? par|prestataire|audited by|auditor"
    rf"|{_KIND}(?: d'| ayant| qui| en charge| chargee?)[^:.]{{0,40}}\baudit))\W*$"
)
_RAN_IT = re.compile(
    r"(?:^|, )(?:(?:l[ae] |l['’] ?)[a-zé-]{4,15} )?((?:[A-ZÀ-Ý0-9][\w&.'’-]{1,30} ){1,4})"
    r"(?:a|ont|has) (?:réalisé|effectué|mené|conduit|audité|évalué|carried out|conducted|audited)\b"
)
_PRONOUNS = re.compile(r"nous|il|elle|on|cette|cet?|une?|l[ae]s?|notre|we|it|the|this|audit")
_ARTICLES = re.compile(r"l[ae]|les|l'|une?|deux|trois|notre|nos|leurs?|son|sa|the|an?")
_STOPS = re.compile(
    r"a|ai|ont|est|sont|le|les|en|sur|au|aux|dans|avec|pour|qui|que|dont|selon|lors|depuis|entre|durant|pendant|via|puis|soit|suite"
    r"|ayant|ou|afin|et/ou|fait|sous|apres|avant|lequel|laquelle|son|sa|ses|leurs?|nos|notre|base|basee|situee?|mandatee?|missionnee?"
    r"|has|have|found|on|in|from|between|using|with|which|that|was|is"
    r"|(?:revel|montr|indiqu|conclu|attest|etabli|constat|demontr|relev|precis|confirm|estim|reveal|show)\w*|donne|affiche|permet"
    r"|(?:specialis|certifi)\w*|(?:conform|egal|ind?epend|actuel|integr|entier|manuel|rec|prealabl|init)\w*(?:ement|amment|emment)"
    r"|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
)
_NEXT = re.compile(r"dates?|declaration|taux|score|resultats?|referentiel|rgaa|audit|derniere|mise|version")
_JOINTS = re.compile(r"de|du|des|d'|la|l'|et|of|and|&|-")
_UNNAMED = re.compile(r"externes?|exterieure?|tiers|tierce|specialisee?|independante?|privee?|agreee?|certifiee?")
_NOT_NAMES = re.compile(
    r"(?:equipes?|nous|ailleurs|exemple|personnes?|internet|services?(?! d)|non|oui|aucune?|interne|externe|en cours|rgaa|wcag|rapport|accessibilite|conforme)\b"
)
_IS_TIME = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|(?:19|20)\d\d")
_TOKEN = re.compile(r"\([^()]{1,60}\)|[^\s()]+")
_GLUED = re.compile(r"\b([ldLD]['’]) ?(?=\w)")
_APART = re.compile(r"\b([ldLD]['’]) ")
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
    text = passage.text
    is_audit = Part.RESULTS in passage.path or bool(_AUDIT.search(f"{passage.lead} {passage.words}"))
    is_ours = _OURSELVES.search(passage.words) is not None
    places = [start for start in _places(text, passage) if is_audit]
    starts = (one for one in places if not any(said.search(_before(text, one)) for said in (_TO_COME, _OLD)))
    named = next((name for start in starts if (name := _name(text[start : start + _NEAR], is_ours=is_ours))), None)
    ran = _RAN_IT.search(text) if is_audit and not (named or is_ours) else None
    if ran and not any(_PRONOUNS.fullmatch(word) for word in fold(ran[1]).replace("'", " ").split()):
        return ran[1].strip()
    return named


def _places(text: str, passage: Passage) -> Iterator[int]:
    """Where a name may begin: after "par", at "la société", in a line of its own under its label."""
    yield from (found.end() for found in _BY.finditer(text) if not _NOT_THE_AUDIT.search(_before(text, found.start())))
    opening = _OPENS.search(passage.words)
    if opening and len(passage.words) == len(text.strip()):
        yield opening.end()
    if _LABEL.search(passage.lead) and passage.element.name != "th":
        yield 0
    label = _LABEL.search(fold(text.partition(":")[0]))
    if label and ":" in text:
        yield text.index(":") + 1


def _before(text: str, place: int) -> str:
    return fold(text[max(0, place - _NEAR) : place])


def _name(text: str, *, is_ours: bool) -> str | None:
    """The name that begins a text; where the audit is said to be ours, only that of a company."""
    tokens = _without_article(_TOKEN.findall(_GLUED.sub(r"\1 ", text)))
    if not tokens or _NOT_NAMES.match(fold(" ".join(tokens[:2]))):
        return None
    is_kind = _is_kind(tokens, is_ours=is_ours)
    if is_kind:
        tokens = _after_kind(tokens[1:])
    if not tokens or not (is_kind or (_is_proper(tokens[0]) and not is_ours) or _is_body(tokens, is_ours=is_ours)):
        return None
    name = _APART.sub(r"\1", " ".join(_taken(tokens))).strip(f" {_MARKS}-–—")
    return name if len(name) > 1 and any(char.isalpha() for char in name) else None


def _without_article(tokens: list[str]) -> list[str]:
    """An article is none of the name: "la société Koena", "Le GIP Accès"; unless it is: "La Poste"."""
    while tokens and (_ARTICLES.fullmatch(fold(tokens[0])) or not tokens[0].strip(_MARKS)):
        if tokens[0][0].isupper() and len(tokens) > 1 and _is_proper(tokens[1]) and not tokens[1].isupper():
            break
        tokens = tokens[1:]
    return tokens


def _is_kind(tokens: list[str], *, is_ours: bool) -> bool:
    """Whether a name is announced by what it is the name of; "Agence nationale de…" is the name itself."""
    first = fold(tokens[0].strip(_MARKS))
    if _PERSON.fullmatch(first):
        return not is_ours
    is_whole = tokens[0][0].isupper() and _AGENCY.match(fold(" ".join(tokens[:2])))
    return bool(_IS_KIND.fullmatch(first)) and not is_whole


def _is_body(tokens: list[str], *, is_ours: bool) -> bool:
    return not is_ours and len(tokens) > 1 and _BODY.fullmatch(fold(tokens[0])) is not None


def _after_kind(tokens: list[str]) -> list[str]:
    """Past what is said of a company before its name: "spécialisée en accessibilité numérique"."""
    for rank, token in enumerate(tokens[:_LONGEST]):
        if _is_proper(token):
            return tokens[rank:]
        if token[-1] in _MARKS and rank:
            break
    first = fold(tokens[0].strip(_MARKS)) if tokens else ""
    is_alone = first and (len(tokens) == 1 or tokens[0][-1] in _MARKS or _STOPS.fullmatch(fold(tokens[1])))
    is_name = is_alone and not any(words.fullmatch(first) for words in (_UNNAMED, _STOPS, _JOINTS))
    return tokens[:1] if is_name else []


def _is_proper(token: str) -> bool:
    """A capital, or the name of a host: beta.gouv.fr."""
    bare = token.strip(_MARKS)
    return bool(bare) and (
        bare[0].isupper()
        or (bare[0].isdigit() and not bare[:2].isdigit())
        or re.fullmatch(r"\w[\w-]*\.\w[\w.-]+", bare) is not None
    )


def _ends(token: str, bare: str, kept: list[str]) -> bool:
    """Whether a word is none of the name: a verb, a day, the label of the next line. A capital keeps "Tous En Ligne" whole."""
    if kept and (_NEXT.fullmatch(bare) or (bare.isdigit() and _JOINTS.fullmatch(fold(kept[-1])))):
        return True
    is_name = _is_proper(token) and bare != "a" and (kept or _ARTICLES.fullmatch(bare))
    return _STOPS.fullmatch(bare) is not None and not is_name


def _taken(tokens: list[str]) -> Iterator[str]:
    kept: list[str] = []
    for token in tokens[:_LONGEST]:
        if token.startswith("("):
            kept += [] if _IS_TIME.search(token) else [token]
            break
        bare = fold(token.strip(_MARKS))
        if not bare or _IS_TIME.fullmatch(bare) or _ends(token, bare, kept):
            break
        kept.append(token.rstrip(",:;"))
        if token[-1] in ",:;" or (token[-1] == "." and len(bare) > 1 and "." not in bare):
            break
    while kept and _JOINTS.fullmatch(fold(kept[-1])):
        kept.pop()
    return iter(kept)
