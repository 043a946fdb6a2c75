"""What changed between two judgements, with what each cause did: for the verbs that tell of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from checks.catalogue import BY_ID
from checks.judge import Crash
from checks.model.judgement import Judgement, ServiceVerdicts, shelved
from checks.model.rule import Status
from checks.model.service import PhaseGroup
from reports.cli.console import progress, say
from reports.cli.retrial import Retrial
from reports.cli.spool import Spool
from reports.figures.changes import Entry, Terms, changes, steps
from reports.figures.comparison import Comparison, Counts
from reports.figures.moves import Moves

Pair = tuple[Entry | None, Entry | None]


@contextmanager
def compared(before: Judgement, after: Judgement) -> Iterator[tuple[Comparison, tuple[Crash, ...]]]:
    """The comparison, as long as it is read, and the faults of ours met while judging again. Nothing is written."""
    terms = _terms(before, after)
    retrial = Retrial(before.folder, terms)
    counts = Counts()
    moves = Moves(before.rules, after.rules)
    with Spool() as spool:
        for entries in _pairs(before, after):
            _add(*entries, terms, retrial, counts, moves, spool)
        counts.retried = retrial.count
        found = Comparison(old=before, new=after, terms=terms, moves=moves.moves(), counts=counts, changes=spool.of)
        yield found, tuple(retrial.crashes)


def todays_versions() -> Mapping[str, int]:
    """Of the rules by which captures can be judged again."""
    return {rule.id: rule.version for rule in BY_ID.values() if rule.status is not Status.RETIRED}


def choice_of(state: Mapping[str, Any]) -> tuple[Any, ...]:
    """Which services of its registry a run was asked for; two runs of other choices say nothing of who came or left."""
    settings = state.get("settings") or {}
    return (tuple(settings.get("only") or ()), *(settings.get(name) for name in ("incubator", "phase", "limit")))


def say_crashes(crashes: tuple[Crash, ...]) -> None:
    for crash in crashes:
        say(
            f"La règle {crash.rule} a échoué par notre faute sur {crash.service} : ce changement est sans cause connue."
        )


def _terms(before: Judgement, after: Judgement) -> Terms:
    return Terms(
        before=before.versions,
        after=after.versions,
        today=todays_versions(),
        is_same_gathering=before.is_same_gathering(after),
    )


def _pairs(before: Judgement, after: Judgement) -> Iterator[Pair]:
    """Each service once: in the order of the later registry, then those that only the earlier one lists."""
    old_group, new_group = before.folder.grouping(), after.folder.grouping()

    def old_entry(judged: ServiceVerdicts | None) -> Entry | None:
        return _entry(judged, old_group(judged[0])) if judged else None

    met: set[str] = set()
    with shelved(before) as shelf, progress("Comparaison", _count(after)) as advance:
        for judged in after.services():
            met.add(judged[0].id)
            yield old_entry(shelf.take(judged[0].id)), _entry(judged, new_group(judged[0]))
            advance()
        for service in before.folder.read_services():
            if service.id not in met:
                yield old_entry(shelf.take(service.id)), None


def _entry(judged: ServiceVerdicts, group: PhaseGroup) -> Entry:
    service, verdicts = judged
    return Entry(service=service, group=group, verdicts={verdict.rule: verdict for verdict in verdicts})


def _count(judgement: Judgement) -> int:
    return int((judgement.folder.state.get("counts") or {}).get("services") or 1)


def _add(
    old: Entry | None, new: Entry | None, terms: Terms, retrial: Retrial, counts: Counts, moves: Moves, spool: Spool
) -> None:
    known = new or old
    assert known is not None  # noqa: S101 - one of the two lists it
    counts.both += bool(old and new)
    counts.entered += old is None
    counts.left += new is None
    retried = retrial.of(old, new)
    taken = {rule: steps(rule, old, new, terms, retried) for rule in terms.rules}
    moves.add(old, new, taken)
    for rule, one in taken.items():
        for change in changes(known.service, rule, one):
            counts.add(change)
            spool.add(change)
