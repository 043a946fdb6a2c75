"""Hostile text in every field that others write, followed to every place where it is read.

Each format is read back by its own reader; pages also by a browser, which is the judge of what runs.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from frictionless import Package
from jsonschema import Draft202012Validator
from lxml import etree, html
from markdown_it import MarkdownIt
from pyld import jsonld
from python_calamine import CalamineWorkbook
from rich.console import Console

from checks.catalogue import BY_ID
from checks.model.errors import InputError
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.service import PhaseGroup
from checks.model.unseen import UNSEEN
from reports.cli import main
from reports.cli.console import on_one_line, put
from reports.cli.since import since
from reports.publisher.publisher import Publisher
from reports.publisher.reading import parse_publisher
from reports.render import foreign
from reports.render.addresses import Addresses
from reports.render.feed import Entry, Source, feed
from reports.render.feeds import Feeds
from reports.render.foreign import uncell
from reports.render.names import file_names
from reports.render.scorecard import render_scorecard
from reports.store.differences import incubators, service_ids
from reports.store.queries import find_run
from reports.store.records import AuditedService
from reports.store.session import open_store
from tests.reporting.hostile_run import (
    HOSTILE,
    RUN,
    beta_registry,
    harmless,
    publisher_file,
    service,
    verdicts,
    write_run,
)
from tests.reporting.test_site import ELEMENTS

FORMULA = tuple("=+-@＝＋－＠")
NO_NAMES = "--host-resolver-rules=MAP * ~NOTFOUND"
WIDTH = """() => {
    document.querySelectorAll('details').forEach(one => { one.open = true });
    return document.documentElement.scrollWidth;
}"""
VERDICT_SCHEMA = Path(foreign.__file__).parent / "schemas" / "verdict-1.json"
EARL = "http://www.w3.org/ns/earl#"
TAGS = """[...document.querySelectorAll('*')]
    .filter(one => !one.closest('.tools') && !one.matches('.sort'))
    .map(one => one.localName)"""
"""But for what our own script adds."""
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True)
class Ended:
    code: object
    out: str
    err: str


def toise(*args: str) -> Ended:
    """The command, on a terminal that takes UTF-8 and nothing else."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(args)
    for stream in (out, err):
        stream.flush()
    return Ended(ended.value.code, *(stream.buffer.getvalue().decode("utf-8") for stream in (out, err)))


BEFORE, NEXT = "2026-11-22T0600Z", "2026-11-24T0600Z"
TURNED = {"passed": "failed", "failed": "passed", "cantTell": "failed"}


def contrary(run: RunFolder, name: str) -> RunFolder:
    """A sound run that says the contrary of another, without its corrections."""
    turned = RunFolder(run.path.with_name(name))
    shutil.copytree(run.path, turned.path, ignore=shutil.ignore_patterns("overrides.toml"))
    turned.update({"id": name, "started_at": f"{name[:10]}T06:00:00Z", "health": {"is_healthy": True, "reasons": []}})
    with turned.verdicts.open("w", encoding="utf-8") as file:
        for verdict in run.read_verdicts():
            said = replace(verdict, run=name, outcome=Outcome(TURNED[verdict.outcome]))
            file.write(f"{said.to_line()}\n")
    return turned


def audited(folder: Path, text_of: Callable[[str], str]) -> SimpleNamespace:
    """A run of these texts, loaded and reported by the command itself, after one that said the contrary."""
    contrary(write_run(folder / "runs", text_of), BEFORE)
    store = ("--database", f"sqlite:///{folder / 'toise.db'}")
    places = (*store, "--runs", str(folder / "runs"))
    said = folder / "éditeur.toml"
    said.write_text(publisher_file(text_of), "utf-8")
    output = ("--output", str(folder / "site"), "--publisher", str(said))
    for ended in (*(toise("load", one, *places) for one in (BEFORE, RUN)), toise("report", RUN, *places, *output)):
        assert ended.code == 0, ended.err[-2000:]
    site = folder / "site"
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    return SimpleNamespace(folder=folder, site=site, files=files, store=store, runs=folder / "runs")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    return audited(tmp_path_factory.mktemp("hostile"), HOSTILE.__getitem__)


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    return audited(tmp_path_factory.mktemp("harmless"), harmless)


