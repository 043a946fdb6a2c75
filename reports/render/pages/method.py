"""How the site measures, how well, and what it does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.figures.accuracy import RuleAccuracy, accuracy
from reports.language import Spoken
from reports.render.pages.writer import File, Writer

MISTAKES: Mapping[str, str] = Spoken(
    {
        "declarations": "Pages d’erreur déguisées et murs pris pour une déclaration d’accessibilité",
        "publications": "Pages d’erreur, de connexion ou d’attente prises pour des statistiques ou un budget",
        "legal-pages": "Pages d’erreur ou de connexion prises pour des mentions légales ou un document semblable",
        "unseen": "Pages injoignables, refusées ou non affichées tenues pour un manquement",
    }
)
"""Those that must never be made; others are shown by their id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table of accuracy, each cell a part and its whole."""

    rule: str
    counted: RuleAccuracy

    @property
    def shares(self) -> tuple[tuple[int, int], ...]:
        passed, failed = self.counted.passed, self.counted.failed
        return (
            (self.counted.agreed, self.counted.services),
            (passed.right, passed.given),
            (passed.right, passed.expected),
            (failed.right, failed.given),
            (failed.right, failed.expected),
        )


def pages(writer: Writer) -> Iterator[File]:
    measured = accuracy()
    known = writer.report.rules
    rows = [Row(rule=rule, counted=counted) for rule, counted in measured.rules.items() if rule in known]
    unmeasured = [rule for rule in known.values() if rule.id not in measured.rules]
    yield writer.page(
        "methode.html",
        "method.html",
        measured=measured,
        rows=rows,
        unmeasured=unmeasured,
        mistakes=[(MISTAKES.get(name, name), one) for name, one in measured.mistakes.items()],
    )
