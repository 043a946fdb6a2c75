"""The verbs find in a store what they find on a disk."""

from __future__ import annotations

import io
import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.made_up_runs import make_runs, services_of
from checks.model.capture import Capture, Role
from checks.model.errors import InputError
from checks.model.judgement import find_judgement, shelved
from checks.model.place import Place, begin, content, names, publish, publish_new, replacing
from checks.model.run_folder import RunFolder
from crawler.archive import Archive
from crawler.fleet.owed import visits_owed
from crawler.forges.memory import remembered
from crawler.places import place_of
from crawler.warc import Exchange, new_id
from reports.cli import _ended, main
from reports.cli.audit import _apart
from reports.cli.opening import Selection, Settings, open_run
from reports.notices.recipients import Address
from reports.notices.sent import read_sent, sending
from reports.render.notice import Notice
from tests.features.object_store import BUCKET, Store, copied, forget, serving

NOW = datetime(2026, 11, 28, 6, tzinfo=UTC)
SERVICES = 8
RULESET = "sha256:" + "a" * 64


@dataclass(frozen=True)
class Both:
    """The same runs in ``folder/runs`` and at an address, loaded in ``folder/toise.db``."""

    folder: Path
    remote: Place

    @property
    def local(self) -> Path:
        return self.folder / "runs"

    @property
    def database(self) -> tuple[str, str]:
        return "--database", f"sqlite:///{self.folder / 'toise.db'}"

    @property
    def old(self) -> str:
        return min(names(self.local))

    @property
    def new(self) -> str:
        return max(names(self.local))


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with serving() as store:
        yield store


