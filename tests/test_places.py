from __future__ import annotations

import sys
from pathlib import Path
from uuid import uuid4

import pytest

from checks.model.errors import InputError
from checks.model.locks import lock_of
from checks.model.place import (
    Listing,
    Place,
    begin,
    content,
    fetched,
    forget_parts,
    is_local,
    names,
    publish,
    rename,
    replacing,
)
from crawler.places import place_of


@pytest.fixture(params=["a folder", "an address"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return tmp_path / "run [1]" if request.param == "a folder" else place_of(f"memory://{uuid4()}/run 1")


def test_a_place_is_begun_once_and_lists_what_it_holds(folder: Place):
    assert names(folder) == []
    begin(folder, "captures")
    with pytest.raises(FileExistsError):
        begin(folder, "captures")

    for name in ("a.warc.gz", "é [2]#2.warc.gz"):
        (folder / "captures" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "captures" / name).write_bytes(name.encode())

    assert sorted(names(folder / "captures")) == ["a.warc.gz", "é [2]#2.warc.gz"]
    assert "captures" in names(folder)
    assert content(folder / "captures" / "é [2]#2.warc.gz") == "é [2]#2.warc.gz".encode()
    assert ("a.warc.gz" in Listing(folder / "captures"), "b" in Listing(folder / "captures")) == (True, False)
    assert "b" not in Listing(folder / "nothing")


def test_a_file_is_the_former_one_or_the_whole_new_one(folder: Place, tmp_path: Path):
    begin(folder, "captures")
    place = folder / "verdicts.jsonl"
    with replacing(place) as file:
        file.write("é\n")
    with pytest.raises(ZeroDivisionError), replacing(place) as file:
        file.writelines("half" if number else str(1 // number) for number in (1, 0))
    assert content(place) == "é\n".encode()

    (tmp_path / "made").write_bytes(b"whole")
    publish(tmp_path / "made", place)
    with fetched(place) as file:
        file.seek(2)
        assert file.read() == b"ole"
    publish(tmp_path / "made", folder / "new")
    rename(folder / "new", "verdicts-1.jsonl")

    assert {name for name in names(folder) if name not in {".begun", "captures"}} == {
        "verdicts.jsonl",
        "verdicts-1.jsonl",
    }
    assert (tmp_path / "made").exists()


def test_what_is_not_there_is_said_to_be_missing(folder: Place, tmp_path: Path):
    for read in (content, lambda place: fetched(place).__enter__()):
        with pytest.raises(FileNotFoundError):
            read(folder / "nothing")
    with pytest.raises(FileNotFoundError):
        publish(tmp_path / "nothing", folder / "something")

    assert names(folder) == []


def test_remains_are_deleted_where_there_can_be_some(folder: Place):
    begin(folder, "captures")
    forget_parts(folder)
    if is_local(folder):
        (folder / ".run.json.1.part").write_bytes(b"")
        forget_parts(folder)
        assert names(folder) == ["captures"]


def test_a_lock_is_a_file_of_this_machine(folder: Place):
    lock = lock_of(folder, "audit")

    assert lock.parent.is_dir() is (not is_local(folder))
    assert lock == lock_of(folder, "audit") != lock_of(folder, "crawl")
    assert lock != lock_of(folder.with_name("another"), "audit")


@pytest.mark.parametrize("text", ["runs", "/var/audits", "a:b", "run@2026"])
def test_a_folder_stays_a_path(text: str):
    assert place_of(text) == Path(text)


def test_a_file_address_is_a_folder_of_this_machine(tmp_path: Path):
    assert place_of((tmp_path / "à nous").as_uri()) == tmp_path / "à nous"


SECRET = "hunter2"  # noqa: S105 - nobody's


@pytest.mark.parametrize(
    "text,sentence",
    [
        ("xyz://foo/bar", "aucune sorte d'adresse ne s'appelle « xyz »"),
        ("s3://bucket/audits*", "donnez un autre nom"),
        ("s3:///audits", "ne nomme aucun compartiment"),
        (f"s3://key:{SECRET}@bucket/audits", "L'adresse d'audits s3://… contient un nom, un mot de passe ou une clé"),
        (f"ftp://{SECRET}@host/audits", "FSSPEC_FTP_PASSWORD"),
        (f"abfs://who:{SECRET}@host/audits", "mot de passe"),
        (f"https://host/audits?key={SECRET}", "mot de passe"),
        (f"simplecache::s3://{SECRET}:x@bucket/audits", "illisible"),
        (f"s3://[{SECRET}/audits", "illisible"),
        (f"://{SECRET}", "illisible"),
        ("gs://bucket/audits", "demande le module Python « gcsfs », qui n'est pas installé : installez-le"),
    ],
)
def test_an_address_that_cannot_be_used_gets_one_sentence_without_its_secret(text: str, sentence: str):
    with pytest.raises(InputError) as refused:
        place_of(text)

    assert sentence in str(refused.value)
    assert SECRET not in str(refused.value)


def test_without_the_extra_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "upath", None)

    with pytest.raises(InputError, match=r"« universal_pathlib », qui n'est pas installé : installez toise\[s3\]"):
        place_of("s3://bucket/audits")
