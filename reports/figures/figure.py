from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from checks.model.outcome import Outcome
from reports.language import _, many

FEW = 10
"""Below this many services a percentage would say more than is known: the fraction is shown instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many services pass, with what is not known.

    ``n`` = passed + failed + undecided. ``value`` = passed / (passed + failed), and its bounds are what the share
    would be if every undecided service failed (``low``) or passed (``high``); each is between 0 and 1.
    ``inapplicable`` and ``untested`` are counted beside ``n``, never in it.
    """

    passed: int = 0
    failed: int = 0
    undecided: int = 0
    inapplicable: int = 0
    untested: int = 0

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Share:
        counts = dict.fromkeys(Outcome, 0)
        for outcome in outcomes:
            counts[outcome] += 1
        return cls(
            passed=counts[Outcome.PASSED],
            failed=counts[Outcome.FAILED],
            undecided=counts[Outcome.CANT_TELL],
            inapplicable=counts[Outcome.INAPPLICABLE],
            untested=counts[Outcome.UNTESTED],
        )

    @property
    def decided(self) -> int:
        return self.passed + self.failed

    @property
    def n(self) -> int:
        return self.decided + self.undecided

    @property
    def value(self) -> float | None:
        return self.passed / self.decided if self.decided else None

    @property
    def low(self) -> float | None:
        return self.passed / self.n if self.n else None

    @property
    def high(self) -> float | None:
        return (self.passed + self.undecided) / self.n if self.n else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A published number: a share of a population, or a plain count (then ``share`` is ``None``).

    ``label`` says in French what is counted, ``population`` among which services, ``definition`` how. ``group`` and
    ``by`` name a part of the population (``by="incubator"``, ``group="dinum"``); empty for the whole of it.
    ``details`` holds JSON values that belong beside the number (dates of events, counts by grade …).
    ``corrections`` is how many overrides change an outcome that is counted here, and ``without`` the same figure without
    any: what the machine found. There is none where nothing was changed.
    """

    id: str
    label: str
    population: str
    definition: str
    share: Share | None = None
    count: int | None = None
    by: str = ""
    group: str = ""
    details: Mapping[str, Any] | None = None
    corrections: int = 0
    without: Figure | None = None

    @property
    def numerator(self) -> int:
        return self.share.passed if self.share else self.count or 0

    @property
    def denominator(self) -> int | None:
        return self.share.decided if self.share else None

    def to_json(self) -> dict[str, Any]:
        """A share always says ``corrections`` and ``without``, so that programs find them where nothing was corrected too."""
        about = {
            "id": self.id,
            "label": self.label,
            "population": self.population,
            "definition": self.definition,
            "by": self.by or None,
            "group": self.group or None,
        }
        if self.share is None:
            return about | self.numbers()
        return about | self.numbers() | {"corrections": self.corrections, "without": (self.without or self).numbers()}

    def numbers(self) -> dict[str, Any]:
        """The figure without the words that say what it is."""
        share = self.share
        line: dict[str, Any] = {"numerator": self.numerator, "denominator": self.denominator}
        if share:
            line |= {
                "share": share.value,
                "low": share.low,
                "high": share.high,
                "n": share.n,
                "failed": share.failed,
                "undecided": share.undecided,
                "inapplicable": share.inapplicable,
                "untested": share.untested,
            }
        line["text"] = self.text
        if self.details is not None:
            line["details"] = dict(self.details)
        return line

    @property
    def text(self) -> str:
        """The number as its reader sees it: ``71 % (68 % à 73 %)``, ``3 sur 5``, ``n/d (0 % à 100 %)``, ``170``."""
        if self.share is None:
            return str(self.numerator)
        return share_text(self.share)


def share_text(share: Share) -> str:
    if share.low is None or share.high is None:
        return _("n/d")
    bounds = _("{low} à {high}").format(low=percent(share.low), high=percent(share.high))
    if share.value is None:
        return f"{_('n/d')} ({bounds})"
    if share.n < FEW:
        said = _("{passed} sur {decided}").format(passed=share.passed, decided=share.decided)
        return f"{said} ({undecided_text(share.undecided)})" if share.undecided else said
    return f"{percent(share.value)} ({bounds})" if share.undecided else percent(share.value)


def undecided_text(count: int) -> str:
    return many("{count} indéterminé", "{count} indéterminés", count).format(count=count)


def percent(value: float) -> str:
    """A whole percentage; 0 % and 100 % are said only when they are exact.

    >>> percent(0.996)
    '99\xa0%'
    """
    whole = 100
    rounded = round(whole * value)
    if 0 < value < 1:
        rounded = min(max(rounded, 1), whole - 1)
    return _("{number}\xa0%").format(number=rounded)
