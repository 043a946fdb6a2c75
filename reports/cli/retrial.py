"""The captures of an earlier run, judged again for a comparison: nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from checks.catalogue import BY_ID
from checks.judge import Crash, judge_service
from checks.model.capture import Capture
from checks.model.doubt import settled
from checks.model.errors import InputError
from checks.model.run_folder import RunFolder
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from crawler.archive import read_captures
from crawler.discovery.plan import is_visited
from reports.cli.bench import trial_of
from reports.figures.changes import UNTRIED, Entry, Retried, Terms
from reports.figures.entries import elsewhere, is_same_entry, redeclared

Visits = tuple[Sequence[Capture], ...]


class Retrial:
    """Judges what an earlier run saw by the rules of today that the later run was judged by.

    ``crashes`` are the faults of ours met so far, ``count`` the services judged again.
    """

    def __init__(self, folder: RunFolder, terms: Terms) -> None:
        self._folder = folder
        self._terms = terms
        self._trial = trial_of(folder)
        self._captured = {visit: folder.captured(visit) for visit in (1, 2)}
        self._doubts = {doubt.service: doubt.rules for doubt in folder.read_doubts()}
        self._today = frozenset(rule for rule in terms.after if terms.is_of_today(rule))
        self._moved = frozenset(rule for rule in self._today if terms.has_moved(rule))
        self.crashes: list[Crash] = []
        self.count = 0

    def of(self, old: Entry | None, new: Entry | None) -> Retried:
        """What can be told of a service: nothing is judged where nothing but the site can have changed."""
        if old is None or not old.is_judged:
            return UNTRIED
        is_same = new is None or not new.is_judged or is_same_entry(old, new)
        if self._terms.is_same_gathering or (is_same and not self._moved):
            return UNTRIED
        if is_visited(old.service) and old.service.id not in self._captured[1]:
            return Retried(ruled={}, listed={}, is_same_entry=is_same, has_captures=False)
        try:
            visits = self._visits(old.service.id)
        except InputError:  # an archive that cannot be read says no more than one that is gone
            return Retried(ruled={}, listed={}, is_same_entry=is_same, has_captures=False)
        return self._tried(old, None if is_same else new, visits)

    def _tried(self, old: Entry, new: Entry | None, visits: Visits) -> Retried:
        before = len(self.crashes)
        self.count += 1
        ruled = self._judged(old.service, old.group, visits, self._moved)
        if new is None:
            return Retried(ruled=ruled, listed={}, crashed=self._crashed(before))
        apart = elsewhere(old.service, new.service, (one for visit in visits for one in visit), self._terms.after)
        marked = tuple(redeclared(visit, old.service, new.service) for visit in visits)
        listed = self._judged(new.service, new.group, marked, self._today - apart)
        return Retried(ruled=ruled, listed=listed, is_same_entry=False, elsewhere=apart, crashed=self._crashed(before))

    def _visits(self, service: str) -> Visits:
        """What each visit saw; one without any exchange where there was nothing to visit."""
        made = [visit for visit in (1, 2) if service in self._captured[visit]]
        return tuple(read_captures(self._folder.warc(service, visit)) for visit in made) or ((),)

    def _judged(
        self, service: Service, group: PhaseGroup, visits: Visits, names: Collection[str]
    ) -> Mapping[str, Verdict]:
        rules = [BY_ID[name] for name in BY_ID if name in names]
        tried = [judge_service(service, group, captures, self._trial, rules) for captures in visits] if rules else []
        self.crashes += [crash for _, crashes in tried for crash in crashes]
        verdicts = tried[0][0] if tried else ()
        if len(tried) > 1 and service.id in self._doubts:
            verdicts = tuple(settled(verdicts, tried[1][0], self._doubts[service.id]))
        return {verdict.rule: verdict for verdict in verdicts}

    def _crashed(self, before: int) -> frozenset[str]:
        return frozenset(crash.rule for crash in self.crashes[before:])
