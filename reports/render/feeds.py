"""The feeds of the site: one for each incubator, of what the last runs changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from checks.model.rule import Rule
from reports.figures.news import News, Shift
from reports.figures.since import Since, rules_on_trial
from reports.render.addresses import Addresses
from reports.render.feed import Entry, Source, feed
from reports.render.since import because, sentence, title_of
from reports.store.records import RunRecord

ENTRIES = 200
"""Of one feed at most, the latest first: readers ask for it whole, every hour."""


class Feeds:
    """Made of the changes of several runs, given from the last to the first.

    ``addresses`` are those of the site of the last run; where that is not known, its ``base`` is ``../``, as seen from a feed.
    """

    def __init__(self, run: RunRecord, rules: Mapping[str, Rule], addresses: Addresses) -> None:
        self._run = run
        self._rules = rules
        self._addresses = addresses
        self._entries: dict[str, list[Entry]] = defaultdict(list)

    def add(self, found: Since) -> None:
        trial = rules_on_trial(found.new)
        for news in found.all():
            if news.is_stopped:
                continue
            shifts = [shift for shift in news.shifts if shift.rule not in trial]
            for incubator in news.incubators:
                known = self._entries[incubator]
                known += [self._entry(incubator, news, one, found.new) for one in shifts[: ENTRIES - len(known)]]

    def files(self) -> Iterator[tuple[str, str]]:
        """(path in the site, text) for each incubator of the site, those of which nothing is told too."""
        for incubator, name in self._addresses.incubators.items():
            path = f"feeds/{name}.atom"
            own = f"{self._addresses.base or '../'}feeds/{quote(name)}.atom"
            source = Source(updated=self._run.started_at, site=self._addresses.incubator(incubator), own=own)
            yield (
                path,
                feed(incubator, self._entries[incubator], source, self._run.incubators.get(incubator, incubator)),
            )

    def _entry(self, incubator: str, news: News, shift: Shift, run: RunRecord) -> Entry:
        """A service that is gone since has no page: its incubator's is in its place."""
        why = because(shift)
        return Entry(
            run=run.id,
            updated=run.started_at,
            service=news.service,
            name=news.name,
            rule=shift.rule,
            title=title_of(shift.rule, self._rules),
            before=shift.before.outcome,
            after=shift.after.outcome,
            message=f"{why[0].upper()}{why[1:]}. {sentence(shift.after, shift.rule, self._rules)}",
            page=self._addresses.service(news.service, shift.rule) or self._addresses.incubator(incubator),
        )
