"""A site is built once from a hostile run, then read as a browser and a screen reader would."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from lxml import html

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.model.service import PhaseGroup, Service
from checks.model.unseen import UNSEEN
from checks.model.verdict import Verdict
from reports.figures.figure import Figure, Share
from reports.figures.past import Counted
from reports.overrides.override import Override
from reports.overrides.standing import Standing
from reports.render.pages import lists, rules
from reports.render.site import Report, build_site
from reports.store.records import AuditedService, RunRecord

PAGE = """La page d'accueil affiche le niveau de conformité.

Comment corriger
----------------
- Ajoutez `Accessibilité : non conforme` au pied de page.

Référence
---------
Loi n° 2005-102 : https://www.legifrance.gouv.fr/loda.
"""
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></table><h1>Piraté</h1>",
    "\u202egpj.exe\u2066",
    "mot" * 3500,
    '=HYPERLINK("https://evil.example","ici")',
    "../../etc/passwd",
    "..\\..\\windows",
    "{{ 7 * 7 }}{% raw %}",
    "\x1b[31mrouge\x00\ud800",
    "javascript:alert(1)",
    " ",
)
CAPTURE = "<urn:uuid:00000000-0000-4000-8000-%012d>"
ELEMENTS = {
    *("html", "head", "meta", "title", "link", "script", "body", "a", "header", "p", "span", "nav", "ul", "ol", "li"),
    *("main", "div", "strong", "h1", "h2", "h3", "article", "details", "summary", "blockquote", "bdi", "code", "dl"),
    *("dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "small", "br", "footer", "pre"),
    *("svg", "g", "path", "rect", "circle", "text"),
}
"""All that our pages are made of."""

ATTRIBUTES = {
    *("lang", "charset", "name", "content", "http-equiv", "rel", "href", "class", "id", "tabindex", "role", "scope"),
    *("open", "aria-label", "aria-labelledby", "aria-hidden", "aria-current", "defer", "src"),
    *("data-tools", "data-choose", "data-rule", "data-rank", "data-find", "data-outcome", "data-outcomes"),
    *("data-failed", "data-canttell", "data-passed", "data-inapplicable", "data-untested", "data-rules"),
    *("data-phase", "data-incubator"),
    *("data-reset", "data-shown", "data-sort", "data-up", "data-down", "data-scope"),
    *("viewbox", "transform", "d", "x", "y", "width", "height", "cx", "cy", "r"),
}


def _rule(name, title):
    return Rule(
        id=name,
        version=2,
        since="0.1.0",
        status=Status.ACTIVE,
        title=title,
        page=PAGE,
        judge=lambda: Finding(reason="level-not"),
        outcomes={"level-not": Outcome.PASSED, "no-mention": Outcome.FAILED},
        messages={"level-not": "Le niveau est affiché.", "no-mention": "La page n'affiche aucun niveau."},
        warnings={"mention-not-on-inner-pages": "Les autres pages ne l'affichent pas."},
    )


RULES = {
    name: _rule(name, title)
    for name, title in (("accessibility-mention", "Mention d'accessibilité"), ("https", "Connexion HTTPS"))
}


def _verdict(service, reason, outcome, rule="accessibility-mention", **more):
    at = "2026-11-23T06:02:11Z"
    return Verdict(run="r", service=service, rule=rule, version=2, outcome=outcome, reason=reason, at=at, **more)


def _hostile_services():
    for number, text in enumerate(HOSTILE):
        evidence = Evidence(url=text, capture=text, excerpt=text, locator=text)
        archived = Evidence(url="https://a.example/?x=<b>", capture=CAPTURE % number, status=200)
        failed = _verdict(
            text,
            "no-mention",
            Outcome.FAILED,
            value=text,
            warnings=(text, "moved"),
            evidence=(evidence, archived),
            facts={
                "missing": [text],
                "received": [text],
                "send": text,
                "remedies": {"nginx": f"{text}\nadd_header", text: text},
                "score": 55,
                "preload": text,
                "tests": {
                    "cookies": {"result": "cookies-without-secure-flag", "pass": False, "scoreModifier": -20},
                    text: {"result": text, "pass": True, "scoreModifier": 0},
                },
            },
        )
        service = Service(
            id=text,
            name=text,
            urls=(text,),
            incubators=(text, "dinum"),
            sponsors=(text,),
            statistics_url=text,
            budget_url="/budget",
            repository=text,
            accessibility_status=text,
            warnings=(text, f"unknown-phase:{text}"),
        )
        old = _verdict(text, text, Outcome.CANT_TELL, rule="https")
        yield AuditedService(
            service=service, group=PhaseGroup.CONSTRUCTION, verdicts=(failed, old), overrides=(_override(text),)
        )


def _override(text):
    """As a base that others wrote may hold it: what we read is checked."""
    about = {"service": text, "rule": "https", "reason": text, "author": text, "evidence": text}
    return Override(**about, outcome=Outcome.CANT_TELL, until=date(2026, 12, 1))


def _standing():
    overrides = tuple(map(_override, HOSTILE))
    return Standing(applied=overrides, ending=overrides, expired=overrides, without_service=overrides)


def _plain_services():
    evidence = Evidence(
        url="https://a-just.example/",
        capture=CAPTURE % 99,
        status=200,
        excerpt="Accessibilité : non conforme",
        locator="footer a[3]",
    )
    passed = _verdict("A-just", "level-not", Outcome.PASSED, value="not", evidence=(evidence,))
    lost = replace(evidence, capture=CAPTURE % 100)
    again = _verdict("A-just", "level-not", Outcome.PASSED, rule="https", evidence=(evidence, lost))
    warned = replace(passed, warnings=("mention-not-on-inner-pages", "insecure-fetch"))
    service = Service(id="A-just", name="À Just", urls=("https://a-just.example/",), incubators=("dinum",))
    yield AuditedService(service=service, group=PhaseGroup.ACCELERATION, verdicts=(warned, again))
    silent = _verdict("a-just", "no-url", Outcome.INAPPLICABLE)
    yield AuditedService(service=Service(id="a-just", name="À Just"), group=PhaseGroup.UNKNOWN, verdicts=(silent,))
    yield AuditedService(service=Service(id="index", name="Fini"), group=PhaseGroup.STOPPED)


def _figure(by="", group="", share=None, **more):
    return Figure(
        id=more.pop("id", "accessibility-obligations"),
        label="Services qui respectent leurs obligations",
        population="services non arrêtés qui ont une adresse",
        definition="La règle est respectée.",
        share=share,
        by=by,
        group=group,
        **more,
    )


def _earlier(started_at):
    about = {"registry_digest": "sha256:abc", "ruleset": "sha256:old", "state": {"ruleset": {"rules": {}}}}
    return RunRecord(id=started_at, started_at=started_at, as_of=started_at[:10], **about)


def _report(**changes):
    share = Share(passed=170, failed=66, undecided=12, inapplicable=62, untested=1)
    few = Share(passed=3, failed=2)
    named = (*HOSTILE, "dinum")
    services = (*_hostile_services(), *_plain_services())
    details = {
        "not-ended": 35,
        "events": [{"service": HOSTILE[0], "date": None, "comment": HOSTILE[1]}],
        "services": [],
    }
    before = Counted(run=_earlier("2025-11-20T06:00:00Z"), figures=(_figure(share=replace(share, passed=100)),))
    report = Report(
        run=RunRecord(
            id="2026-11-23T0600Z",
            started_at="2026-11-23T06:00:00Z",
            as_of="2026-11-22",
            registry_digest="sha256:abc",
            ruleset="sha256:def",
            state={
                "versions": {"toise": "0.1.0"},
                "ruleset": {"rules": {name: {"version": 2} for name in RULES}},
                "registry": {"source": "https://beta.example/api.json"},
                "overrides": {"digest": "sha256:ghi", **_standing().to_json()},
            },
        ),
        figures=(_figure(share=share),),
        registry_figures=(
            _figure(id="investigations", count=38, details=details),
            *(_figure(id="services-by-incubator", by="incubator", group=name, count=4) for name in named),
        ),
        by_phase=(_figure("phase", "construction", share), _figure("phase", "acceleration", few)),
        by_incubator=tuple(_figure("incubator", name, few) for name in named),
        by_sponsor=tuple(_figure("sponsor", name, Share()) for name in HOSTILE),
        services=services,
        bare_services=services,
        rules=RULES,
        evidence=lambda evidence, service: None if evidence.capture == CAPTURE % 100 else f"{service} <b>vu</b> à\r\n",
        past=(before,),
        year_before=before,
    )
    return replace(report, **changes)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return build_site(_report(), tmp_path_factory.mktemp("public") / "site").parent


@pytest.fixture(scope="module")
def pages(site):
    """Every page by its path in the site."""
    return {path.relative_to(site).as_posix(): html.fromstring(path.read_bytes()) for path in site.rglob("*.html")}


def _text(element):
    return " ".join(element.text_content().split())


def test_no_element_nor_attribute_comes_from_foreign_text(pages):
    for page in pages.values():
        assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= ELEMENTS
        assert {name for element in page.iter() for name in element.attrib} <= ATTRIBUTES
        assert {urlsplit(href).scheme for href in page.xpath("//a/@href")} <= {"", "https"}
        assert not set(page.text_content()) & set("\u202e\u2066\x1b\x00")


def test_foreign_text_is_shown_as_it_is(pages):
    names = set(pages["services/index.html"].xpath("//tbody//th//bdi/text()"))
    assert {"<script>alert(1)</script>", "../../etc/passwd", "{{ 7 * 7 }}{% raw %}"} <= names
    assert "⟨U+202E⟩gpj.exe⟨U+2066⟩" in names
    page = pages["services/javascript%3Aalert%281%29.html"]
    (seen,) = page.xpath("//div[@class='seen']")
    assert "javascript:alert(1)" in _text(seen)
    assert not seen.xpath(".//a")


def test_every_service_has_its_own_page(site, pages):
    report = _report()
    found = [path for path in pages if path.startswith("services/") and path != "services/index.html"]
    assert len({path.lower() for path in found}) == len(report.services)
    assert {file.name for file in site.parent.iterdir()} == {"site"}


def test_every_page_is_structured(pages):
    for path, page in pages.items():
        levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4")]
        assert levels.count(1) == 1, path
        assert levels[0] == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path
        assert page.get("lang") == "fr"
        assert page.xpath("count(//header) + count(//main) + count(//footer) + count(//nav[@aria-label])") == 4
        assert page.xpath("string(//body/a[1]/@href)") == "#contenu", "the skip link comes first"
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path
        assert {name for names in page.xpath("//@aria-labelledby") for name in names.split()} <= set(ids), path


def test_titles_tell_pages_apart(pages):
    titles = [page.findtext("head/title") for page in pages.values()]
    assert len(set(titles)) == len(titles)
    assert all(title.strip() for title in titles)


def test_tables_can_be_read_without_seeing_them(pages):
    for page in pages.values():
        for table in page.iter("table"):
            assert _text(table.find("caption"))
            assert all(cell.get("scope") == "col" for cell in table.findall("thead/tr/th"))
            assert all(row[0].get("scope") == "row" for row in table.findall("tbody/tr"))
            widths = {len(row) for row in table.iter("tr")}
            assert len(widths) == 1
            region = table.getparent()
            assert (region.get("role"), region.get("tabindex")) == ("region", "0")
            assert region.get("aria-labelledby") == table.find("caption").get("id")


def test_every_link_says_something_and_leads_somewhere(site, pages):
    for path, page in pages.items():
        for link in page.iter("a", "link"):
            href, fragment = urldefrag(link.get("href"))
            assert link.tag == "link" or _text(link)
            if urlsplit(href).scheme:
                continue
            if href.startswith("/"):  # served at any address, so that its links begin at the top of the host
                assert path == "404.html"
                target = site / unquote(href.removeprefix("/"))
            else:
                target = (site / path).parent / unquote(href) if href else site / path
            assert target.is_file(), f"{path}: {href}"
            if fragment:
                assert pages[target.resolve().relative_to(site).as_posix()].xpath("//*[@id=$id]", id=fragment)


def test_foreign_links_give_nothing_away(pages):
    page = pages["services/A-just.html"]
    links = page.xpath("//main//a[starts-with(@href, 'https://a-just')]")
    assert len(links) == 4
    assert {link.get("rel") for link in links} == {"nofollow noopener"}
    assert page.xpath("//meta[@name='referrer']/@content") == ["no-referrer"]


def test_a_scorecard_says_what_is_wrong_where_and_how_to_mend_it(pages):
    page = pages["services/%2E.%5C..%5Cwindows.html"]
    line = page.get_element_by_id("accessibility-mention")
    text = _text(line)
    assert "✗ Non respecté. La page n'affiche aucun niveau." in text
    assert "Ce qui manque : ..\\..\\windows" in text
    assert "Attention : Le site se trouve à une autre adresse que celle du registre." in text
    assert "réponse HTTP 200" in text
    assert "Ajoutez Accessibilité : non conforme au pied de page." in text
    assert line.xpath(".//a[@href='../rules/accessibility-mention.html']")
    assert page.xpath("//h2/text()")[:3] == ["En bref", "À corriger", "Indéterminé : nous n'avons pas pu juger"]


def test_a_scorecard_says_what_was_received_what_to_send_and_how(pages):
    line = pages["services/%2E.%5C..%5Cwindows.html"].get_element_by_id("accessibility-mention")
    terms = {_text(term): _text(term.getnext()) for term in line.xpath(".//dl/dt")}
    assert terms == {"En-tête reçu": "..\\..\\windows", "En-tête à envoyer": "..\\..\\windows"}
    (first, second) = line.xpath(".//ul[@class='remedies']/li/details")
    assert _text(first.find("summary")) == "nginx, pour « Mention d'accessibilité »"
    assert first.find("pre/code").text == "..\\..\\windows\nadd_header"
    assert first.find("pre").get("tabindex") == "0", "what is wider than the screen scrolls by the keyboard too"
    assert _text(second.find("summary")).startswith("..\\..\\windows")


def test_a_scorecard_shows_what_each_test_of_the_observatory_costs(pages):
    line = pages["services/%2E.%5C..%5Cwindows.html"].get_element_by_id("accessibility-mention")
    (table,) = line.xpath(".//details[@class='grading']//table")
    rows = [[_text(cell) for cell in row.xpath("th|td")] for row in table.xpath(".//tr")]
    assert rows[0] == ["Test", "Points", "Résultat", "Notre règle"]
    assert rows[1][:3] == ["Cookies", "−20", "sans Secure"]
    assert rows[2] == ["..\\..\\windows", "0", "..\\..\\windows", "–"]


def test_a_scorecard_gives_the_good_news_too(pages):
    line = pages["services/A-just.html"].get_element_by_id("accessibility-mention")
    text = _text(line)
    assert "✓ Respecté. Le niveau est affiché. Relevé : non conforme" in text
    assert "Les autres pages ne l'affichent pas." in text
    assert "Le certificat du site n'est pas valable" in text
    assert "footer a[3]" in text
    assert "23 novembre 2026 à 6 h 02 (UTC)" in text
    assert _text(line.find(".//blockquote")) == "Accessibilité : non conforme"


def test_a_reason_of_an_older_rule_is_named(pages):
    text = _text(pages["services/javascript%3Aalert%281%29.html"].get_element_by_id("https"))
    assert "? Indéterminé. Motif « javascript:alert(1) », d'une autre version de la règle." in text


def test_a_rule_without_verdict_was_not_tested(pages):
    page = next(page for path, page in pages.items() if path.startswith("services/a-just~"))
    assert _text(page.get_element_by_id("inapplicable").getnext()) == (
        "Mention d'accessibilité : Le registre ne donne aucune adresse pour ce service."
    )
    assert "Connexion HTTPS" in _text(page.get_element_by_id("untested").getnext())


def test_archived_exchanges_are_written_whole_and_linked(site, pages):
    archives = pages["services/A-just.html"].xpath("//a[contains(@href, 'preuves/')]/@href")
    assert archives == [f"../preuves/{(CAPTURE % 99)[10:-1]}.txt"] * 2
    body = (site / "services" / archives[0]).read_bytes()
    assert body.decode("utf-8-sig") == "A-just <b>vu</b> à\r\n"
    assert len(list((site / "preuves").iterdir())) == len(HOSTILE) + 1
    texts = [file.read_text("utf-8-sig") for file in (site / "preuves").iterdir()]
    assert not [text for text in texts if UNSEEN.search(text)], "what a page hides shows in its archive"


def test_the_table_of_services_is_sorted_and_leaves_stopped_ones_apart(pages):
    page = pages["services/index.html"]
    names = [_text(cell) for cell in page.xpath("//tbody/tr/th")]
    assert names.count("À Just") == 2
    assert names.index("À Just") < names.index("javascript:alert(1)")
    row = page.xpath("//tbody/tr[th/a/@href='../services/A-just.html']")[0]
    assert [_text(cell) for cell in row][1:] == ["0", "Accélération", "dinum", "✓", "✓"]
    assert row.xpath("td/span[@role='img']/@aria-label") == ["Respecté", "Respecté"]
    assert "Fini" not in names
    assert page.xpath("//ul[@class='columns']/li/a/@href") == ["../services/index~1bc04b5291c2.html"]


def test_figures_come_with_all_that_makes_them_checkable(pages):
    text = _text(pages["index.html"].xpath("//article[@class='figure']")[0])
    for expected in (
        "72 % (69 % à 73 %) Services qui respectent leurs obligations",
        "170 services sur 236 jugés ; 12 indéterminés, 62 sans objet, 1 non testé.",
        "Parmi : services non arrêtés qui ont une adresse",
        "Définition : La règle est respectée.",
        "Service par service : ",
    ):
        assert expected in text
    counting = pages["index.html"].xpath("//article[@class='figure'][1]/p[last()]/a/@href")
    assert counting == ["rules/accessibility-mention.html"], "the rules of the figure, of those that the run has"
    about = _text(pages["index.html"].xpath("//dl")[0])
    for expected in ("2026-11-23T0600Z", "https://beta.example/api.json", "sha256:abc", "sha256:def", "0.1.0"):
        assert expected in about
    assert "22 novembre 2026" in about


def test_figures_are_told_by_phase(pages):
    (phases,) = pages["phases.html"].xpath("//table")
    assert [_text(row) for row in phases.xpath("tbody/tr")] == [
        "Construction 72 % (69 % à 73 %)170 sur 236, 12 indéterminés",
        "Accélération 3 sur 5",
    ]
    groups = [_text(item) for item in pages["phases.html"].xpath("//main/ul/li")]
    assert groups[:2] == [f"Construction : {len(HOSTILE)} services", "Accélération : 1 service"]


def test_what_could_not_be_told_is_listed_with_its_services(pages):
    page = pages["indetermines.html"]
    (undecided,) = page.xpath("//table")
    rows = {_text(row[0]): [_text(cell) for cell in row[1:]] for row in undecided.xpath("tbody/tr")}
    assert rows["Motif « ../../etc/passwd », d'une autre version de la règle."] == ["1", "Connexion HTTPS (1)"]
    assert len(rows) == len(HOSTILE)
    (heading,) = (one for one in page.iter("h2") if "../../etc/passwd" in _text(one))
    assert [_text(one) for one in heading.getnext().iter("li")] == ["../../etc/passwd"]


def test_an_incubator_is_called_by_its_name_where_the_registry_gives_one(tmp_path):
    known = _report()
    state = {**known.run.state, "registry": {"source": "a.json", "incubators": {"dinum": "La <b>DINUM</b>"}}}
    folder = build_site(replace(known, run=replace(known.run, state=state)), tmp_path / "site").parent
    page = html.fromstring((folder / "incubators" / "dinum.html").read_bytes())
    assert _text(page.find(".//h1")) == "La <b>DINUM</b>"
    assert _text(page.find(".//h1").getnext()) == "Incubateur dinum"
    card = html.fromstring((folder / "services" / "A-just.html").read_bytes())
    assert _text(card.xpath("//a[@href='../incubators/dinum.html']")[0]) == "La <b>DINUM</b>"
    table = html.fromstring((folder / "services" / "index.html").read_bytes())
    assert "dinum" in {_text(link) for link in table.xpath("//td//a")}, "where there is little room, the id"


def test_an_incubator_has_its_services_and_its_figures(pages):
    page = pages["incubators/dinum.html"]
    assert len(page.xpath("//tbody/tr")) == len(HOSTILE) + 1
    assert [_text(number) for number in page.xpath("//span[@class='number']")] == ["4", "3 sur 5"]
    heads = [_text(cell) for cell in pages["incubators/index.html"].xpath("//thead/tr/th")]
    assert heads == ["Incubateur", "Services du registre", "Services qui respectent leurs obligations"]


def test_the_page_of_a_rule_counts_its_reasons(pages):
    page = pages["rules/accessibility-mention.html"]
    assert page.xpath("//h2/text()") == ["Comment corriger", "Référence", "Les résultats de cet audit"]
    own, common = page.xpath("//table")
    counts = {_text(row[0]): _text(row[3]).split(" ")[0] for row in own.xpath("tbody/tr")}
    assert counts == {"level-not": "1", "no-mention": str(len(HOSTILE))}
    counts = {_text(row[0]): _text(row[3]).split(" ")[0] for row in common.xpath("tbody/tr")}
    assert (counts["no-url"], counts["not-run"], counts["unreachable"]) == ("1", "1", "0")


def test_the_site_carries_its_figures(site):
    summary = json.loads((site / "data/summary.json").read_text("utf-8"))
    assert (summary["run"], summary["registry"], summary["ruleset"]) == ("2026-11-23T0600Z", "sha256:abc", "sha256:def")
    assert len(summary["figures"]) == len(_report().all_figures)


def test_every_page_of_an_unhealthy_run_says_so(pages, tmp_path):
    assert not any(page.xpath("//*[@class='alert']") for page in pages.values())
    state = {"health": {"is_healthy": False, "reasons": ["Le registre a perdu <14 %> de ses services."]}}
    index = build_site(_report(run=replace(_report().run, state=state)), tmp_path / "site")
    for path in index.parent.rglob("*.html"):
        alert = html.fromstring(path.read_bytes()).xpath("//*[@class='alert']")[0]
        assert "Le registre a perdu <14 %> de ses services." in _text(alert)


def test_a_run_of_nothing_is_shown_too(tmp_path):
    nothing = dict.fromkeys(
        ("figures", "registry_figures", "by_phase", "by_incubator", "by_sponsor", "services", "bare_services"), ()
    )
    index = build_site(_report(**nothing, rules={}), tmp_path / "site")
    assert "Tout a pu être jugé." in index.with_name("indetermines.html").read_text("utf-8")
    assert "0 service audité" in _text(html.fromstring(index.read_bytes()))


def test_a_long_list_of_services_has_several_pages(tmp_path, monkeypatch):
    monkeypatch.setattr(lists, "LONGEST", 6)
    folder = build_site(_report(), tmp_path / "site").parent
    paths = ["services/index.html", "services-2.html", "services-3.html"]
    parts = [html.fromstring((folder / path).read_bytes()) for path in paths]
    assert [len(part.xpath("//tbody/tr")) for part in parts] == [6, 6, 3]
    for path, part in zip(paths, parts, strict=True):
        links = part.xpath("//main/nav//a")
        assert [(folder / path).parent.joinpath(link.get("href")).resolve() for link in links] == [
            (folder / one).resolve() for one in paths
        ]
        assert [link.get("aria-current") for link in links].count("page") == 1
    assert ["Services arrêtés" in _text(part) for part in parts] == [False, False, True]


def test_a_list_too_long_says_how_many_it_leaves_out(tmp_path, monkeypatch):
    monkeypatch.setattr(rules, "SHOWN", 2)
    folder = build_site(_report(), tmp_path / "site").parent
    page = html.fromstring((folder / "rules" / "accessibility-mention.html").read_bytes())
    (row,) = (row for row in page.xpath("//tbody/tr") if _text(row[0]) == "no-mention")
    assert len(row.xpath(".//li")) == 2
    assert f"et {len(HOSTILE) - 2} autres, dans les données publiées." in _text(row)