def pages(run: SimpleNamespace) -> Mapping[str, html.HtmlElement]:
    return {name: html.fromstring(path.read_bytes()) for name, path in run.files.items() if name.endswith(".html")}


def names_of(text_of: Callable[[str], str]) -> Mapping[str, str]:
    """The pages of services and incubators by the name of the text that stands in them."""
    stored = {name: re.sub("[\0\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text_of(name)) for name in HOSTILE}
    found = file_names(stored.values())
    return {name: found[stored[name]] for name in HOSTILE}


def skeleton(page: html.HtmlElement) -> list[str]:
    return [
        f"{element.tag} {' '.join(sorted(element.keys()))}" for element in page.iter() if isinstance(element.tag, str)
    ]


def is_quiet(text: str) -> bool:
    """Nothing but signs, spaces and ends of line."""
    return not UNSEEN.search(text) and not {"\t", "\r"} & set(text)


def test_no_page_holds_what_is_not_ours(run: SimpleNamespace):
    for name, page in pages(run).items():
        assert {element.tag for element in page.iter()} <= ELEMENTS, name
        assert not [key for element in page.iter() for key in element.attrib if key.startswith("on")], name
        for href in page.xpath("//@href"):
            parts = urlsplit(href)
            assert parts.scheme in {"", "http", "https"}, name
            assert "@" not in parts.netloc, name
        assert is_quiet(page.text_content().replace("\t", "")), name
        assert all(is_quiet(value) for value in page.xpath("//@*")), name


def test_pages_have_the_same_elements_as_with_harmless_text(run: SimpleNamespace, twin: SimpleNamespace):
    hostile, plain = pages(run), pages(twin)
    common = hostile.keys() & plain.keys()
    assert len([name for name in common if name.startswith("rules/")]) == len(BY_ID) + 1
    names, twins = names_of(HOSTILE.__getitem__), names_of(harmless)
    pairs = [(name, name) for name in common]
    for folder in ("services", "incubators"):
        pairs += [(f"{folder}/{names[name]}.html", f"{folder}/{twins[name]}.html") for name in HOSTILE]
    assert len(hostile) == len(plain)
    for one, other in pairs:
        # Lists are sorted by name, so that their rows may come in another order.
        order = sorted if one == other else list
        assert order(skeleton(hostile[one])) == order(skeleton(plain[other])), one


def test_file_names_stay_in_their_folders(run: SimpleNamespace, twin: SimpleNamespace):
    assert len(run.files) == len(twin.files)
    assert {name.count("/") for name in run.files} <= {0, 1, 2}
    assert {name.partition("/")[0] for name in run.files if "/" in name} <= {
        *("services", "incubators", "sponsors", "rules", "data", "preuves", "feeds", "badges")
    }
    assert all(len(Path(name).name.encode()) < 255 for name in run.files)
    assert all(re.fullmatch(r"[\w./%~-]+", name, re.ASCII) for name in run.files)
    assert {path.name.partition("-")[0] for path in run.folder.iterdir()} == {
        "runs",
        "site",
        "toise.db",
        "éditeur.toml",
    }
    data = run.files["data/summary.json"].read_text("utf-8")
    assert json.loads(data)["run"] == RUN
    assert is_quiet(data)


def cells_are_text(lines: list[list[str]]) -> bool:
    """No cell that a spreadsheet runs, nor any sign that is not seen, and every line as wide as the first."""
    return all(
        not (cell.startswith(("\t", "\r")) or cell.lstrip("\t\r\n \u00a0\u200b\ufeff").startswith(FORMULA))
        and not UNSEEN.search(cell)
        for line in lines
        for cell in line
        if not re.fullmatch(r"-?\d+(\.\d+)?", cell)
    ) and {len(line) for line in lines} == {len(lines[0])}


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("by", [(), ("--by", "incubator")], ids=["whole", "parts"])
def test_the_summary(run: SimpleNamespace, by: tuple[str, ...]):
    said = {
        form: toise("summary", RUN, *run.store, *by, "--format", form) for form in ("text", "json", "csv", "markdown")
    }
    assert {ended.code for ended in said.values()} == {0}
    assert is_quiet(said["text"].out)
    assert is_quiet(said["json"].out)
    assert len(json.loads(said["json"].out)["health"]["reasons"]) > 40
    assert cells_are_text(read_csv(said["csv"].out))
    assert is_quiet(said["markdown"].out)
    assert holds_only_our_markdown(said["markdown"].out)


def holds_only_our_markdown(text: str) -> bool:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("|")}
    return (
        {token.tag for token in (*tokens, *inner)}
        <= {"", "blockquote", "br", "li", "p", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}
        and {token.content for token in (*tokens, *inner) if token.type.startswith("html")} <= {"<br>"}
        and len(widths) == 1
        and not re.search(r"\{[{%#]", text)
    )


def test_the_verdicts_as_lines_are_those_of_the_run(run: SimpleNamespace):
    out = toise("export", RUN, *run.store).out
    assert is_quiet(out)
    for line in out.splitlines()[:100]:
        Draft202012Validator(json.loads(VERDICT_SCHEMA.read_text("utf-8"))).validate(json.loads(line))
    lines = (run.runs / RUN / "verdicts.jsonl").read_text("utf-8")
    stored = re.sub(r"\\u(?:0000|d83d|dc00)", "\N{REPLACEMENT CHARACTER}", lines)  # what no database holds
    assert sorted(out.splitlines()) == sorted(stored.splitlines())


def test_the_verdicts_as_a_table_in_two_formats(run: SimpleNamespace, tmp_path: Path):
    lines = read_csv(toise("export", RUN, *run.store, "--format", "csv").out)
    assert cells_are_text(lines)
    assert len(lines) == 1 + 9 * len(HOSTILE)
    book = tmp_path / "verdicts.xlsx"
    assert toise("export", RUN, *run.store, "--format", "xlsx", "--output", str(book)).code == 0
    sheet = sheet_of(book)
    assert {element.tag.removeprefix(SPREADSHEET) for element in sheet.iter()}.isdisjoint({"f", "hyperlink"})
    at, excerpt = lines[0].index("at"), lines[0].index("excerpt")
    for read, line in zip(rows_of(sheet, len(lines[0])), lines, strict=True):
        assert len(line[excerpt]) < 32_767
        expected = [cell for rank, cell in enumerate(line) if rank != at]
        assert [cell.replace("_x000D_", "\r") for rank, cell in enumerate(read) if rank != at] == expected


def test_the_verdicts_as_a_table_in_the_format_of_libreoffice(run: SimpleNamespace, tmp_path: Path):
    lines = read_csv(toise("export", RUN, *run.store, "--format", "csv").out)
    book = tmp_path / "verdicts.ods"
    assert toise("export", RUN, *run.store, "--format", "ods", "--output", str(book)).code == 0
    with ZipFile(book) as parts:
        content = etree.fromstring(parts.read("content.xml"), etree.XMLParser(huge_tree=True))
    assert {etree.QName(cell).localname for row in content.iter("{*}table-row") for cell in row.iter()} <= {
        *("table-row", "table-cell", "p", "s")
    }
    assert not [key for element in content.iter() for key in element.attrib if re.search("formula|href|repeated", key)]
    (sheet,) = (CalamineWorkbook.from_path(book).get_sheet_by_index(0),)
    at = lines[0].index("at")
    for read, line in zip(sheet.to_python(), lines, strict=True):
        expected = [re.sub(r"\r\n?", "\n", cell) for rank, cell in enumerate(line) if rank != at]
        found = [f"{cell:.0f}" if isinstance(cell, float) else cell for rank, cell in enumerate(read) if rank != at]
        assert found == expected


def test_the_verdicts_as_assertions(run: SimpleNamespace, twin: SimpleNamespace):
    out, plain = (toise("export", RUN, *one.store, "--format", "earl").out for one in (run, twin))
    assert is_quiet(out)
    nodes = jsonld.flatten(json.loads(out))
    assert sorted(shapes(nodes)) == sorted(shapes(jsonld.flatten(json.loads(plain))))
    names = {one["@id"] for node in nodes for one in [node, *chain(*node.values())] if "@id" in one}
    outcomes = {f"{EARL}{name}" for name in ("passed", "failed", "cantTell", "automatic", "manual")}
    ours = re.compile(r"urn:uuid:[0-9a-f-]{36}|_:b\d+")
    assert {name for name in names if not ours.fullmatch(name)} == outcomes | {HOSTILE["address, long"]}


def test_the_data_of_a_site(run: SimpleNamespace):
    data = {name: path for name, path in run.files.items() if name.startswith("data/")}
    for name, path in data.items():
        assert re.fullmatch(r"data/(schemas/)?[\w-]+\.(csv|json)", name)
        text = path.read_bytes().decode("utf-8")
        assert cells_are_text(read_csv(text)) if name.endswith(".csv") else is_quiet(text), name
    for name in ("services", "summary"):
        told, schema = (
            json.loads(data[f"data/{part}"].read_text("utf-8")) for part in (f"{name}.json", f"schemas/{name}-1.json")
        )
        Draft202012Validator(schema).validate(told)
    assert Package(str(data["data/datapackage.json"])).validate().valid


def test_badges_hold_nothing_foreign(run: SimpleNamespace, twin: SimpleNamespace):
    hostile, plain = (
        {name: path for name, path in one.files.items() if name.startswith("badges/")} for one in (run, twin)
    )
    assert all(re.fullmatch(r"badges/[\w.%~-]+/[\w-]+\.svg", name, re.ASCII) for name in hostile)
    assert len(hostile) == len(plain) > len(BY_ID)
    assert {path.read_bytes() for path in hostile.values()} == {path.read_bytes() for path in plain.values()}


def shapes(nodes: list[dict[str, object]]) -> Iterator[str]:
    return (f"{node.get('@type')} {sorted(key for key in node if key != '@id')}" for node in nodes)


def sheet_of(book: Path) -> etree._Element:
    with ZipFile(book) as parts:
        assert not [name for name in parts.namelist() if "external" in name.lower() or "vba" in name.lower()]
        assert "sheet1.xml.rels" not in " ".join(parts.namelist())
        return etree.fromstring(parts.read("xl/worksheets/sheet1.xml"), etree.XMLParser(huge_tree=True))


def rows_of(sheet: etree._Element, width: int) -> Iterator[list[str]]:
    """The cells of each row, as they are written."""
    letters = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    columns = [*letters, *(f"A{letter}" for letter in letters)][:width]
    for row in sheet.iter(f"{SPREADSHEET}row"):
        cells = {re.sub(r"\d", "", cell.get("r")): "".join(cell.itertext()) for cell in row}
        yield [cells.get(column, "") for column in columns]


def test_what_is_behind_a_figure(run: SimpleNamespace):
    """Of every figure, corrections included; the services behind it add up to it."""
    places = (*run.store, "--runs", str(run.runs))
    for figure in json.loads(toise("summary", RUN, *run.store, "--format", "json").out)["figures"]:
        text = toise("trace", figure["id"], RUN, *places)
        assert (text.code, is_quiet(text.out), is_quiet(text.err)) == (0, True, True)
        about, *lines = toise("trace", figure["id"], RUN, *places, "--format", "jsonl").out.splitlines()
        assert all(map(is_quiet, (about, *lines)))
        outcomes = [json.loads(line)["outcome"] for line in lines]
        assert json.loads(about)["figure"] == figure
        assert (outcomes.count("passed"), outcomes.count("failed"), outcomes.count("cantTell")) == (
            figure["numerator"], figure["failed"], figure["undecided"],
        )  # fmt: skip
        assert bool(figure["corrections"]) is any(json.loads(line)["overrides"] for line in lines)


def test_what_is_to_be_looked_at(run: SimpleNamespace, tmp_path: Path):
    places = (*run.store, "--runs", str(run.runs))
    text, document = (toise("review", RUN, *places, "--limit", "999", "--format", form) for form in ("text", "json"))
    assert (text.code, is_quiet(text.out), is_quiet(text.err)) == (0, True, True)
    assert is_quiet(document.out)
    found = json.loads(document.out)["cases"]
    assert {concern["kind"] for case in found for concern in case["concerns"]} >= {
        *("undecided", "correction", "registry", "undeclared")
    }
    assert len({case["service"] for case in found}) == len(HOSTILE)
    lines = read_csv(toise("review", RUN, *places, "--format", "csv").out)
    assert cells_are_text(lines)
    assert len(lines) == 1 + sum(len(case["verdicts"]) for case in found)
    book = tmp_path / "douteux.xlsx"
    assert toise("review", RUN, *places, "--format", "xlsx", "--output", str(book)).code == 0
    sheet = sheet_of(book)
    assert {element.tag.removeprefix(SPREADSHEET) for element in sheet.iter()}.isdisjoint({"f", "hyperlink"})
    for read, line in zip(rows_of(sheet, len(lines[0])), lines, strict=True):
        assert [cell.replace("_x000D_", "\r") for cell in read] == line


def test_what_is_decided_of_hostile_names_comes_back(run: SimpleNamespace, tmp_path: Path):
    """All of it where the name can be seen whole; else one sentence, of which nothing acts."""
    places = (*run.store, "--runs", str(run.runs))
    lines = read_csv(toise("review", RUN, *places, "--rule", "https", "--format", "csv").out)
    service, first = lines[0].index("service"), lines[0].index("decision")
    refused, taken = 0, 0
    for line in lines[1:]:
        decided = [*line]
        said = (line[service], "a", "https://a.fr/", "2027-05-23")
        decided[first : first + 5] = ["passed", *said]
        file = tmp_path / "décisions.csv"
        with file.open("w", encoding="utf-8", newline="") as table:
            csv.writer(table, delimiter=";").writerows([lines[0], decided])
        ended = toise("review", RUN, *places, "--decisions", str(file))
        assert is_quiet(ended.err)
        assert is_quiet(ended.out)
        refused += ended.code == 2
        taken += ended.code == 0
        if ended.code == 0:
            (one,) = tomllib.loads(ended.out)["override"]
            name = uncell(line[service]).strip()
            assert (one["service"], one["reason"]) == (name, name)
        else:
            assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1)
            assert len(ended.err) < 2_000
    assert refused + taken == len(lines) - 1
    assert taken > 30


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_what_changed_between_two_runs(run: SimpleNamespace, twin: SimpleNamespace, form: str):
    said = toise("compare", str(twin.runs / RUN), str(run.runs / RUN), "--all", "--format", form)
    assert said.code == 0, said.err
    assert is_quiet(said.err)
    if form == "csv":
        assert cells_are_text(read_csv(said.out))
    else:
        assert is_quiet(said.out)
    if form == "json":
        assert len(json.loads(said.out)["changes"]) > 2 * len(HOSTILE)


