"""What changed since an earlier run, in the words that notices, feeds and pages share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from checks.model.outcome import Outcome
from checks.model.rule import OBSTACLES, Rule
from reports.figures.news import Origin, Shift, Side
from reports.language import Spoken, _
from reports.render.judged import message
from reports.render.rule_page import MEND, Span, blocks, rule_sections
from reports.render.words import OUTCOMES

ORIGINS: Mapping[Origin, str] = Spoken(
    {
        Origin.RULE: "nos règles ont changé",
        Origin.REGISTRY: "la fiche du registre a changé",
        Origin.SITE: "le site a changé",
        Origin.PERSON: "une correction a été faite ou retirée",
        Origin.UNKNOWN: "cause inconnue",
    }
)
"""Why an outcome is another."""


def because(shift: Shift) -> str:
    """A site that could not be read, then or now, may well be the same."""
    is_unread = Outcome.CANT_TELL in {shift.before.outcome, shift.after.outcome}
    seen = {Origin.SITE: _("le site a changé, ou n'a pas été lu de la même façon")} if is_unread else {}
    return _(", et ").join(seen.get(origin) or ORIGINS[origin] for origin in shift.origins)


def outcome_word(outcome: Outcome | None) -> str:
    return OUTCOMES[outcome].lower() if outcome else _("aucun verdict")


def title_of(rule: str, rules: Mapping[str, Rule]) -> str:
    """Its id, for a rule that is no more."""
    return rules[rule].title if rule in rules else rule


def sentence(side: Side, rule: str, rules: Mapping[str, Rule]) -> str:
    """What a run said: the French sentence of a verdict, or what a person found in its place; it may quote others."""
    if side.override and side.is_corrected:
        return _("Correction de {author} : {reason}").format(author=side.override.author, reason=side.override.reason)
    if not side.reason:
        return ""
    return message(rules[rule], side.reason) if rule in rules else _("Motif « {reason} ».").format(reason=side.reason)


def is_ours(side: Side, rule: str, rules: Mapping[str, Rule]) -> bool:
    """Whether its sentence is our own French alone."""
    return not side.is_corrected and rule in rules and side.reason in {*rules[rule].outcomes, *OBSTACLES}


@cache
def mending(page: str) -> tuple[Span, ...]:
    """How to mend, in a line: the first of the page of a rule, with what it introduces."""
    _, sections = rule_sections(page)
    first, *others = blocks(dict(sections).get(MEND, "")) or (None,)
    if first is None:
        return ()
    follows = others[0].items[0] if others and others[0].is_list and not first.is_list else ()
    space = (Span(kind="text", text=" "),) if follows else ()
    return (*first.items[0], *space, *follows)
