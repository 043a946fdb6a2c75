from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checks.model.service import Service
from checks.model.verdict import Verdict
from reports.suggestions.publications import RULES, published
from reports.suggestions.repositories import RULE, source
from reports.suggestions.statuses import status
from reports.suggestions.suggestion import Suggestion


def suggestions(services: Iterable[Service], verdicts: Iterable[Verdict]) -> tuple[Suggestion, ...]:
    """What a registry should change by the verdicts of a run, in the order of its services.

    A value is proposed only where a page or a forge was read and passed; what could not be told changes nothing.
    """
    by_service: dict[str, dict[str, Verdict]] = {}
    for verdict in verdicts:
        by_service.setdefault(verdict.service, {})[verdict.rule] = verdict
    return tuple(one for service in services for one in _of(service, by_service.get(service.id, {})))


def _of(service: Service, verdicts: Mapping[str, Verdict]) -> Iterator[Suggestion]:
    pages = (published(service, verdicts[rule]) for rule in RULES if rule in verdicts)
    code = source(service, verdicts[RULE]) if RULE in verdicts else None
    yield from filter(None, (*pages, code, status(service, verdicts)))