def test_suggestions_to_a_registry(run: SimpleNamespace):
    said = {
        form: toise("registry", "--suggest", RUN, "--runs", str(run.runs), "--format", form)
        for form in ("text", "json", "csv")
    }
    assert {ended.code for ended in said.values()} == {0}
    assert is_quiet(said["text"].out)
    assert is_quiet(said["json"].out)
    lines = read_csv(said["csv"].out)
    assert len(lines) - 1 == len(json.loads(said["json"].out)["suggestions"]) > len(HOSTILE)
    assert cells_are_text(lines)


def test_a_registry(tmp_path: Path):
    file = tmp_path / "registre\x1b[31m\u202e\n.json"
    file.write_bytes(beta_registry(HOSTILE))
    read = toise("registry", str(file))
    assert read.code == 0
    assert is_quiet(read.out)
    assert [json.loads(line)["id"] for line in read.out.splitlines()] == [f"service-{n}" for n in range(len(HOSTILE))]
    assert is_quiet(read.err)
    assert all(line.startswith("Attention : ") for line in read.err.splitlines()), "each sentence is a line"
    said = {form: toise("registry", str(file), "--figures", "--format", form).out for form in ("text", "json", "csv")}
    assert is_quiet(said["text"])
    assert is_quiet(said["json"])
    assert cells_are_text(read_csv(said["csv"]))


