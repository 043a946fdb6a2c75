"""The schemas of what is published, held against what we write."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from reports.render.exports import COLUMNS, jsonl_lines
from reports.render.summary import render_summary
from tests.reporting.test_data_files import AUDITED, FIGURES, MADE, SCHEMAS, errors, read
from tests.reporting.test_exports import VERDICT

PUBLISHED = sorted((Path(__file__).parent / "published").iterdir())


def schema(name):
    """The published schema, closed: here it must know all that we write, though readers must take what it does not say."""
    found = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(closed(found), format_checker=FormatChecker())


def closed(part):
    if isinstance(part, list):
        return [closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    more = {"additionalProperties": False} if isinstance(part.get("properties"), dict) else {}
    return more | {key: closed(value) for key, value in part.items()}


@pytest.mark.parametrize("name", ["services", "summary"])
def test_what_is_published_is_as_its_schema_says(name):
    schema(f"{name}-1").validate(json.loads(read()[f"data/{name}.json"]))
    schema(f"{name}-1").validate(json.loads(read(services=(), figures=())[f"data/{name}.json"]))


def test_figures_that_are_compared_are_as_their_schema_says():
    told = json.loads(render_summary(MADE, FIGURES, "json", FIGURES[:1]))
    assert [figure["difference"]["is_new"] for figure in told["figures"]] == [False, True, True]
    schema("summary-1").validate(told)


def test_lines_are_as_their_schema_says():
    for line in jsonl_lines([AUDITED]):
        schema("verdict-1").validate(json.loads(line))


def change(told, *path, to):
    *where, last = path
    for key in where:
        told = told[key]
    if to is None:
        del told[last]
    else:
        told[last] = to


@pytest.mark.parametrize(
    "name, path, to",
    [
        ("services", ("run",), None),
        ("services", ("services", 0, "verdicts", "retired-rule", "outcome"), "canttell"),
        ("services", ("services", 0, "verdicts", "retired-rule", "value"), 3),
        ("services", ("services", 0, "verdicts", "legal-notice", "correction", "until"), None),
        ("services", ("services", 0, "phase"), None),
        ("services", ("services", 0, "urls"), "https://a.fr"),
        ("summary", ("as_of",), "hier"),
        ("summary", ("figures", 0, "share"), 71),
        ("summary", ("figures", 0, "low"), None),
        ("summary", ("figures", 0, "denominator"), None),
        ("summary", ("figures", 0, "without", "text"), None),
        ("summary", ("figures", 2, "numerator"), "3"),
    ],
)
def test_what_is_not_so_is_refused(name, path, to):
    told = json.loads(read()[f"data/{name}.json"])
    change(told, *path, to=to)
    open_one = Draft202012Validator(
        json.loads((SCHEMAS / f"{name}-1.json").read_text("utf-8")), format_checker=FormatChecker()
    )
    assert not open_one.is_valid(told)


@pytest.mark.parametrize(
    "path, to", [(("evidence", 0, "capture"), None), (("version",), "1"), (("facts",), []), (("at",), None)]
)
def test_a_line_that_is_not_so_is_refused(path, to):
    told = VERDICT.to_json()
    change(told, *path, to=to)
    assert not schema("verdict-1").is_valid(told)


def test_every_field_of_a_schema_is_described_in_french():
    for path in SCHEMAS.iterdir():
        for name, part in described(json.loads(path.read_text("utf-8"))):
            assert part.get("description"), f"{path.name}: {name}"


def described(part):
    if isinstance(part, list):
        for one in part:
            yield from described(one)
    elif isinstance(part, dict):
        yield from part["properties"].items() if isinstance(part.get("properties"), dict) else ()
        yield from ((field["name"], field) for field in part["fields"]) if "fields" in part else ()
        for value in part.values():
            yield from described(value)


@pytest.mark.parametrize("name, text", [("verdicts", "verdicts.csv"), ("figures", "figures.csv")])
def test_a_table_schema_has_the_columns_of_its_table(name, text):
    fields = json.loads((SCHEMAS / f"{name}-table-1.json").read_text("utf-8"))["fields"]
    head = next(csv.reader(io.StringIO(read()[f"data/{text}"], newline="")))
    assert [field["name"] for field in fields] == head
    assert name == "figures" or head == list(COLUMNS)


@pytest.mark.parametrize("before", PUBLISHED, ids=lambda folder: folder.name)
def test_what_was_published_still_loads(before, tmp_path):
    """These files are never remade: a change that refuses them needs another version of their schema."""
    folder = tmp_path / "data"
    shutil.copytree(before, folder)
    shutil.copytree(SCHEMAS, folder / "schemas")
    assert errors(folder / "datapackage.json") == []
    for resource in json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]:
        if "jsonSchema" in resource:
            told = json.loads((folder / resource["path"]).read_text("utf-8"))
            schema(Path(resource["jsonSchema"]).stem).validate(told)
    for line in (folder / "verdicts.jsonl").read_text("utf-8").splitlines():
        schema("verdict-1").validate(json.loads(line))
