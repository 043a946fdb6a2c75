"""A figure beside the same one of another run."""

from __future__ import annotations

from dataclasses import dataclass

from reports.figures.figure import FEW, Figure
from reports.language import N_, _, spoken
from reports.render.words import NBSP

NEW = N_("nouveau")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A figure, and the same one in the run that this run is compared with, if there is one and it had it."""

    figure: Figure
    is_compared: bool
    before: Figure | None

    @property
    def is_new(self) -> bool:
        return self.is_compared and self.before is None

    @property
    def difference(self) -> int | None:
        return self.figure.numerator - self.before.numerator if self.before else None

    @property
    def points(self) -> float | None:
        """By how many percentage points the share moved, to a tenth."""
        now, before = self.figure.share, self.before and self.before.share
        if not now or not before or now.value is None or before.value is None:
            return None
        return round(100 * (now.value - before.value), 1) + 0.0  # never minus zero

    @property
    def has_percentages(self) -> bool:
        """Neither share is one of those shown as a fraction."""
        both = (self.figure.share, self.before and self.before.share)
        return all(share and share.n >= FEW for share in both)

    @property
    def text(self) -> str:
        if self.difference is None:
            return _(NEW) if self.is_new else ""
        moved = _signed(f"{self.difference:+}")
        if self.points is None or not self.has_percentages:
            return moved
        return f"{moved} ({_signed(f'{self.points:+.1f}')}{NBSP}{'pts' if abs(self.points) >= 2 else 'pt'})"  # noqa: PLR2004

    @property
    def without(self) -> Line | None:
        """What the machine found, beside what it had found then; nothing where no override changes the figure."""
        if not self.figure.without:
            return None
        before = self.before and (self.before.without or self.before)
        return Line(figure=self.figure.without, is_compared=self.is_compared, before=before)


def _signed(number: str) -> str:
    """``−1,3``, in English ``−1.3``: with the minus sign, and no sign on nothing."""
    if not number.strip("+-0."):
        return "0"
    return number.replace("-", "\N{MINUS SIGN}").replace(".", "," if spoken() == "fr" else ".")
