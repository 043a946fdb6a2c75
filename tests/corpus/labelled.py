"""The labelled corpus: each folder of ``tests/services`` is a small site and the verdicts that a careful reader gives it.

``service.json`` says what each address answers, and what is expected; ``docs/accuracy.md`` says how it was made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from checks.model.service import Service

SERVICES = Path(__file__).parent.parent / "services"
ACCESSIBILITY = (
    "accessibility-mention",
    "accessibility-declaration",
    "accessibility-declaration-model",
    "accessibility-declaration-validity",
    "accessibility-declaration-consistency",
    "accessibility-schema",
    "accessibility-plan",
)
TRANSPARENCY = ("statistics-page", "budget-page", "budget-freshness", "source-code", "source-licence")
LEGAL = ("legal-notice", "privacy-policy", "terms-of-use")
THEMES = (ACCESSIBILITY, TRANSPARENCY, LEGAL)
"""A service is labelled for every rule of one theme at least."""

Said = str | Mapping[str, Any]
"""What an address answers, or a browser shows: a file, or a mapping with ``page``, ``to`` or ``failure``."""

_KEYS = {"url", "name", "as_of", "registry", "answers", "otherwise", "rendered", "expected"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What one rule should say. ``value`` and ``facts`` are compared where they are given, key by key."""

    outcome: str
    reason: str
    value: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One service of the corpus. ``answers`` and ``rendered`` are by address, as ``service.json`` writes it."""

    slug: str
    folder: Path
    service: Service
    as_of: date
    answers: Mapping[str, Said]
    otherwise: Said | None
    rendered: Mapping[str, Said]
    labels: Mapping[str, Label]

    def files(self) -> Iterator[str]:
        """The pages that answers name."""
        for said in (*self.answers.values(), *self.rendered.values(), self.otherwise):
            if isinstance(said, str):
                yield said
            elif said and "page" in said:
                yield said["page"]


def read(folder: Path) -> Labelled:
    said = json.loads((folder / "service.json").read_text("utf-8"))
    if unknown := set(said) - _KEYS:
        raise ValueError(f"{folder.name}/service.json: {unknown} means nothing")
    return Labelled(
        slug=folder.name,
        folder=folder,
        service=Service(
            id=folder.name, name=said["name"], urls=(said["url"],) if said["url"] else (), **said.get("registry", {})
        ),
        as_of=date.fromisoformat(said["as_of"]),
        answers=said["answers"],
        otherwise=said.get("otherwise"),
        rendered=said.get("rendered", {}),
        labels={rule: Label(**label) for rule, label in said["expected"].items()},
    )


def corpus() -> tuple[Labelled, ...]:
    return tuple(read(path.parent) for path in sorted(SERVICES.glob("*/service.json")))
