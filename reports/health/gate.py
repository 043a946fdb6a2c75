"""Whether a run may be published: it saw what it had to see, as well as the run before, at the right time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

COMPLETE = 0.99
"""Share of the visits owed that must be whole, and of services that no fault of ours may have left without a verdict."""

SILENT, FEW_SILENT = 0.25, 5
"""Share of services of which the network hid most, and the number from which that says more of our network than of theirs."""

FLIPS, FEW_PAIRS = 0.10, 50
RULE_FLIPS, FEW_PAIRS_OF_RULE = 0.25, 20
"""Shares of verdicts, over all rules and of one, that may be the contrary of the run before, and the numbers of verdicts
from which a share says something."""

FALLS = 0.25
"""Share of the services that passed a rule in the run before, from :data:`FEW_PAIRS_OF_RULE` on, that may fail it now: where
few pass, a rule that sees nothing any more flips few verdicts. Nothing as severe is asked of rises, which campaigns bring.
"""

SHRINKAGE = 0.10
"""Share of its entries that a registry may lose from one run to the next (FIGURES: "no registry shrunk by more than a tenth")."""

SKEW, FEW_CLOCKS = 600.0, 3
"""Seconds by which our clock may differ from that of the sites (their median), and how many sites tell the time."""


_NOTHING: Mapping[str, Any] = {}


@dataclass(slots=True, kw_only=True)
class Measures:
    """What is known of the health of a run once it is judged.

    ``owed`` and ``whole`` count visits, ``services`` those to which some rule applies and ``silent`` those of which the
    network hid most. ``flipped`` and ``compared`` count by rule the verdicts that the run before decided too, ``fallen`` and
    ``passed`` those of them that passed then. ``entries`` and ``entries_before`` are those of the registry. ``skew`` is in
    seconds, positive where the sites are ahead. ``canaries`` says which were not as expected. ``is_clock_back``: captures
    are older than the run.
    """

    owed: int = 0
    whole: int = 0
    crashes: int = 0
    services: int = 0
    silent: int = 0
    before: str | None = None
    flipped: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    fallen: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    entries_before: int | None = None
    skew: float | None = None
    clocks: int = 0
    is_clock_back: bool = False
    canaries: tuple[str, ...] = ()
    canary_count: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "visits": {"owed": self.owed, "whole": self.whole},
            "crashes": self.crashes,
            "services": {"judged": self.services, "silent": self.silent},
            "before": self.before,
            "flips": {
                rule: {
                    "flipped": self.flipped[rule],
                    "compared": count,
                    "fallen": self.fallen[rule],
                    "passed": self.passed[rule],
                }
                for rule, count in self.compared.items()
            },
            "registry": {"entries": self.entries, "before": self.entries_before},
            "clock": {"skew": self.skew, "sites": self.clocks},
            "canaries": {"seen": self.canary_count, "wrong": len(self.canaries)},
        }


def health(measures: Measures, accepted: str | None = None, before: Mapping[str, Any] = _NOTHING) -> Mapping[str, Any]:
    """What ``run.json`` says under ``health``: ``is_healthy``, the ``reasons`` why not (French), the ``measures``.

    A person may have looked, and publish the figures in spite of the reasons: ``accepted`` says why. What ``before`` (the
    same, of an earlier judgement) accepted holds as long as the reasons are the same.
    """
    reasons = [
        *_completeness(measures),
        *_canaries(measures),
        *_silence(measures),
        *_flips(measures),
        *_registry(measures),
        *_clock(measures),
    ]
    if accepted is None and before.get("reasons") == reasons:
        accepted = before.get("accepted")
    accepted = accepted if reasons else None
    return {
        "is_healthy": not reasons or accepted is not None,
        "reasons": reasons,
        "accepted": accepted,
        "measures": measures.to_json(),
    }


def _completeness(seen: Measures) -> Iterator[str]:
    if seen.whole < COMPLETE * seen.owed:
        yield f"visites menées à bien : {seen.whole} sur {seen.owed} seulement"
    if seen.crashes > (1 - COMPLETE) * seen.services:
        yield f"nos règles ont échoué {seen.crashes} fois sur {seen.services} services"


def _canaries(seen: Measures) -> Iterator[str]:
    yield from (f"site témoin : {one}" for one in seen.canaries)


def _silence(seen: Measures) -> Iterator[str]:
    if seen.services and seen.silent == seen.services:
        yield "aucun service n'a répondu"
    elif seen.silent >= FEW_SILENT and seen.silent > SILENT * seen.services:
        yield f"{seen.silent} services sur {seen.services} n'ont pas répondu : notre réseau est en cause, plutôt qu'eux"


def _flips(seen: Measures) -> Iterator[str]:
    flipped, compared = seen.flipped.total(), seen.compared.total()
    if compared >= FEW_PAIRS and flipped > FLIPS * compared:
        yield f"{flipped} verdicts sur {compared} sont le contraire de ceux de l'audit {seen.before}"
    for rule, count in seen.compared.items():
        if count >= FEW_PAIRS_OF_RULE and seen.flipped[rule] > RULE_FLIPS * count:
            yield f"{rule} : {seen.flipped[rule]} verdicts sur {count} sont le contraire de ceux de l'audit {seen.before}"
        elif seen.passed[rule] >= FEW_PAIRS_OF_RULE and seen.fallen[rule] > FALLS * seen.passed[rule]:
            lost = f"{seen.fallen[rule]} services sur {seen.passed[rule]}"
            yield f"{rule} : {lost} qui la respectaient à l'audit {seen.before} ne la respectent plus"


def _registry(seen: Measures) -> Iterator[str]:
    if seen.entries_before and seen.entries < (1 - SHRINKAGE) * seen.entries_before:
        yield f"le registre n'a plus que {seen.entries} fiches, contre {seen.entries_before} à l'audit {seen.before}"


def _clock(seen: Measures) -> Iterator[str]:
    if seen.skew is not None and seen.clocks >= FEW_CLOCKS and abs(seen.skew) > SKEW:
        late = "retarde" if seen.skew > 0 else "avance"
        yield f"l'horloge de cette machine {late} de {abs(seen.skew) / 60:.0f} minutes sur celle des sites"
    if seen.is_clock_back:
        yield "l'horloge de cette machine a reculé pendant l'audit : des captures sont antérieures à son début"
