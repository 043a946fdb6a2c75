from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.parse.observatory.cookies import cookies_test
from checks.parse.observatory.csp import csp_test
from checks.parse.observatory.headers import (
    content_type_options_test,
    embedder_policy_test,
    frame_options_test,
    opener_policy_test,
    referrer_test,
    resource_policy_test,
    sharing_test,
)
from checks.parse.observatory.markup import markup_of
from checks.parse.observatory.preload import Preload
from checks.parse.observatory.results import BONUS_FROM, RESULTS, Criterion, Result, grade
from checks.parse.observatory.scan import Scan
from checks.parse.observatory.scripts import sri_test
from checks.parse.observatory.transport import hsts_test, redirection_test

_GRADED = {401, 403}


@dataclass(frozen=True, slots=True)
class Score:
    """A graded scan: the points, which may be over 100, and the result of each of the twelve tests."""

    score: int
    results: Mapping[Criterion, str]

    @property
    def grade(self) -> str:
        return grade(self.score)

    def tests(self) -> dict[str, dict[str, Any]]:
        """The results as the Observatory gives them: ``{test: {result, pass, scoreModifier}}``."""
        return {str(test): _said(result, RESULTS[test][result]) for test, result in self.results.items()}


def _said(code: str, result: Result) -> dict[str, Any]:
    return {"result": code, "pass": result.is_passed, "scoreModifier": result.modifier}


def is_graded(status: int) -> bool:
    """Whether the Observatory gives a grade to a page that answers so."""
    return 200 <= status < 400 or status in _GRADED  # noqa: PLR2004 - 2xx and 3xx


def score(scan: Scan, preload: Preload) -> Score:
    """Never raises, whatever the headers and the page. The status is the caller's business (:func:`is_graded`)."""
    results = _results(scan, preload)
    modifiers = [RESULTS[test][result].modifier for test, result in results.items()]
    points = 100 + sum(modifier for modifier in modifiers if modifier < 0)
    if points >= BONUS_FROM:
        points = 100 + sum(modifiers)
    return Score(max(points, 0), results)


def _results(scan: Scan, preload: Preload) -> dict[Criterion, str]:
    markup = markup_of(scan)
    csp = csp_test(scan, markup.policies)
    hsts = hsts_test(scan, preload)
    return {
        Criterion.CSP: csp.result,
        Criterion.COOKIES: cookies_test(scan, is_protected=RESULTS[Criterion.HSTS][hsts].is_passed),
        Criterion.COEP: embedder_policy_test(scan),
        Criterion.COOP: opener_policy_test(scan),
        Criterion.CORS: sharing_test(scan.preflight, scan.origin),
        Criterion.REDIRECTION: redirection_test(scan, preload),
        Criterion.REFERRER: referrer_test(scan, markup.referrer),
        Criterion.HSTS: hsts,
        Criterion.SRI: sri_test(scan, markup.scripts),
        Criterion.XCTO: content_type_options_test(scan),
        Criterion.XFO: frame_options_test(scan, frames=csp.frames),
        Criterion.CORP: resource_policy_test(scan),
    }
