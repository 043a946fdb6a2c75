"""The stages of an audit, each from the run folder to the run folder, so that each can be repeated."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from checks.model.errors import InputError
from checks.model.run_folder import RunFolder
from crawler.fleet.crew import PATIENCE
from crawler.fleet.local import Told, crawl
from crawler.fleet.owed import Owed, visits_owed
from crawler.fleet.remote import crawl_by_fleet
from crawler.private_addresses import proxy_hosts
from crawler.rendering.find import find_browser
from crawler.rendering.find import version as version_of_browser
from reports.cli import overrides
from reports.cli.console import progress, progress_of, say
from reports.cli.fleet import check_queue
from reports.cli.health import before, outcomes_of
from reports.cli.judging import doubt_stage
from reports.cli.opening import SECOND_VISIT
from reports.cli.options import iso, now
from reports.cli.passing import JUDGING, Passing, keeping
from reports.render.words import counted
from reports.store.load import load_run
from reports.store.records import RunRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Who makes the visits: the ``fleet`` whose queue is at that address, or this machine, by so many ``processes``; one a core
    where they are not given."""

    fleet: str | None = None
    processes: int | None = None

    def check(self) -> None:
        """Raises :class:`InputError` where the queue does not answer, or both were given."""
        if self.fleet and self.processes:
            raise InputError("--processes est pour cette machine : avec --fleet, donnez-le à « toise worker ».")
        if self.fleet:
            check_queue(self.fleet)


ALL_CORES = Means()


def crawl_stage(
    folder: RunFolder, label: str = "Visite", means: Means = ALL_CORES, tried: Sequence[str] = ()
) -> Sequence[str]:
    """Makes the visits that are owed, but the first ones of the services already ``tried``. Returns the services of those that
    are still owed, by a fault of ours."""
    owed = [one for one in visits_owed(folder) if one.visit > 1 or one.service.id not in tried]
    proxies = sorted(proxy_hosts())
    if proxies and owed and not folder.doubts.exists():  # said once, and not again for the second visits
        say("Un mandataire est réglé : c'est lui qui résout les noms des sites, leurs adresses ne sont pas vérifiées.")
    folder.update({"network": {"proxies": proxies, "are_names_checked": not proxies}, "browser": _browser()})
    if not owed:
        say(f"{label} : rien à faire, toutes les captures sont là.")
        folder.update({"stages": {"crawl": folder.state.get("stages", {}).get("crawl") or _done([])}})
        return ()
    before = folder.state.get("counts", {}).get("requests", 0)
    requests = before + (
        _by_fleet(folder, label, owed, means.fleet)
        if means.fleet
        else _crawled(folder, label, len(owed), means.processes)
    )
    whole = {visit: folder.captured(visit) for visit in (1, 2)}
    missing = sorted({one.service.id for one in owed if one.service.id not in whole[one.visit]} | set(tried))
    folder.update(
        {
            "counts": {"requests": requests, "captured": len(folder.captured())},
            "stages": {"crawl": _done(missing)},
            "given_up": missing,  # they have no visit to be judged by
        }
    )
    if missing:
        which = counted(len(missing), "service n'a pas été visité", "services n'ont pas été visités")
        where = folder.logs if means.fleet else folder.log
        say(f"{label} : {which} jusqu'au bout (voir {where}) : « toise audit --resume {folder.id} » y revient.")
    return missing


def _crawled(folder: RunFolder, label: str, count: int, processes: int | None) -> int:
    """On this machine; each visit is judged in passing. Returns the requests that it took."""
    with progress_of((label, "Jugement"), count) as (visited, judged), keeping(folder) as keep:

        def made(line: Mapping[str, Any] | None) -> None:
            keep(line)
            judged()

        told = Told(visited=lambda _: visited(), made=made, interrupted=_say_stopping)
        return crawl(folder, told, JUDGING, processes).requests


def _by_fleet(folder: RunFolder, label: str, owed: Sequence[Owed], fleet: str) -> int:
    """Returns the requests that it took, as far as the workers could say it."""
    counted_before = _in_passing(folder) if "crawl" in folder.state.get("stages", {}) else 0
    with progress(label, len(owed)) as visited:

        def advance(more: int) -> None:
            for _ in range(more):
                visited()

        try:
            crawl_by_fleet(folder, fleet, owed, advance, say)
        except KeyboardInterrupt:
            say("Arrêt demandé : les ouvriers continuent ce qui est en file ; l'audit repris en attendra la fin.")
            raise
    return _in_passing(folder) - counted_before


def _in_passing(folder: RunFolder) -> int:
    with Passing(folder) as passing:
        return passing.requests


def _say_stopping() -> None:
    say(f"Arrêt demandé : les visites en cours s'arrêtent, en {PATIENCE} secondes au plus.")


def _done(missing: list[str]) -> dict[str, object]:
    return {"state": "partial" if missing else "done", "at": iso(now()), "missing": missing}


def second_visits(folder: RunFolder, means: Means = ALL_CORES, tried: Sequence[str] = ()) -> Sequence[str]:
    """Looks again at what the first visits leave in doubt, some time after them. Returns the services whose visits are still
    owed; the first ones of those ``tried`` are not made now.

    Not for an audit that an earlier version finished without: what is seen today is no second look at what was seen then.
    """
    if not folder.doubts.exists() and "report" not in folder.state.get("stages", {}):
        count = doubt_stage(folder, outcomes_of(before(folder)))
        if count:
            what = "réseau, navigateur, ou verdict qui serait passé de oui à non"
            say(f"Second passage chez {counted(count, 'service', 'services')} : {what}.")
    if not any(one.visit > 1 or one.service.id not in tried for one in visits_owed(folder)):
        return tried
    _rest(folder)
    return crawl_stage(folder, "Second passage", means, tried)


def _rest(folder: RunFolder) -> None:
    """What hid a site a moment ago hides it still: a little time is given to it."""
    state = folder.state
    pause = float(state["settings"].get("second_visit", SECOND_VISIT))
    since = (now() - datetime.fromisoformat(state["stages"]["crawl"]["at"])).total_seconds()
    time.sleep(min(max(pause - since, 0.0), pause))


def _browser() -> str | None:
    """The version of the browser that shows pages; ``None`` where there is none."""
    program = find_browser()
    return version_of_browser(program) if program else None


def load_stage(folder: RunFolder, engine: Engine) -> RunRecord:
    record = load_run(engine, folder)
    overrides.note(folder, record, engine)
    folder.update({"stages": {"load": {"state": "done", "at": iso(now())}}})
    return record


def nothing_audited(folder: RunFolder) -> bool:
    """Whether no verdict of the run says anything of any site."""
    verdicts = folder.state.get("counts", {}).get("verdicts", {})
    return not verdicts.get("passed") and not verdicts.get("failed")