def entry_of(text: str) -> Entry:
    return Entry(
        run=text,
        updated="2026-11-23T06:00:00Z",
        service=text,
        name=text,
        rule=text,
        title=text,
        before=None,
        after=Outcome.FAILED,
        message=text,
        page=text,
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_feed(name: str):
    text = HOSTILE[name]
    written = feed(text, [entry_of(text)], Source(updated="2026-11-23T06:00:00Z", site=text, own=text))
    root = etree.fromstring(written.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    plain = feed("x", [entry_of("x")], Source(updated="2026-11-23T06:00:00Z", site="x", own="x"))
    tags = [element.tag for element in etree.fromstring(plain.encode()).iter()]
    assert [element.tag for element in root.iter()] == (tags if text.strip() else tags[:-1])
    assert not root.getroottree().docinfo.doctype
    said = "".join(root.itertext())
    assert said.count("\u2068") == said.count("\u2069") == 2, "the marks around a name are ours"
    assert is_quiet(re.sub("[\u2068\u2069]", "", said))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Two sound runs, the second of which says the contrary of the first, without its corrections."""
    folder = tmp_path_factory.mktemp("two")
    first = write_run(folder / "runs", HOSTILE.__getitem__)
    second = contrary(first, NEXT)
    store = ("--database", f"sqlite:///{folder / 'toise.db'}", "--runs", str(folder / "runs"))
    first.update({"health": {"is_healthy": True, "reasons": []}})
    for run in (first, second):
        ended = toise("load", run.id, *store)
        assert ended.code == 0, ended.err[-2000:]
    return SimpleNamespace(folder=folder, store=store, database=store[1])


def test_notices(two: SimpleNamespace):
    site = ("--site", "https://toise.example.org/")
    said = {form: toise("notify", NEXT, *two.store, *site, "--format", form) for form in ("text", "markdown")}
    for ended in said.values():
        assert ended.code == 0, ended.err
        assert is_quiet(ended.out)
        assert is_quiet(ended.err)
        messages = [part.split("\n", 2)[2] for part in ended.out.split("À      ")[1:]]
        assert len(messages) == len(
            {re.sub("[\0\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text) for text in HOSTILE.values()}
        )
        for message in messages:
            assert "@" not in message, "nobody is called"
            assert {urlsplit(url).netloc for url in re.findall(r"\w+://[^\s/)]+", message)} == {"toise.example.org"}
            assert not re.search(r"\bwww\.\S", message)
    for message in messages:
        assert holds_only_the_markdown_of_notices(message)


def holds_only_the_markdown_of_notices(text: str) -> bool:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    links = [child.attrGet("href") for child in inner if child.type == "link_open"]
    return (
        {token.tag for token in (*tokens, *inner)} <= {"", "a", "br", "code", "h4", "li", "p", "strong", "ul"}
        and not [token for token in (*tokens, *inner) if token.type.startswith("html")]
        and all(link.startswith("https://toise.example.org/") for link in links)
        and len(links) > 0
    )


def test_the_feeds_of_the_site(two: SimpleNamespace):
    engine = open_store(two.database)
    new, old = find_run(engine, NEXT), find_run(engine, RUN)
    pages = Addresses(
        base="../", services=file_names(service_ids(engine, NEXT)), incubators=file_names(incubators(engine, NEXT))
    )
    feeds = Feeds(new, BY_ID, pages)
    with since(engine, old, new, None) as (found, _):
        feeds.add(found)
    written = dict(feeds.files())
    engine.dispose()
    assert len(written) == len(pages.incubators)
    for path, text in written.items():
        assert re.fullmatch(r"feeds/[\w.%~-]+\.atom", path, re.ASCII)
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
        entries = root.findall("{*}entry")
        assert len(entries) == 8
        assert is_quiet(re.sub("[\u2068\u2069]", "", "".join(root.itertext())))
        assert {urlsplit(link.get("href")).scheme for link in root.iter("{*}link")} == {""}
        assert all(link.get("href").startswith("../") for link in root.iter("{*}link"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_scorecard_in_a_terminal(name: str):
    text = HOSTILE[name]
    found = AuditedService(service=service(text), group=PhaseGroup.CONSTRUCTION, verdicts=tuple(verdicts(text)))
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True, color_system="standard", highlight=False)
    console.print(render_scorecard(found, BY_ID, width=80))
    assert is_quiet(re.sub(r"\x1b\[[\d;]*m", "", out.getvalue())), "colours, and nothing else"


PAGE = """<!doctype html><html lang="fr"><title>{0}</title><h1>{0}</h1><p>{0}</p>
<footer><a href="/accessibilite">Accessibilité : non conforme {0}</a> <a href="/stats?{0}">Statistiques {0}</a></footer>"""


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_site_that_is_checked(tmp_path: Path, form: str):
    text = " ".join(
        HOSTILE[name] for name in ("escapes", "osc 8", "controls", "c1", "overrides", "isolates", "rich", "zalgo")
    )
    (tmp_path / "page.html").write_text(PAGE.format(text), "utf-8")
    page = f"/={tmp_path / 'page.html'}"
    ended = toise("check", "https://exemple.invalid", "--page", page, "--render", "never", "--format", form)
    assert ended.code == 0, ended.err
    assert "non conforme" in ended.out
    assert is_quiet(ended.out)
    assert is_quiet(ended.err)


def test_whatever_is_printed_is_seen(capsys: pytest.CaptureFixture[str]):
    put("\x1b[2Jétat\x9b\u202e \ud83d")
    assert capsys.readouterr().out == "⟨U+001B⟩[2Jétat⟨U+009B⟩⟨U+202E⟩ ⟨U+D83D⟩\n"


class OldTerminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def test_a_terminal_that_cannot_write_a_name_shows_its_code(run: SimpleNamespace):
    out = OldTerminal(io.BytesIO(), encoding="latin-1")
    with redirect_stdout(out), pytest.raises(SystemExit) as ended:
        main(("summary", RUN, *run.store))
    assert ended.value.code == 0
    assert b"\\u27e8U+202E\\u27e9" in out.buffer.getvalue()


def taken(raw: bytes) -> tuple[Publisher | None, str]:
    """What is read of a file, or why it is refused."""
    try:
        return parse_publisher(raw, "éditeur.toml", date(2026, 11, 28)), ""
    except InputError as error:
        return None, str(error)


@pytest.mark.parametrize("key", ["site", "host.name", "security.contact", "pages.repository", "hôte"])
def test_the_file_of_a_publisher_is_quoted_without_harm(key: str):
    """What is refused is one quiet sentence; what is taken cannot leave its line in what servers read."""
    for text in HOSTILE.values():
        said, refused = taken(with_value(key, json.dumps(text, ensure_ascii=False)).encode("utf-8", "surrogatepass"))
        assert is_quiet(on_one_line(refused))
        assert len(refused) < 600
        if said is not None:
            assert re.fullmatch(r"https://[a-z0-9.:-]+/[\w.~/-]*", said.site, re.ASCII)
            assert said.security is None or re.fullmatch(r"\S+", said.security.contact)


def with_value(key: str, value: str) -> str:
    """A good file with this value at this place."""
    given = publisher_file(harmless)
    table, _, last = key.partition(".")
    line = f"{last or json.dumps(table, ensure_ascii=False)} = {value}"
    if table == "site":
        return re.sub(r"\Asite = .*", lambda _: f"site = {value}", given)
    if table == "host":
        return re.sub(r"(?<=\[host\]\n)name = .*", lambda _: line, given)
    return f"{given}\n[{table}]\n{line}\n" if last else f"{line}\n{given}"


ACTING = "\x1b[2J\x9b31m\u202e\r\n:smile: [red]" + "mot" * 3_500


@pytest.mark.parametrize(
    "args",
    [
        ("summary", ACTING),
        ("export", ACTING),
        ("review", ACTING),
        ("review", "--decisions", ACTING),
        ("review", "--kind", ACTING),
        ("load", "--overrides", ACTING),
        ("load", ACTING),
        ("explain", ACTING),
        ("registry", f"{ACTING}.json"),
        ("check", f"javascript:{ACTING}"),
        ("audit", "reg.csv", "--only", ACTING),
        ("audit", "reg.csv", "--fail-under", f"{ACTING}=3"),
        (ACTING,),
        ("summary", f"--{ACTING}"),
        ("summary", "--format", ACTING),
    ],
    ids=lambda args: " ".join(args)[:20].encode("unicode_escape").decode(),
)
def test_a_message_quotes_without_harm(args: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("reg.csv").write_text("id,name,url\nun,Un,https://un.invalid\n", "utf-8")
    toise("load")  # a base for those that want one
    ended = toise(*args)
    assert ended.code == 2
    assert ended.out == ""
    assert is_quiet(ended.err)
    assert len(ended.err.splitlines()) == 1
    assert len(ended.err) < 2_000
    assert "\N{SMILING FACE WITH OPEN MOUTH AND SMILING EYES}" not in ended.err


def test_a_run_that_contradicts_itself_is_quoted_without_harm(tmp_path: Path):
    folder = write_run(tmp_path / "runs", HOSTILE.__getitem__)
    places = ("--runs", str(tmp_path / "runs"), "--database", f"sqlite:///{tmp_path / 'toise.db'}")
    for name in ("escapes", "c1", "overrides", "rich", "long word", "return", "separators"):
        line = next(verdicts(HOSTILE[name])).to_line()
        folder.verdicts.write_text(f"{line}\n{line}\n", "utf-8")
        ended = toise("load", RUN, *places)
        assert ended.code == 2
        assert is_quiet(ended.err)
        assert len(ended.err.splitlines()) == 1
        assert len(ended.err) < 2_000


def test_a_browser_runs_nothing_asks_for_nothing_and_never_scrolls_sideways(run: SimpleNamespace, browser: Path):
    playwright = pytest.importorskip("playwright.sync_api")
    happened: list[str] = []
    asked: set[str] = set()
    read = pages(run)
    # That of errors is only ever served, so that its links begin at the top of the host.
    shown = [name for name in read if re.fullmatch(r"(services/.*|\w+/index|rules/h.*|(?!404)[\w-]+)\.html", name)]
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu", NO_NAMES])
        page = chromium.new_page(viewport={"width": 320, "height": 640})
        page.on("dialog", lambda dialog: (happened.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda said: happened.append(f"console {said.text}"))
        page.on("pageerror", lambda error: happened.append(f"error {error}"))
        page.on("popup", lambda popup: happened.append(f"popup {popup.url}"))
        page.on("request", lambda request: asked.add(request.url))
        for name in shown:
            page.goto(run.files[name].as_uri())
            assert page.evaluate(WIDTH) <= 320, name
            assert page.evaluate(TAGS) == [element.tag for element in read[name].iter()], name
        chromium.close()
    assert len(shown) > len(HOSTILE) + 6
    assert happened == []
    assert asked == {run.files[name].as_uri() for name in [*shown, "toise.css", "toise.js"]}
