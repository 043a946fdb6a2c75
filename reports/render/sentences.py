"""The sentences of the annual report, filled in: text to paste, each with what makes it checkable years later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.figures.figure import FEW, Figure, Share, percent, share_text, undecided_text
from reports.language import _, many
from reports.render import words
from reports.render.foreign import cut
from reports.render.report import Report
from reports.render.wordings import WORDINGS

SHOWN = 20
"""Characters of a digest in a sentence: enough to tell two of them apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A figure as it is pasted: the ``text``, then the ``proof``, sentence by sentence."""

    figure: Figure
    text: str
    proof: tuple[str, ...]


def sentences(report: Report) -> tuple[Sentence, ...]:
    """Those of the audit, then those of the registry alone."""
    registered = [figure for figure in report.registry_figures if figure.by in {"", "year"}]
    about = [*((figure, True) for figure in report.figures), *((figure, False) for figure in registered)]
    source = provenance(report)
    return tuple(
        Sentence(
            figure=figure,
            text=words.spaced(f"{said(figure)}."),
            proof=(*_proof(figure, is_audited=is_audited), source),
        )
        for figure, is_audited in about
    )


def said(figure: Figure) -> str:
    """The figure in words.

    A percentage is given of ten services judged or more, with its bounds, which are pasted with it; 0 % and 100 % only where
    all were judged. A fraction is of those that were judged: how many were not goes with it, or they would be taken for all
    there are.
    """
    share, wording = figure.share, WORDINGS.get(figure.id)
    if share and share.value is None:
        return _("{label} : n/d, aucun service n'a pu être jugé").format(label=figure.label)
    if wording is None:
        return _("{label} : {number}").format(label=figure.label, number=_number(figure))
    if share and wording.share and _is_told_by_percent(share):
        return _(wording.share).format(value=share_text(share))
    form = many(wording.one, wording.several, figure.numerator)
    text = _(form).format_map(_Numbers(_numbers(figure)))
    return f"{text} ({undecided_text(share.undecided)})" if share and wording.share and share.undecided else text


def provenance(report: Report) -> str:
    """Run, day, registry, rules, corrections and program; with a warning where the run is not sound."""
    run = report.run
    parts = [
        _("Audit {run} du {day}").format(run=cut(run.id), day=words.day(run.started_at)),
        _("situation au {day}").format(day=words.day(run.as_of)),
        _("registre {digest}").format(digest=cut(run.registry_digest, SHOWN)),
        _("règles {digest}").format(digest=cut(run.ruleset, SHOWN)),
    ]
    if report.overrides_digest:
        parts.append(_("corrections {digest}").format(digest=cut(report.overrides_digest, SHOWN)))
    if report.version:
        parts.append(_("Toise {version}").format(version=cut(report.version, SHOWN)))
    return f"{', '.join(parts)}.{_warning(report)}"


def _warning(report: Report) -> str:
    if report.problems is not None:
        return " " + _("Cet audit n'est pas sain : ce chiffre n'est pas à publier.")
    if report.run.acceptance:
        why = _("Cet audit a été accepté malgré ses contrôles de santé : {reason}")
        return " " + why.format(reason=cut(report.run.acceptance, 500))
    return ""


def _is_told_by_percent(share: Share) -> bool:
    """Of those judged, not of all: with two judged of a hundred, « 50 % » would say what nobody knows."""
    is_extreme = share.passed in {0, share.decided}
    return share.decided >= FEW and not (is_extreme and share.undecided)


def _number(figure: Figure) -> str:
    share = figure.share
    if share is None:
        return str(figure.numerator)
    if _is_told_by_percent(share):
        return share_text(share)
    text = _("{passed} sur {decided}").format(passed=share.passed, decided=share.decided)
    return f"{text} ({undecided_text(share.undecided)})" if share.undecided else text


def _numbers(figure: Figure) -> Mapping[str, object]:
    details = figure.details or {}
    about: dict[str, object] = {key.replace("-", "_"): value for key, value in details.items()}
    if figure.by == "year":
        about |= {"group": figure.group, "after": int(figure.group) + 1}
    return about | {"passed": figure.numerator, "decided": figure.denominator, "count": figure.numerator}


class _Numbers(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return _("n/d")


def _proof(figure: Figure, *, is_audited: bool) -> Iterator[str]:
    """How the number is made, and what it would be without corrections; then among which services, and by which rule."""
    if figure.share:
        yield _counts(figure, figure.share, is_audited=is_audited)
    if figure.without and figure.without.share:
        counts = _counts(figure, figure.without.share, is_audited=is_audited)
        without = words.without(figure.corrections)
        yield words.spaced(_("{without} : {counts}").format(without=without, counts=counts))
    yield words.spaced(_("Parmi : {population}.").format(population=figure.population))
    yield words.spaced(_("Définition : {definition}").format(definition=figure.definition))


def _counts(figure: Figure, share: Share, *, is_audited: bool) -> str:
    """``170 sur 236 jugés, soit 71 %, et 12 indéterminés, selon lesquels la part est entre 68 % et 73 %.``"""
    judged = many("{passed} sur {decided} jugé", "{passed} sur {decided} jugés", share.decided)
    counts = judged if is_audited else _("{passed} sur {decided}")
    parts = [counts.format(passed=share.passed, decided=share.decided)]
    if share.value is not None and _is_told_by_percent(share):
        parts.append(_("soit {value}").format(value=percent(share.value)))
    if is_audited:
        parts.append(_undecided(share, _bounds(figure, share)))
    return " ".join((f"{', '.join(parts)}.", *_beside(share)))


def _undecided(share: Share, bounds: str) -> str:
    if not share.undecided:
        return _("aucun indéterminé")
    text = many(
        "et {number} indéterminé, selon lequel {bounds}",
        "et {number} indéterminés, selon lesquels {bounds}",
        share.undecided,
    )
    return text.format(number=share.undecided, bounds=bounds)


def _bounds(figure: Figure, share: Share) -> str:
    """What the number said would be if all the undecided failed, and if all passed: a number of services, or a share."""
    wording = WORDINGS.get(figure.id)
    if wording and not wording.share:
        text = _("ce nombre est entre {low} et {high}")
        return text.format(low=share.passed, high=share.passed + share.undecided)
    if share.n < FEW:
        text = _("la part est entre {low} et {high} sur {n}")
        return text.format(low=share.passed, high=share.passed + share.undecided, n=share.n)
    return _("la part est entre {low} et {high}").format(low=percent(share.low or 0), high=percent(share.high or 0))


def _beside(share: Share) -> Iterator[str]:
    """What is no part of the share."""
    parts = []
    if share.inapplicable:
        parts.append(_("{number} sans objet").format(number=share.inapplicable))
    if share.untested:
        text = many("{number} non testé", "{number} non testés", share.untested)
        parts.append(text.format(number=share.untested))
    if parts:
        yield words.spaced(_("Comptés à part : {parts}.").format(parts=", ".join(parts)))
