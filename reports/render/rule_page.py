"""The docstring of a rule, read as the public page that it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from inspect import cleandoc

from checks.model.french import fold
from checks.model.rule import OBSTACLE_MESSAGES, SITE_WARNINGS, Rule
from reports.language import N_, _

_HEADING = re.compile(r"^(\S.*)\n-{3,}[ \t]*$", re.MULTILINE)
_BULLET = re.compile(r"^\s*- ", re.MULTILINE)
_MARKED = re.compile(r"`+([^`]+)`+|(https?://[^\s<>«»`]*[^\s<>«»`.,;:!?)\]])")


LOOK, MEND = N_("Ce que nous regardons"), N_("Comment corriger")
"""The headings of the sections that a scorecard repeats beside a failure."""

Sections = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of a line: ``code``, a ``link`` (its own address), or plain ``text``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph (one item) or a list."""

    is_list: bool
    items: tuple[tuple[Span, ...], ...]


def rule_sections(page: str) -> Sections:
    """The title sentence, and each section as (heading, text); words before the first heading have an empty one."""
    opening, *rest = _HEADING.split(cleandoc(page))
    title, _, before = opening.strip().partition("\n\n")
    pairs = [("", before), *zip(rest[::2], rest[1::2], strict=True)]
    return " ".join(title.split()), tuple((heading.strip(), text.strip()) for heading, text in pairs if text.strip())


def spoken_rule(rule: Rule) -> Rule:
    """The rule in the language spoken; its own reasons and warnings, and those common to all."""
    return replace(
        rule,
        title=_(rule.title),
        messages={reason: _(text) for reason, text in {**OBSTACLE_MESSAGES, **rule.messages}.items()},
        warnings={name: _(text) for name, text in {**SITE_WARNINGS, **rule.warnings}.items()},
    )


def spoken_sections(page: str) -> Sections:
    title, parts = rule_sections(page)
    return _(title), tuple((_(heading), _(text)) for heading, text in parts)


def blocks(text: str) -> tuple[Block, ...]:
    return tuple(block for paragraph in re.split(r"\n\s*\n", text) for block in _blocks(paragraph))


def _blocks(paragraph: str) -> Iterator[Block]:
    """A list may follow its introduction without a blank line."""
    before, *items = _BULLET.split(paragraph)
    if before.strip():
        yield Block(is_list=False, items=(_spans(before),))
    if items:
        yield Block(is_list=True, items=tuple(_spans(item) for item in items))


def _spans(text: str) -> tuple[Span, ...]:
    text = " ".join(text.split())
    spans, end = [], 0
    for found in _MARKED.finditer(text):
        spans.append(Span(kind="text", text=text[end : found.start()]))
        spans.append(Span(kind="code", text=found[1]) if found[1] else Span(kind="link", text=found[2]))
        end = found.end()
    spans.append(Span(kind="text", text=text[end:]))
    return tuple(span for span in spans if span.text)


def anchor(heading: str) -> str:
    """``comment-corriger`` for « Comment corriger »."""
    return re.sub(r"[^a-z0-9]+", "-", fold(heading)).strip("-")
