"""Whom to write to about a defect of accessibility: the e-mail address and the form of a declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from bs4 import Tag

from checks.model.address import host_of, page_key
from checks.model.french import fold
from checks.parse.declaration.fact import Fact
from checks.parse.declaration.sections import Outline, Part, Parts
from checks.parse.html import Link, Page
from checks.parse.layout import attribute

_EMAIL = re.compile(
    r"(?P<name>[\w.%+-]{1,64}+)(?: ?[\[({<] ?(?:@|at|arobase|arobas|[aà]) ?[\])}>] ?|@| @ | (?:arobase|arobas|at(?= [\w-]{1,63} (?:dot|point) )) )(?P<host>(?:[\w-]{1,63}+(?: ?[\[({<] ?(?:dot|point|\.) ?[\])}>] ?| (?:dot|point) |\.)){1,5}[A-Za-z]{2,24})\b",
    re.IGNORECASE,
)
_DOT = re.compile(r" ?[\[({<] ?(?:dot|point|\.) ?[\])}>] ?| (?:dot|point) ", re.IGNORECASE)
_OF_OTHERS = re.compile(
    r"defenseurdesdroits\.|@arcom\.|@cnil\.|^(?:dpo|dpd|rgpd|gdpr|cil|abuse|presse|noreply|no-reply)\b|donnees[.-]?personnelles|@(?:example|exemple)\."
)
_FORM_NAME = re.compile(
    r"\bcontact\w*|\bformulaires?\b|\bform\b|\becri(?:re|vez)\b|\baide\b|\bassistance\b|\bsupport\b|\bsignal\w+|\bmessage\b|\bjoindre\b|\bdemandes?\b|\bhelp\w*|\bfeedback\b"
    r"|\breclamation\b|\bsaisine\b|\bquestion\b|\bwrite\b|\breport\b|\bticket\b"
)
_FORM_PATH = re.compile(
    r"contact|formulaire|/forms?\b|\baide\b|assistance|support|/help|signal|message|feedback|ticket|framaforms|limesurvey|typeform|tally\.so|sphinx"
)
_FORM_HOST = re.compile(r"(?:contact|aide|support|help|assistance|formulaires?)[.-]", re.IGNORECASE)
_VAGUE = re.compile(
    r"\W{0,4}(?:(?:cliquez )?ici|(?:click )?here|(?:ce|le|via ce) lien|cette page|en ligne|this (?:page|link))\W{0,4}"
)
_NOT_A_FORM = re.compile(
    r"\bschema\b|\bplans?\b|\bdeclaration\b|\btelecharg\w+|\bpdf\b|\brgaa\b|\bdefenseur\b|\bdelegues?\b|\barcom\b|facebook|twitter|linkedin|\bmentions legales\b|\brapport\b"
)
_NOT_THEIR_HOSTS = (
    "defenseurdesdroits.fr",
    "arcom.fr",
    "cnil.fr",
    "accessibilite.numerique.gouv.fr",
    "w3.org",
    "legifrance.gouv.fr",
)
_CUE = re.compile(
    r"\bcontact\w*|\becri(?:re|vez)\b|\bcourriels?\b|\be-?mails?\b|\bmels?\b|\bjoindre\b|\bsignal\w+|\badress\w+|\breport\b|\bwrite\b"
)
_STRONG_CUE = re.compile(
    r"\bsignal\w+|\bsi vous\b|\bdefauts?\b|\bdifficultes?\b|\balternative\b|n'arrivez pas|ne parvenez pas|\bif you\b|\breport\b|\bproblemes?\b|\bremarques?\b"
)
_OF_RECOURSE = re.compile(r"\bdefenseur\w*|\bdelegue|\barcom\b|\bsaisir\b|\breclamation\b|\bdefender\b")
_ASKS = re.compile(
    r"\b(?:contacte[rz]|ecri(?:re|vez)|adresse[rz]|signale[rz]|envoye[rz]|contact us|write to|e-?mail us)\b"
)
"""What asks to write, where the remedies of the law stand: some hands give the address of the service there."""
_ELSEWHERE = {Part.STATE, Part.RESULTS, Part.CONTENT, Part.TECHNOLOGIES, Part.OTHER, Part.DATE}


def email(outline: Outline) -> Fact[str] | None:
    """The address of the section about contact: as text, then as a link; else one that the page gives for that."""
    return next(_addresses(outline), None)


def form(outline: Outline) -> Fact[str] | None:
    """The absolute address of a form, or of the page that carries it."""
    ours = (link for link in outline.page.links if link.url and _is_ours(outline, link.element))
    links = [link for link in ours if _leads_to_form(link, outline)]
    for is_section in (True, False):
        for link in links:
            if _is_for_contact(outline, link.element, link.words, is_section=is_section):
                return Fact(link.url, link.name, link.element)
    return _embedded(outline)


def _addresses(outline: Outline) -> Iterator[Fact[str]]:
    for is_section in (True, False):
        for passage in outline.passages:
            if _is_place(passage.parts, passage.path, f"{passage.lead} {passage.words}", is_section=is_section):
                yield from (Fact(one, passage.text, passage.element) for one in _in_text(passage.text))
        for link in outline.page.links:
            found = list(_in_link(outline.page, link.element))
            if found and _is_for_contact(outline, link.element, "", is_section=is_section):
                yield from (Fact(one, link.name, link.element) for one in found)


def _is_for_contact(outline: Outline, element: Tag, words: str, *, is_section: bool) -> bool:
    if not _is_ours(outline, element):
        return False
    block = outline.page.block_of(element)
    around = fold(outline.page.text_of(block)) if block is not None and not is_section else ""
    parts, path = outline.at(element)
    if path & _ELSEWHERE:  # a list of the pages audited names pages to write to: only the sentence around a link tells
        words, around = "", around.replace(fold(outline.page.text_of(element)), " ", 1)
    return _is_place(parts, path, f"{words} {around}", is_section=is_section)


def _is_ours(outline: Outline, element: Tag) -> bool:
    """Whether an element is none of what all pages of the site share, unless the page has nothing else."""
    return not outline.page.place(element).is_chrome or outline.page.body is outline.page.blocks


def _is_place(parts: Parts, path: Parts, words: str, *, is_section: bool) -> bool:
    """Whether a sentence or a link stands where contacts are given; outside their section, its words must say so."""
    if Part.CONTACT in parts:
        return is_section
    if is_section or Part.FOREIGN in parts or Part.CONTACT in path:
        return False
    if Part.RECOURSE in path:
        return _ASKS.search(words) is not None and not _OF_RECOURSE.search(words)
    cue = _STRONG_CUE if path & _ELSEWHERE else _CUE
    return cue.search(words) is not None


def _in_text(text: str) -> Iterator[str]:
    for found in _EMAIL.finditer(text):
        address = f"{found['name'].lstrip('.-')}@{_DOT.sub('.', found['host'])}"
        if not _OF_OTHERS.search(address.lower()):
            yield address


def _in_link(page: Page, element: Tag) -> Iterator[str]:
    """The addresses of a ``mailto:`` link, or those that Cloudflare hides from robots."""
    href = attribute(element, "href").strip()
    tags = (element, *page.elements.under(element))
    hidden = next((tag for tag in tags if tag.has_attr("data-cfemail")), None)
    if href.lower().startswith("mailto:"):
        yield from _in_text(unquote(href[len("mailto:") :].partition("?")[0]))
    elif hidden:
        yield from _in_text(_decoded(attribute(hidden, "data-cfemail")))
    elif "/cdn-cgi/l/email-protection#" in href:
        yield from _in_text(_decoded(href.partition("#")[2]))


def _decoded(hidden: str) -> str:
    """https://developers.cloudflare.com/waf/tools/scrape-shield/email-address-obfuscation/: each byte xor the first."""
    try:
        key, *coded = bytes.fromhex(hidden)
    except ValueError:
        return ""
    return bytes(one ^ key for one in coded).decode("utf-8", "replace")


