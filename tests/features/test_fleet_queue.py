"""The queue of a fleet: what it says where it cannot be used, and what is kept in it."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import psycopg
import pytest

from checks.model.errors import InputError
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from crawler.fleet.claims import Claims, TakenAwayError
from crawler.fleet.owed import Owed
from crawler.fleet.queue import ATTEMPTS, enqueue, given_up, last_shard, queue_at, workers_of
from crawler.fleet.remote import crawl_by_fleet
from crawler.fleet.tally import Tallies
from reports.cli import main
from tests.postgresql import PASSWORD, PostgreSQL


@pytest.fixture
def url(postgresql: PostgreSQL) -> str:
    return postgresql.url(postgresql.empty_database(), "postgresql")


def said(*args: str) -> tuple[object, str, str]:
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(args)
    out.flush()
    return ended.value.code, out.buffer.getvalue().decode(), err.getvalue()


def owed(*names: str) -> tuple[Owed, ...]:
    return tuple(Owed(service=Service(id=name, name=name, urls=(f"https://{name}.example/",))) for name in names)


# What cannot be used.

LOST = {
    "nobody answers": (
        "postgresql://toise:s3cret@127.0.0.1:9/toise",
        "la file d'attente 127.0.0.1/toise ne répond pas",
    ),
    "no such base": ("{}/absent", 'n\'est pas ouverte (database "absent" does not exist)'),
    "another password": ("{}/postgres?password=wr0ng", "n'est pas ouverte (password authentication failed"),
    "no address": ("toise", "L'adresse de la flotte est illisible"),
    "not a port": ("postgresql://toise:s3cret@host:port/base", "L'adresse de la flotte est illisible"),
}


@pytest.mark.parametrize("command", ["audit {} --fleet", "crawl --fleet", "fleet status --fleet", "worker --fleet"])
@pytest.mark.parametrize("case", LOST)
def test_a_queue_that_cannot_be_used_is_said_in_one_sentence(postgresql, tmp_path, monkeypatch, command, case):
    monkeypatch.chdir(tmp_path)
    address, expected = LOST[case]
    if command.startswith("worker") and case == "nobody answers":
        return  # it waits
    (tmp_path / "r.csv").write_text("id,name,url\na,A,https://a.example\n", "utf-8")
    server = postgresql.url("", "postgresql").rstrip("/")
    code, out, err = said(*command.format("r.csv").split(), address.format(server))
    assert (code, out, len(err.strip().splitlines())) == (2, "", 1), err
    assert err.startswith("Erreur : ")
    assert expected in err
    assert PASSWORD not in err
    assert "wr0ng" not in err
    assert not (tmp_path / "runs").exists(), "a wrong address costs nothing"


def test_processes_are_not_those_of_a_fleet(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = said("crawl", "--fleet", url, "--processes", "2")
    assert code == 2
    assert "donnez-le à « toise worker »" in err


def test_a_queue_of_another_version_is_left_alone(url):
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE procrastinate_jobs (id bigint)")
    with pytest.raises(InputError, match="par une autre version de procrastinate"):
        asyncio.run(_opened(url))


def test_one_who_may_not_make_the_tables_is_told_so(postgresql, url):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS guest")
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    with pytest.raises(InputError, match="ne laisse pas cet utilisateur créer ses tables"):
        asyncio.run(_opened(url.replace(f"toise:{PASSWORD}", "guest:guest")))


def test_those_who_begin_at_the_same_moment_make_its_tables_once(url):
    async def all_at_once() -> None:
        await asyncio.gather(*(_opened(url) for _ in range(5)))

    asyncio.run(all_at_once())
    asyncio.run(_opened(url))


async def _opened(url: str) -> None:
    async with queue_at(url):
        pass


def test_an_empty_queue_says_that_nobody_is_there(url):
    assert said("fleet", "status", "--fleet", url)[:2] == (
        0,
        "Aucun ouvrier n'est là ; « toise worker » en démarre un.\n",
    )
    _, out, _ = said("fleet", "status", "--format", "json", "--fleet", url)
    assert json.loads(out) == {"runs": [], "workers": {"alive": 0, "busy": 0, "silent": 0}}


# What is kept in it.


@pytest.fixture
def queue(url: str) -> Queue:
    return Queue(url)


class Queue:
    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, told: Any) -> Any:
        async def once() -> Any:
            async with queue_at(self.url) as app:
                return await told(app)

        return asyncio.run(once())

    def jobs(self) -> list[tuple[str, int, bool]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(
                "SELECT status::text, attempts, worker_id IS NULL FROM procrastinate_jobs ORDER BY id"
            ).fetchall()

    def silence(self, worker: int) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute' WHERE id = %s", (worker,)
            )


def test_a_shard_is_taken_once_and_ended_by_who_has_it(queue):
    async def told(app: Any) -> None:
        await enqueue(app, "/run", [owed("a", "b"), owed("c")])
        one, other, tallies = await Claims.opened(app, None), await Claims.opened(app, None), Tallies()
        first, second = await one.take(), await other.take()
        assert first
        assert second
        assert (first.run, first.shard, first.owed, first.attempt, first.is_begun) == (
            "/run",
            "00000",
            owed("a", "b"),
            0,
            False,
        )
        assert await one.take() is None
        await other.done(first)
        assert (await tallies.of(app, "/run")).visits == {"doing": 3}, "it is not its own"
        await one.done(first)
        await other.live()
        await one.live()
        assert (await tallies.of(app, "/run")).visits == {"doing": 1, "succeeded": 2}
        assert (await workers_of(app)).alive == 2

    queue.run(told)


def test_three_failures_are_the_end(queue):
    async def told(app: Any) -> None:
        first = await last_shard(app)
        await enqueue(app, "/run", [owed("a")])
        claims = await Claims.opened(app, None)
        for attempt in range(ATTEMPTS):
            assert not await given_up(app, "/run", first)
            claim = await claims.take()
            assert claim
            assert (claim.attempt, claim.is_begun) == (attempt, attempt > 0)
            await claims.fail(claim)
        assert await claims.take() is None
        assert await given_up(app, "/run", first) == {("a", 1)}
        assert not await given_up(app, "/run", await last_shard(app)), "an earlier campaign's"
        assert not await given_up(app, "/other", first)

    queue.run(told)
    assert queue.jobs() == [("failed", ATTEMPTS, True)]


def test_what_is_given_back_is_no_attempt_and_comes_first(queue):
    async def told(app: Any) -> None:
        await enqueue(app, "/run", [owed("a"), owed("b"), owed("c")])
        claims = await Claims.opened(app, None)
        a, b = await claims.take(), await claims.take()
        assert a
        assert b
        await claims.give_back(b)
        again = await claims.take()
        assert again
        assert (again.id, again.attempt, again.is_begun) == (b.id, 0, True)
        await claims.give_back(a, delay=60)
        c = await claims.take()
        assert c
        assert c.owed == owed("c")
        assert await claims.take() is None, "a waits"
        await claims.close()

    queue.run(told)
    assert queue.jobs() == [("todo", 0, True)] * 3


def test_the_shards_of_a_silent_worker_are_given_to_others_once(queue):
    async def told(app: Any) -> None:
        await enqueue(app, "/run", [owed("a"), owed("b")])
        silent, one, other = [await Claims.opened(app, None) for _ in range(3)]
        lost, kept = await silent.take(), await one.take()
        assert lost
        assert kept
        assert await one.rescue() == 0
        queue.silence(silent.worker)
        assert sum(await asyncio.gather(one.rescue(), other.rescue())) == 1
        again = await other.take()
        assert again
        assert (again.id, again.attempt) == (lost.id, 1)
        await silent.done(lost)
        await silent.fail(lost)
        await silent.give_back(lost)
        with pytest.raises(TakenAwayError):
            await silent.live()
        await silent.close()
        await other.live()
        await one.live()
        assert (await Tallies().of(app, "/run")).shards == {"doing": 2}

    queue.run(told)


def test_a_worker_that_was_forgotten_while_it_had_nothing_begins_anew(queue):
    async def told(app: Any) -> None:
        silent, other = await Claims.opened(app, None), await Claims.opened(app, None)
        queue.silence(silent.worker)
        await other.rescue()
        with pytest.raises(TakenAwayError):
            await silent.live()
        await enqueue(app, "/run", [owed("a")])
        assert await (await Claims.opened(app, silent.worker)).take()

    queue.run(told)


def test_a_worker_that_lost_the_queue_gives_back_what_it_had(queue):
    async def told(app: Any) -> None:
        await enqueue(app, "/run", [owed("a")])
        former = await Claims.opened(app, None)
        assert await former.take()
        later = await Claims.opened(app, former.worker)
        claim = await later.take()
        assert claim
        assert (claim.attempt, claim.is_begun) == (0, True)

    queue.run(told)


def test_what_was_taken_but_never_heard_of_is_given_back(queue):
    async def told(app: Any) -> None:
        await enqueue(app, "/run", [owed("a")])
        claims = await Claims.opened(app, None)
        await app.job_manager.fetch_job(queues=None, worker_id=claims.worker)  # as if the answer had been lost
        await claims.live()

    queue.run(told)
    assert queue.jobs() == [("todo", 0, True)]


def test_a_shard_that_says_nothing_to_this_version_is_given_up(queue):
    async def told(app: Any) -> None:
        await enqueue(app, "/run", [owed("a")])
        await app.connector.execute_query_async("UPDATE procrastinate_jobs SET args = args - 'shard'")
        claims = await Claims.opened(app, None)
        assert [await claims.take() for _ in range(ATTEMPTS + 1)] == [None] * (ATTEMPTS + 1)
        await claims.live()

    queue.run(told)
    assert queue.jobs() == [("failed", ATTEMPTS, True)]


def test_a_queue_made_anew_is_filled_again(queue, tmp_path):
    """It was lost with all that it held; only what is still owed is enqueued."""
    folder = RunFolder(tmp_path / "run")
    folder.captures.mkdir(parents=True)
    folder.write_services([one.service for one in owed("a", "b")])
    sentences: list[str] = []
    rounds: list[list[Any]] = []

    async def lost_then_made(app: Any) -> None:
        claims = await Claims.opened(app, None)
        while len(rounds) < 2:
            claim = await claims.take()
            if claim:
                rounds.append([one.service.id for one in claim.owed])
                folder.warc("a" if len(rounds) == 1 else "b").write_bytes(b"")
                await app.connector.execute_query_async("DELETE FROM procrastinate_jobs")
                claims = await Claims.opened(app, None)
            await asyncio.sleep(0.1)

    async def both() -> None:
        async with queue_at(queue.url) as app:
            crawl = asyncio.to_thread(
                crawl_by_fleet, folder, queue.url, owed("a", "b"), lambda _: None, sentences.append
            )
            await asyncio.wait_for(asyncio.gather(crawl, lost_then_made(app)), 30)

    asyncio.run(both())
    assert rounds == [["a", "b"], ["b"]]


CUT_AT_THE_THIRD = """
CREATE SEQUENCE cuts;
CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.args->>'shard' = '00002' AND nextval('cuts') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cut BEFORE INSERT ON procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION cut();
"""


def test_a_queue_that_is_lost_while_shards_are_put_there_has_each_once(queue, tmp_path, monkeypatch):
    monkeypatch.setattr("crawler.fleet.remote.SHARD", 1)
    monkeypatch.setattr("crawler.fleet.queue._AT_ONCE", 1)
    folder = RunFolder(tmp_path)
    folder.captures.mkdir()
    taken: list[str] = []

    async def made(app: Any) -> None:
        claims = await Claims.opened(app, None)
        while len(taken) < 4:
            if claim := await claims.take():
                taken.extend(one.service.id for one in claim.owed)
                folder.warc(claim.owed[0].service.id).write_bytes(b"")
                await claims.done(claim)
            await asyncio.sleep(0.1)

    async def both() -> None:
        async with queue_at(queue.url) as app:
            await app.connector.execute_query_async(CUT_AT_THE_THIRD)
            visits = owed("a", "b", "c", "d")
            crawl = asyncio.to_thread(crawl_by_fleet, folder, queue.url, visits, lambda _: None, lambda _: None)
            await asyncio.wait_for(asyncio.gather(crawl, made(app)), 30)
            row = await app.connector.execute_query_one_async("SELECT is_called FROM cuts")
            assert row["is_called"], "nothing was lost"

    asyncio.run(both())
    assert taken == ["a", "b", "c", "d"]


def test_the_status_says_how_far_each_audit_is(queue):
    async def told(app: Any) -> None:
        await enqueue(app, "/first", [owed("a", "b"), owed("c")])
        await enqueue(app, "/second", [owed("d")])
        one, silent = await Claims.opened(app, None), await Claims.opened(app, None)
        claim = await one.take()
        assert claim
        await one.done(claim)
        assert await silent.take()
        queue.silence(silent.worker)

    queue.run(told)
    code, out, err = said("fleet", "status", "--fleet", queue.url)
    assert (code, err) == (0, "")
    assert out.replace("\xa0", " ") == (
        "/first : 1 en cours (1 lot), 2 faits (1 lot)\n"
        "/second : 1 en attente (1 lot)\n"
        "1 ouvrier, 1 lot en cours, dont 1 d'un ouvrier muet depuis plus de 25 secondes.\n"
    )
    _, out, _ = said("fleet", "status", "--format", "json", "--fleet", queue.url)
    assert json.loads(out) == {
        "runs": [
            {"run": "/first", "shards": {"doing": 1, "succeeded": 1}, "visits": {"doing": 1, "succeeded": 2}},
            {"run": "/second", "shards": {"todo": 1}, "visits": {"todo": 1}},
        ],
        "workers": {"alive": 1, "busy": 1, "silent": 1},
    }
