"""A badge for each rule of each service: what the rule is called and what counts of its outcome, to be shown elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape

from checks.model.outcome import Outcome
from checks.model.rule import Rule, Status
from reports.language import _, spoken
from reports.render.directory import Listing
from reports.render.words import OUTCOMES, SYMBOLS
from reports.render.written import Repeated

COLOURS: Mapping[Outcome, str] = {
    Outcome.PASSED: "#18753c",
    Outcome.FAILED: "#c9191e",
    Outcome.CANT_TELL: "#805500",
    Outcome.INAPPLICABLE: "#5a5f66",
    Outcome.UNTESTED: "#5a5f66",
}
"""Under the outcome, which is also written and has a sign; white on each of them has a contrast of 5.5 at least."""

_MARGIN = 7
_WIDTHS = {
    **dict.fromkeys(" ',.IJijlîï’·\N{NO-BREAK SPACE}", 3.4),
    **dict.fromkeys("!()-/:;[\\]ft|", 4.1),
    **dict.fromkeys('"r', 4.8),
    **dict.fromkeys("*?FL_`ckszç–", 6),
    **dict.fromkeys("ABCDHNRUVXZÀÇ", 7.8),
    **dict.fromkeys("#&+<=>GMOQ^w~✓✗", 9),
    **dict.fromkeys("%@Wmœ…", 10.8),
}
"""Of the characters of DejaVu Sans at 11 pixels, which Verdana is drawn like; the text is then held to the sum."""
_WIDTH = 6.9

# An edge and a ground of its own: the badge reads the same on a light page and on a dark one.
_SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" viewBox="0 0 {whole} 20" role="img" \
aria-label="{label}" xml:lang="{language}">
<title>{label}</title>
<rect width="{whole}" height="20" rx="3" fill="#2b2f36"/>
<path d="M{left} 0h{bend}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{bend}z" fill="{colour}"/>
<rect x=".5" y=".5" width="{inner}" height="19" rx="2.5" fill="none" stroke="#868686"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" aria-hidden="true">
<text x="{margin}" y="14" textLength="{title_width}">{title}</text>
<text x="{start}" y="14" textLength="{outcome_width}">{outcome}</text>
</g>
</svg>
"""


def badge(title: str, outcome: Outcome) -> Repeated:
    """The SVG: the title of a rule, which is ours, and the outcome; nothing in it was written by others."""
    return _drawn(title, OUTCOMES[outcome], outcome)


@lru_cache(maxsize=512)
def _drawn(title: str, word: str, outcome: Outcome) -> Repeated:
    said = f"{SYMBOLS[outcome]} {word}"
    title_width, outcome_width = _width(title), _width(said)
    left = title_width + 2 * _MARGIN
    whole = left + outcome_width + 2 * _MARGIN
    svg = _SVG.format(
        language=spoken(),
        label=escape(_("{title} : {outcome}").format(title=title, outcome=word)),
        title=escape(title),
        outcome=escape(said),
        colour=COLOURS[outcome],
        margin=_MARGIN,
        start=left + _MARGIN,
        left=left,
        whole=whole,
        inner=whole - 1,
        bend=whole - left - 3,
        title_width=title_width,
        outcome_width=outcome_width,
    )
    return Repeated(svg)


def badge_files(listing: Listing, rules: Mapping[str, Rule], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """``badges/SERVICE/RULE.svg``, of one service; ``names`` are those of the pages of rules."""
    for rule, result in zip(rules.values(), listing.results, strict=True):
        yield f"badges/{listing.page}/{names[rule.id]}.svg", badge(_title(rule), result.outcome)


def embedding(badge_address: str, page_address: str, title: str) -> Mapping[str, str]:
    """What to paste to show a badge that leads to its page, in Markdown and in HTML.

    Both addresses are whole, and percent-encoded as a link wants them: a file name has signs that are encoded once more.
    The alternative text does not say the outcome, which is not that of the day on which this is pasted.
    """
    said = f"Toise, {title}"
    return {
        "Markdown": f"[![{said}]({badge_address})]({page_address})",
        "HTML": f'<a href="{escape(page_address)}"><img src="{escape(badge_address)}" height="20" alt="{escape(said)}"></a>',
    }


def _title(rule: Rule) -> str:
    """A badge is seen far from our pages, which say that the verdict of such a rule counts in no figure."""
    return _("{title} (à l'essai)").format(title=rule.title) if rule.status is Status.EVALUATION else rule.title


def _width(text: str) -> int:
    return round(sum(_WIDTHS.get(sign, _WIDTH) for sign in text))