def _leads_to_form(link: Link, outline: Outline) -> bool:
    parts = urlsplit(link.url)
    is_named = _FORM_HOST.match(parts.netloc) or _FORM_PATH.search(fold(parts.fragment))  # /#contact
    is_root = parts.path in {"", "/"} and not parts.query and not is_named
    if is_root or page_key(link.url) == page_key(outline.page.capture.url) or "/cdn-cgi/l/email-protection" in link.url:
        return False
    host, block = host_of(link.url), outline.page.block_of(link.element)
    if any(host == name or host.endswith(f".{name}") for name in _NOT_THEIR_HOSTS) or _NOT_A_FORM.search(link.words):
        return False
    words = fold(outline.page.text_of(block)) if block is not None and _VAGUE.fullmatch(link.words) else link.words
    return bool(_FORM_NAME.search(words) or _FORM_PATH.search(fold(f"{parts.netloc}{parts.path}")))


def _embedded(outline: Outline) -> Fact[str] | None:
    """A form in the page itself, with room for a message."""
    for area in outline.page.elements.named("textarea"):
        place = outline.page.place(area)
        if not place.is_hidden and not place.is_chrome and Part.CONTACT in outline.at(area)[0]:
            return Fact(outline.page.capture.url, attribute(area, "name"), area)
    return None