@pytest.fixture(scope="module")
def both(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Both:
    folder = tmp_path_factory.mktemp("audits")
    make_runs(folder, services_of(SERVICES), 2)
    return Both(folder, copied(folder / "runs", f"s3://{BUCKET}/les audits/2026/"))


def said(*args: str) -> tuple[object, str, str]:
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(args)
    out.flush()
    return ended.value.code, out.buffer.getvalue().decode(), err.getvalue()


VERBS = [
    "compare {old} {new} --format json",
    "compare {old} latest --all",
    "trace https --format jsonl {db}",
    "trace https --service service-00003 {db}",
    "review --format json {db}",
    "review --format text {db}",
    "registry --suggest latest",
    "registry --suggest {old}",
    "notify {db}",
]


@pytest.mark.parametrize("line", VERBS)
def test_a_verb_says_the_same_of_a_run_wherever_it_is(both: Both, line: str):
    args = line.format(old=both.old, new=both.new, db=" ".join(both.database)).split()

    here, there = said(*args, "--runs", str(both.local)), said(*args, "--runs", str(both.remote))

    assert here[0] == 0, here
    assert there == here
    assert "".join(there[1:]), "something was said"


def test_the_runs_are_named_by_the_environment_and_a_run_by_its_own_address(
    both: Both, monkeypatch: pytest.MonkeyPatch
):
    expected = said("compare", both.old, both.new, "--runs", str(both.local))
    monkeypatch.setenv("TOISE_RUNS", f"{both.remote}/")
    judgement = find_judgement(both.old, both.remote)

    assert said("compare", both.old, both.new) == expected
    monkeypatch.delenv("TOISE_RUNS")
    assert said("compare", str(both.remote / both.old), str(both.remote / both.new)) == expected
    assert said("compare", f"{both.remote}/{judgement.name}", str(both.local / both.new)) == expected


def test_the_site_is_the_same_with_its_evidence(both: Both, tmp_path: Path):
    for name, place in (("here", both.local), ("there", both.remote)):
        output = tmp_path / name
        code, _, err = said("report", "latest", *both.database, "--runs", str(place), "--output", str(output))
        assert code == 0, err

    here, there = tmp_path / "here", tmp_path / "there"
    pages = sorted(path.relative_to(here) for path in here.rglob("*") if path.is_file())
    assert pages == sorted(path.relative_to(there) for path in there.rglob("*") if path.is_file())
    assert [page for page in pages if (here / page).read_bytes() != (there / page).read_bytes()] == []
    assert any("Réponse : 200" in (there / page).read_text("utf-8") for page in pages if page.suffix == ".txt")


def test_a_run_is_judged_again_and_loaded_where_it_is(both: Both, tmp_path: Path, store: Store):
    shutil.copytree(both.local, tmp_path / "runs")
    remote = copied(both.local, f"s3://{BUCKET}/to-judge")
    done = {}
    for place in (tmp_path / "runs", remote):
        options = ["--runs", str(place), "--database", f"sqlite:///{tmp_path / place.name}.db"]
        code, out, _ = said("judge", both.new, *options[:2])
        assert out == f"{place}/{both.new}/verdicts.jsonl\n"
        loaded = said("load", both.new, *options)
        folder = RunFolder(place / both.new)
        exported = said("export", both.new, *options[2:])
        done[place] = code, loaded, exported, list(folder.read_verdicts()), _without_times(folder.state)

    here, there = done.values()
    assert there == here
    assert len(here[3]) > SERVICES
    assert here[1][0] == 0
    assert here[3] != list(RunFolder(both.local / both.new).read_verdicts()), "judged, not copied"
    assert not [name for name in names(remote / both.new) if name.startswith(".") and name != ".begun"]


def _without_times(state: dict) -> dict:
    return json.loads(json.dumps(state), object_hook=lambda one: {key: one[key] for key in one if key != "at"})


def test_to_judge_costs_a_request_a_service(both: Both, caplog: pytest.LogCaptureFixture):
    remote = copied(both.local, f"s3://{BUCKET}/to-count")
    with caplog.at_level(logging.DEBUG, "s3fs"):
        said("judge", both.new, "--runs", str(remote))

    calls = [record.getMessage().split()[1] for record in caplog.records if record.getMessage().startswith("CALL: ")]
    about = [record.getMessage() for record in caplog.records if ".warc.gz" in record.getMessage()]
    gets = [line for line in about if line.startswith("CALL: get_object")]
    assert len(gets) == len(names(remote / both.new / "captures"))
    assert [line for line in about if line.startswith("CALL: ") and line not in gets] == []
    assert calls.count("list_objects_v2") < 30


def test_a_run_is_begun_found_and_changed(store: Store):
    runs = place_of(f"s3://{BUCKET}/new")
    assert RunFolder.all(runs) == []
    with pytest.raises(InputError, match="Aucun audit dans s3://audits/new"):
        RunFolder.find("latest", runs)

    first, second = RunFolder.create(runs, NOW), RunFolder.create(runs, NOW)
    for number, run in enumerate((first, second)):
        run.update({"id": run.path.name, "started_at": f"2026-11-2{number}T06:00:00Z", "stages": {"crawl": 1}})
        run.update({"stages": {"judge": 2}})

    assert [run.id for run in RunFolder.all(runs)] == ["2026-11-28T0600Z-2", "2026-11-28T0600Z"]
    assert RunFolder.find("latest", runs).path == second.path
    assert RunFolder.find(first.id, runs).path == first.path
    assert RunFolder.find(str(second.path), Path("nowhere"), place_of).path == second.path
    assert first.state["stages"] == {"crawl": 1, "judge": 2}
    assert first.captured() == set()
    assert (list(first.read_doubts()), list(first.read_canaries())) == ([], [])
    for run in ("2001-01-01T0000Z", "x" * 2000, "s3://audits/new/2001-01-01T0000Z"):
        with pytest.raises(InputError, match="Aucun audit"):
            RunFolder.find(run, runs, place_of)


def test_an_audit_is_opened_in_a_store_and_taken_up_again(store: Store, tmp_path: Path):
    registry = tmp_path / "registre.csv"
    registry.write_text("id,name,url,phase\nbac,Bac,https://bac.example,construction\n", "utf-8")
    runs = place_of(f"s3://{BUCKET}/opened")
    settings = Settings(selection=Selection(), phase_rule="latest-start", as_of=None)

    opened, again = (open_run(str(registry), runs, settings) for _ in range(2))

    assert again.path == opened.path == runs / opened.id
    assert content(opened.registry) == registry.read_bytes()
    assert [(owed.service.id, owed.visit) for owed in visits_owed(again)] == [("bac", 1)]


def test_the_site_of_a_run_that_is_not_sound_stands_apart_on_this_machine(store: Store, tmp_path: Path):
    run = RunFolder(place_of(f"s3://{BUCKET}/opened") / "2026-11-28T0600Z")

    assert _apart(run, tmp_path / "site") == tmp_path / "site-2026-11-28T0600Z"
    assert _apart(RunFolder(tmp_path), Path("site")) == tmp_path / "report"


def test_two_machines_do_not_begin_the_same_run(store: Store, monkeypatch: pytest.MonkeyPatch):
    folder = place_of(f"s3://{BUCKET}/race") / "2026-11-28T0600Z"
    begin(folder, "captures")
    monkeypatch.setattr("checks.model.place.names", lambda _: [])  # both looked before either began

    with pytest.raises(FileExistsError):
        begin(folder, "captures")


def test_the_first_archive_of_a_visit_stays(store: Store, tmp_path: Path):
    place = place_of(f"s3://{BUCKET}/first/a.warc.gz")
    for text in ("first", "second"):
        (tmp_path / "local").write_text(text, "utf-8")
        assert publish_new(tmp_path / "local", place) is (text == "first")
    assert content(place) == b"first"


def test_what_another_process_writes_is_seen_at_once(store: Store):
    run = RunFolder.create(place_of(f"s3://{BUCKET}/shared"), NOW)
    assert (run.captured(), run.is_judged, run.state) == (set(), False, {})

    forget()  # as another process, whose file system shares nothing with ours
    other = RunFolder(place_of(str(run.path)))
    other.update({"id": "by the other"})
    other.warc("a/b c").write_bytes(b"")
    other.verdicts.write_bytes(b"")

    assert (run.captured(), run.is_judged, run.id) == ({"a/b c"}, True, "by the other")


def test_a_write_that_fails_leaves_the_former_object(store: Store):
    run = RunFolder.create(place_of(f"s3://{BUCKET}/failing"), NOW)
    with replacing(run.verdicts) as file:
        file.write("whole\n")

    with pytest.raises(ZeroDivisionError), replacing(run.verdicts) as file:
        file.writelines("half" * 100_000 if number else str(1 // number) for number in (1, 0))
    with store.refusing(), pytest.raises(PermissionError), replacing(run.verdicts) as file:
        file.write("refused\n")

    assert run.verdicts.read_text("utf-8") == "whole\n"
    assert sorted(names(run.path)) == [".begun", "verdicts.jsonl"]


def test_verdicts_of_other_rules_are_kept_beside(both: Both):
    remote = copied(both.local, f"s3://{BUCKET}/kept")
    run = RunFolder(remote / both.new)
    verdicts = [replace(verdict, ruleset=RULESET) for verdict in run.read_verdicts()]
    run.update({"ruleset": {**run.state["ruleset"], "digest": RULESET}})
    with replacing(run.verdicts) as file:
        file.writelines(f"{verdict.to_line()}\n" for verdict in verdicts)

    run.keep_verdicts(RULESET)
    assert run.is_judged
    run.keep_verdicts("sha256:" + "b" * 64)

    assert not run.is_judged
    assert list(run.read_verdicts(run.judgement(RULESET))) == verdicts
    code, _, err = said("judge", both.new, "--runs", str(remote))
    assert code in {0, 3}, err
    earlier = find_judgement(f"{run.path}@{'a' * 12}", Path("nowhere"), place_of)
    assert earlier.is_same_gathering(find_judgement(both.new, remote))
    assert not earlier.is_same_gathering(find_judgement(both.old, remote))
    with shelved(earlier) as shelf:
        service, judged = shelf.take("service-00003") or (None, ())
        assert service
        assert [verdict.ruleset for verdict in judged] == [RULESET] * len(judged) != []


def test_a_run_is_held_on_this_machine(store: Store):
    run = RunFolder.create(place_of(f"s3://{BUCKET}/held"), NOW)
    with run.held("audit"):
        with pytest.raises(InputError, match="déjà en cours"), RunFolder(place_of(str(run.path))).held("audit"):
            pass
        with run.held("crawl"), RunFolder(run.path.with_name("another")).held("audit"):
            pass
    with run.held("audit"):
        pass


def test_what_was_sent_is_remembered(store: Store):
    run = RunFolder.create(place_of(f"s3://{BUCKET}/sent"), NOW)
    notices = [_notice(digest) for digest in ("one", "two")]
    address = Address(owner="dinum", url="json://127.0.0.1/", name="json://127.0.0.1", place="ligne 1")
    for notice in notices:
        with sending(run) as sent:
            assert not sent.holds(notice, address)
            sent.add(notice, address, "2026-11-28T06:00:00Z")

    assert all(read_sent(run).holds(notice, address) for notice in notices)
    assert not read_sent(run).holds(_notice("three"), address)


def test_the_answers_of_forges_are_looked_for_in_the_runs_before(store: Store, tmp_path: Path):
    runs = place_of(f"s3://{BUCKET}/forges")
    answer = Capture(
        id=new_id(), service="bac", number=1, role=Role.FORGE, at=NOW, method="GET", url="https://forge.example/api",
        status=200, headers=(("ETag", '"1"'),), body=b"{}",
    )  # fmt: skip
    archive = Archive(tmp_path / "bac.warc.gz", "toise")
    archive.write(Exchange(capture=answer, raw_body=answer.body))
    archive.complete()
    publish(archive.path, RunFolder(runs / "2026-11-01T0600Z").warc("bac"))
    RunFolder(runs / "2026-11-15T0600Z").warc("bac").write_bytes(b"damaged")

    assert remembered(RunFolder(runs / "2026-11-28T0600Z").warc("bac")) == {answer.url: answer}
    assert remembered(RunFolder(runs / "2026-11-28T0600Z").warc("digue")) == {}


def test_a_store_that_does_not_let_us_in_gets_one_sentence(both: Both, store: Store, monkeypatch: pytest.MonkeyPatch):
    def refused(*args: str) -> str:
        forget()
        code, out, err = said(*args)
        assert (code, out, len(err.strip().splitlines())) == (2, "", 1), err
        assert "a-secret" not in err
        return err

    assert "s3://absent/x : ce compartiment n'existe pas" in refused("judge", "--runs", "s3://absent/x")
    with store.refusing():
        assert "l'accès est refusé (InvalidAccessKeyId)" in refused("judge", "--runs", str(both.remote))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert "son serveur ne répond pas" in refused("judge", "--runs", str(both.remote))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://user:a-secret@127.0.0.1:9")
    assert "le serveur n'a pas pu être interrogé" in refused("judge", "--runs", str(both.remote))
    monkeypatch.setenv("AWS_ENDPOINT_URL", store.endpoint)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    assert "personne ne dit qui demande" in refused("judge", "--runs", str(both.remote))
    forget()


def test_a_store_that_is_lost_on_the_way_gets_one_sentence(both: Both, store: Store):
    run = RunFolder(both.remote / both.new)
    err = io.StringIO()
    with store.refusing(), pytest.raises(PermissionError) as error:
        run.update({})
    with redirect_stderr(err):
        assert _ended(error.value) == 2
    assert "le dossier des audits n'est pas accessible, l'accès est refusé (InvalidAccessKeyId)" in err.getvalue()


def _notice(digest: str) -> Notice:
    return Notice(incubator="dinum", subject="", text="", markdown="", digest=digest)
