"""The stages of an audit, each from the run folder to the run folder, so that each can be repeated."""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy import Engine

from checks.model.run_folder import RunFolder
from crawler.fleet.crew import PATIENCE
from crawler.fleet.local import Told, crawl
from crawler.fleet.owed import visits_owed
from crawler.fleet.remote import crawl_by_fleet
from crawler.private_addresses import proxy_hosts
from crawler.rendering.find import find_browser
from crawler.rendering.find import version as version_of_browser
from reports.cli import overrides
from reports.cli.console import progress, say
from reports.cli.health import before, outcomes_of
from reports.cli.judging import doubt_stage
from reports.cli.opening import SECOND_VISIT
from reports.cli.options import iso, now
from reports.cli.passing import JUDGING, Passing, keeping
from reports.render.words import counted
from reports.store.load import load_run
from reports.store.records import RunRecord


def crawl_stage(folder: RunFolder, label: str = "Visite", fleet: str | None = None) -> int:
    """Makes the visits that are owed, on this machine or by the ``fleet`` whose queue is at that address. Returns how many are
    still owed, by a fault of ours."""
    owed = list(visits_owed(folder))
    proxies = sorted(proxy_hosts())
    if proxies and owed and not folder.doubts.exists():  # said once, and not again for the second visits
        say("Un mandataire est réglé : c'est lui qui résout les noms des sites, leurs adresses ne sont pas vérifiées.")
    folder.update({"network": {"proxies": proxies, "are_names_checked": not proxies}, "browser": _browser()})
    if not owed:
        say(f"{label} : rien à faire, toutes les captures sont là.")
        folder.update({"stages": {"crawl": folder.state.get("stages", {}).get("crawl") or _done([])}})
        return 0
    before = folder.state.get("counts", {}).get("requests", 0)
    requests = _by_fleet(folder, label, len(owed), fleet) if fleet else before + _crawled(folder, label, len(owed))
    whole = {visit: folder.captured(visit) for visit in (1, 2)}
    missing = sorted(one.service.id for one in owed if one.service.id not in whole[one.visit])
    folder.update(
        {
            "counts": {"requests": requests, "captured": len(folder.captured())},
            "stages": {"crawl": _done(missing)},
            # A fleet has tried three times: these have no visit to be judged by.
            "given_up": missing if fleet else [],
        }
    )
    if missing:
        which = counted(len(missing), "service n'a pas été visité", "services n'ont pas été visités")
        say(f"{label} : {which} jusqu'au bout (voir {folder.log}) : « toise audit --resume {folder.id} » y revient.")
    return len(missing)


def _crawled(folder: RunFolder, label: str, count: int) -> int:
    """On all cores; each visit is judged in passing. Returns the requests that it took."""
    with progress(label, count) as visited, keeping(folder) as keep:
        told = Told(visited=lambda _: visited(), made=keep, interrupted=_say_stopping)
        return crawl(folder, told, JUDGING).requests


def _by_fleet(folder: RunFolder, label: str, count: int, fleet: str) -> int:
    """Returns the requests that all the visits of the run took so far."""
    with progress(label, count) as visited:

        def advance(more: int) -> None:
            for _ in range(more):
                visited()

        crawl_by_fleet(folder, fleet, advance, say)
    with Passing(folder) as passing:
        return passing.requests


def _say_stopping() -> None:
    say(f"Arrêt demandé : les visites en cours s'arrêtent, en {PATIENCE} secondes au plus.")


def _done(missing: list[str]) -> dict[str, object]:
    return {"state": "partial" if missing else "done", "at": iso(now()), "missing": missing}


def second_visits(folder: RunFolder, fleet: str | None = None) -> int:
    """Looks again at what the first visits leave in doubt, some time after them. Returns how many visits are still owed.

    Not for an audit that an earlier version finished without: what is seen today is no second look at what was seen then.
    """
    if not folder.doubts.exists() and "report" not in folder.state.get("stages", {}):
        count = doubt_stage(folder, outcomes_of(before(folder)))
        if count:
            what = "réseau, navigateur, ou verdict qui serait passé de oui à non"
            say(f"Second passage chez {counted(count, 'service', 'services')} : {what}.")
    if not any(visits_owed(folder)):
        return 0
    _rest(folder)
    return crawl_stage(folder, "Second passage", fleet)


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
