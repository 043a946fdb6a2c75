"""An audit killed at any moment is finished by the same command, as if nothing had happened."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from warcio.checker import Checker

from crawler.archive import read_captures
from tests.crawling.local_web import local_web
from tests.features.killed import Death, Network

DOUBTED = {"panne", "muet"}
"""Sites that are visited twice in any case: the network hides them the first time."""

DEATHS = (
    *(
        Death(f"at request {number}", request=number, whole_group=number % 2 == 0)
        for number in (1, 4, 7, 10, 14, 19, 24, 30, 35, 40, 44)
    ),
    Death("before the run has a name", call=("reports.cli.opening", "RunFolder.write_services", 1)),
    Death("before the crawl begins", call=("reports.cli.pipeline", "crawl", 1)),
    Death("in the first judgement", call=("reports.cli.judging", "doubt", 3)),
    Death("once the doubts are known", call=("reports.cli.pipeline", "crawl", 2)),
    Death("in the last judgement", call=("reports.cli.bench", "settled", 2)),
    Death("before the verdicts have their name", call=("reports.cli.judging", "RunFolder.keep_verdicts", 1)),
    Death("in the middle of the load", call=("reports.store.load", "_load_verdicts", 1)),
    Death("once it is loaded", call=("reports.cli.audit", "report_stage", 1)),
    Death("while the site is written", call=("reports.render.site", "shutil.copyfile", 1)),
)


class Survivor:
    """One network, what an audit of it that was killed left, and what the resumed one made of it."""

    def __init__(self, folder: Path, death: Death) -> None:
        with local_web(folder) as web:
            self.network = Network(web, folder / "audit")
            self.network.killed(death)
            runs = list((folder / "audit").glob("runs/*/captures"))
            self.left = {path.name: path.read_bytes() for captures in runs for path in captures.glob("*.warc.gz")}
            self.said = self.network.audited()
            self.visits = self.network.visits()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("undisturbed")
    with local_web(folder) as web:
        network = Network(web, folder / "audit")
        network.audited()
        yield network


@pytest.fixture(scope="module")
def survivors(tmp_path_factory) -> dict[str, Survivor]:
    """All deaths, two at a time: each is mostly a matter of waiting."""
    folders = {death.name: tmp_path_factory.mktemp("killed") for death in DEATHS}
    with ThreadPoolExecutor(max_workers=3) as pool:
        found = pool.map(lambda death: (death.name, Survivor(folders[death.name], death)), DEATHS)
        return dict(found)


def test_there_are_twenty_deaths():
    assert len({death.name for death in DEATHS}) == 20


def test_undisturbed_every_service_is_visited_once_or_when_in_doubt_twice(undisturbed):
    assert undisturbed.visits() == {name: 1 + (name in DOUBTED) for name in undisturbed.names if name != "muet"}
    assert len(undisturbed.web.asked) > max(death.request for death in DEATHS)


@pytest.mark.parametrize("death", [death.name for death in DEATHS])
def test_the_verdicts_are_those_of_an_audit_that_nobody_killed(undisturbed, survivors, death):
    assert survivors[death].network.verdicts() == undisturbed.verdicts()


@pytest.mark.parametrize("death", [death.name for death in DEATHS])
def test_no_service_is_lost_and_none_visited_again_that_was_whole(survivors, death):
    survivor = survivors[death]
    for name in set(Network.names) - {"muet"}:
        whole = f"{name}.warc.gz" in survivor.left
        most = 1 + (name in DOUBTED) + (not whole or (name in DOUBTED and f"{name}#2.warc.gz" not in survivor.left))
        assert 1 + (name in DOUBTED) <= survivor.visits[name] <= most, name


@pytest.mark.parametrize("death", [death.name for death in DEATHS])
def test_what_was_whole_is_kept_as_it_was_and_all_is_whole(survivors, death):
    survivor = survivors[death]
    run = survivor.network.run
    for name, content in survivor.left.items():
        assert (run.captures / name).read_bytes() == content
    expected = {run.warc(name) for name in Network.names} | {run.warc(name, 2) for name in DOUBTED}
    assert set(run.captures.iterdir()) == expected
    assert all(len(read_captures(path)) > 0 for path in expected)
    assert not list(run.path.rglob("*.part"))


def test_the_archives_are_whole_warc_files(survivors):
    class Given:
        inputs = tuple(str(path) for one in survivors.values() for path in one.network.run.captures.iterdir())
        verbose = False

    checker = Checker(Given)
    checker.process_all()
    assert checker.exit_value == 0


def test_it_says_that_it_goes_on(survivors):
    fresh = {"before the run has a name"}
    for name, survivor in survivors.items():
        assert ("est repris là où il en était" in survivor.said) is (name not in fresh), name
