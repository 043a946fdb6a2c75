from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from checks.model.outcome import Outcome
from reports.render.words import spaced


class Kind(StrEnum):
    """Why a verdict is worth a look, the least certain first: this order is that of the review."""

    UNDECIDED = "undecided"
    UNSETTLED = "unsettled"
    FLIP = "flip"
    CORRECTION = "correction"
    REGISTRY = "registry"
    RULES = "rules"
    MARGIN = "margin"
    UNDECLARED = "undeclared"


ORDER = tuple(Kind)

LABELS: Mapping[Kind, str] = {
    Kind.UNDECIDED: "Indéterminé",
    Kind.UNSETTLED: "Instable d'un audit à l'autre",
    Kind.FLIP: "Changé depuis le dernier audit",
    Kind.CORRECTION: "Correction à revoir",
    Kind.REGISTRY: "Registre non confirmé par le site",
    Kind.RULES: "Verdicts du service qui se contredisent",
    Kind.MARGIN: "Décidé de justesse",
    Kind.UNDECLARED: "Trouvé sur le site, absent du registre",
}

_CONTRARY: Mapping[Outcome, frozenset[Outcome]] = {
    Outcome.PASSED: frozenset({Outcome.FAILED}),
    Outcome.FAILED: frozenset({Outcome.PASSED}),
    Outcome.CANT_TELL: frozenset({Outcome.PASSED, Outcome.FAILED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One reason to look at a verdict, as a French sentence that may quote others.

    ``could_be`` holds the outcomes that looking could put in place of the one that counts; ``None`` is the contrary of the
    machine's, and an empty set says that only something beside the outcome is doubtful. ``address`` is the one to open,
    where it is not that of the evidence. ``is_of_site``: it is the same look for every verdict that has it.
    """

    kind: Kind
    why: str
    could_be: frozenset[Outcome] | None = None
    address: str | None = None
    is_of_site: bool = False

    def alternatives(self, found: Outcome) -> frozenset[Outcome]:
        return _CONTRARY.get(found, frozenset()) if self.could_be is None else self.could_be


def sentence(words: str, **quoted: object) -> str:
    """Our own French, with what it quotes as it is."""
    return spaced(words).format(**quoted)
