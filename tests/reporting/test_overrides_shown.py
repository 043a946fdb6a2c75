"""What readers see of an override: who found what, why, until when, and what the machine says all the same."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest
from lxml import html
from rich.console import Console

from checks.model.evidence import Evidence
from checks.model.outcome import Outcome
from checks.model.rule import Finding, Rule, Status
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from reports.figures.figure import Figure, Share
from reports.overrides.override import Override
from reports.overrides.standing import Standing
from reports.render.judged import judged
from reports.render.scorecard import render_scorecard
from reports.render.site import Report, build_site
from reports.render.summary import WIDTH, render_summary
from reports.store.records import AuditedService, RunRecord

PASSED, FAILED, CANT_TELL, INAPPLICABLE, UNTESTED = Outcome
NBSP = "\N{NO-BREAK SPACE}"
HOSTILE = "<script>x</script> \u202e\x1b[31m {{ 7 * 7 }}"
RULE = Rule(
    id="https",
    version=1,
    since="0.1.0",
    status=Status.ACTIVE,
    title="HTTPS",
    page="Une page.\n\nComment corriger\n----------------\nImposez https.",
    judge=lambda: Finding(reason="good"),
    outcomes={"good": PASSED, "bad": FAILED},
    messages={"good": "Tout va bien.", "bad": "Le site répond en http."},
)
SEEN = Evidence(url="https://un.fr/", capture="", status=200, excerpt="Bonjour")


def override(service="un", outcome=PASSED, **more):
    about = {
        "reason": "Vu à la main.",
        "author": "prenom.nom",
        "evidence": "https://un.fr/x",
        "until": date(2027, 5, 23),
    }
    return Override(**({"service": service, "rule": "https", "outcome": outcome} | about | more))


def audited(name="un", found=FAILED, *overrides):
    reason = {PASSED: "good", FAILED: "bad", CANT_TELL: "unreachable", INAPPLICABLE: "no-url"}.get(found)
    verdicts = (
        [
            Verdict(
                run="r", service=name, rule="https", version=1, outcome=found, reason=reason, at="2026-11-23T06:00:00Z",
                evidence=(SEEN,), facts={"send": "X: y", "received": [], "remedies": {}} if found is FAILED else {},
            )
        ]
        if reason
        else []
    )  # fmt: skip
    service = Service(id=name, name=name)
    return AuditedService(service=service, group=PhaseGroup.CONSTRUCTION, verdicts=tuple(verdicts), overrides=overrides)


def run(standing=None, **more):
    part = {"overrides": {"digest": "sha256:33", **standing.to_json()}} if standing else {}
    return RunRecord(
        id="2026-11-23T0600Z",
        started_at="2026-11-23T06:00:00Z",
        as_of="2026-11-23",
        registry_digest="sha256:11",
        ruleset="sha256:22",
        state=part | more,
    )


def figure(share, without=None, **more):
    about = {"id": "https", "label": "Services en HTTPS", "population": "tous", "definition": "La règle https."}
    machine = Figure(share=without, **(about | more)) if without else None
    return Figure(share=share, corrections=2 if without else 0, without=machine, **(about | more))


SHARE, MACHINE = Share(passed=12, failed=8, undecided=1), Share(passed=10, failed=9, undecided=2)
CORRECTED = figure(SHARE, MACHINE)
PLAIN = figure(Share(passed=3, failed=2))


def test_in_a_terminal_a_corrected_figure_is_followed_by_what_it_is_without():
    text = render_summary(run(Standing()), [CORRECTED, PLAIN], "text")
    lines = text.splitlines()
    assert all(len(line) <= WIDTH for line in lines)
    (row,) = [line for line in lines if line.startswith(f"    Sans les 2{NBSP}corrections")]
    assert row.replace(NBSP, " ").split("corrections")[1].split() == (
        ["53", "%", "(48", "%", "à", "57", "%)", "10", "19", "2", "0", "0"]
    )
    assert lines.index(row) == next(rank for rank, line in enumerate(lines) if line.startswith("  Ensemble")) + 1
    assert "Corrections sha256:33" in lines
    assert "Une correction est ce qu'une personne a constaté" in text.replace("\n", " ").replace(NBSP, " ")


@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_without_corrections_nothing_is_said_of_them(kind):
    assert "orrection" not in render_summary(run(), [PLAIN], kind)


def test_in_markdown_it_is_the_next_row():
    table = [line for line in render_summary(run(), [CORRECTED], "markdown").splitlines() if line.startswith("|")]
    assert table[3].replace(NBSP, " ") == "| Sans les 2 corrections | 53 % (48 % à 57 %) | 10 | 19 | 2 | 0 | 0 |"


def test_a_figure_and_what_it_is_without_are_each_compared_with_their_own():
    before = figure(Share(passed=11, failed=9), Share(passed=5, failed=15))
    for previous, without in ((before, 5), (figure(Share(passed=11, failed=9)), -1)):
        line = json.loads(render_summary(run(), [CORRECTED], "json", previous=[previous]))["figures"][0]
        assert line["difference"]["numerator"] == 1
        assert line["without"]["difference"]["numerator"] == without
        (row,) = csv.DictReader(io.StringIO(render_summary(run(), [CORRECTED], "csv", previous=[previous]), newline=""))
        assert (row["difference"], row["without_difference"]) == ("1", str(without))
        text = render_summary(run(), [CORRECTED], "text", previous=[previous]).splitlines()
        rank = next(rank for rank, line in enumerate(text) if "Sans les" in line)
        assert f"{without:+}".replace("-", "−") in text[rank + 1], "a name too long has its own row"


def test_programs_get_the_digest_and_stable_columns():
    count = Figure(id="services", label="Services", population="tous", definition="", count=5)
    summary = json.loads(render_summary(run(Standing()), [CORRECTED, PLAIN], "json"))
    assert summary["overrides"] == "sha256:33"
    assert [line["without"]["numerator"] for line in summary["figures"]] == [10, 3]
    text = render_summary(run(Standing()), [CORRECTED, PLAIN, count], "csv")
    corrected, plain, counted = csv.DictReader(io.StringIO(text, newline=""))
    assert {line["overrides"] for line in (corrected, plain, counted)} == {"sha256:33"}
    columns = ("corrections", "numerator", "without_numerator", "without_denominator", "without_undecided")
    assert [[line[name] for name in columns] for line in (corrected, plain, counted)] == [
        ["2", "12", "10", "19", "2"],
        ["0", "3", "3", "5", "0"],
        ["", "5", "", "", ""],
    ]


@pytest.mark.parametrize(
    "found, told, outcome, is_corrected, sends",
    [
        (FAILED, PASSED, PASSED, True, ""),
        (FAILED, FAILED, FAILED, False, "X: y"),
        (PASSED, FAILED, FAILED, True, ""),
        (FAILED, CANT_TELL, CANT_TELL, True, ""),
        (UNTESTED, PASSED, PASSED, True, ""),
    ],
)
def test_what_counts_is_what_the_person_said_and_the_rest_is_the_machines(found, told, outcome, is_corrected, sends):
    (line,) = judged(audited("un", found, override(outcome=told)), {"https": RULE})
    assert (line.found, line.outcome, line.is_corrected) == (found, outcome, is_corrected)
    assert (line.send, line.is_brief) == (sends, False)


def test_a_scorecard_in_a_terminal_says_who_why_until_when_and_what_the_machine_says():
    out = io.StringIO()
    one = override(reason=HOSTILE, author=HOSTILE)
    Console(file=out, width=200).print(render_scorecard(audited("un", FAILED, one), {"https": RULE}, width=200))
    lines = [line.strip() for line in out.getvalue().replace(NBSP, " ").splitlines()]
    shown = "<script>x</script> ⟨U+202E⟩⟨U+001B⟩[31m {{ 7 * 7 }}"
    assert lines[lines.index("✓ Respecté  HTTPS [https]") :][:8] == [
        "✓ Respecté  HTTPS [https]",
        f"Correction de {shown}, valable jusqu'au 23 mai 2027 :",
        f"« {shown} »",
        "→ https://un.fr/x",
        "Verdict automatique : ✗ Non respecté.",
        "Le site répond en http.",
        "→ https://un.fr/ (réponse HTTP 200)",
        "« Bonjour »",
    ]


def site(tmp_path, services, standing, figures=(CORRECTED, PLAIN)):
    report = Report(
        run=run(standing),
        figures=figures,
        registry_figures=(),
        by_phase=(figure(SHARE, MACHINE, by="phase", group="construction"),),
        by_incubator=(),
        by_sponsor=(),
        services=services,
        bare_services=services,
        rules={"https": RULE},
        evidence=lambda *_: None,
    )
    folder = build_site(report, tmp_path / "site").parent
    return {path.relative_to(folder).as_posix(): html.fromstring(path.read_bytes()) for path in folder.rglob("*.html")}


def text_of(element):
    return " ".join(element.text_content().split())


@pytest.fixture
def pages(tmp_path):
    soon = override(reason=HOSTILE, author=HOSTILE, until=date(2026, 12, 1))
    services = [
        audited("un", FAILED, soon),
        audited("deux", PASSED, override("deux")),
        audited("trois", FAILED, override("trois", CANT_TELL)),
        audited("quatre", UNTESTED, override("quatre")),
    ]
    gone = override("parti", author=HOSTILE)
    return site(tmp_path, services, Standing(applied=(soon,), ending=(soon,), expired=(gone,), without_service=(gone,)))


def test_the_page_of_a_service_shows_the_correction_and_the_verdict_with_its_evidence(pages):
    line = pages["services/un.html"].get_element_by_id("https")
    text = text_of(line)
    shown = "<script>x</script> ⟨U+202E⟩⟨U+001B⟩[31m {{ 7 * 7 }}"
    assert f"✓ Respecté. Verdict corrigé par une personne, {shown} : {shown} Preuve : https://un.fr/x" in text
    assert "Valable jusqu’au 1er décembre 2026 (expire bientôt)." in text
    assert "Verdict automatique : ✗ Non respecté. Le site répond en http." in text
    assert "https://un.fr/ réponse HTTP 200" in text_of(line.find(".//div[@class='seen']"))
    assert "Comment corriger" not in text
    assert line.xpath(".//a[@href='https://un.fr/x']/@rel") == ["nofollow noopener"]
    assert pages["services/un.html"].xpath("//h2[@id='passed']")
    assert "Verdict confirmé par une personne" in text_of(pages["services/deux.html"].get_element_by_id("https"))
    assert "Verdict automatique : · Non testé." in text_of(pages["services/quatre.html"].get_element_by_id("https"))


def test_one_page_lists_every_correction_with_its_end(pages):
    page = pages["corrections.html"]
    (table,) = page.xpath("//table")
    rows = [[text_of(cell) for cell in row] for row in table.xpath("tbody/tr")]
    assert [row[0] for row in rows] == ["un", "deux", "quatre", "trois"], "the first to end comes first"
    assert rows[0][2:4] == ["✗ Non respecté", "✓ Respecté"]
    assert rows[0][5] == "1er décembre 2026 (expire bientôt)"
    assert rows[1][2:4] == ["✓ Respecté", "✓ Respectésans effet"]
    assert "4 corrections en vigueur au 23 novembre 2026" in text_of(table.find("caption"))
    assert [text_of(heading) for heading in page.xpath("//h3")] == ["Expirées", "Sans service"]
    assert "parti, https : valable jusqu’au 23 mai 2027, par <script>x</script> ⟨U+202E⟩" in text_of(
        page.find(".//main/ul")
    )


def test_figures_say_what_they_are_without(pages):
    first, second = pages["index.html"].xpath("//article[@class='figure']")
    said = "Sans les 2 corrections : 53 % (48 % à 57 %), 10 services sur 19 jugés ; 2 indéterminés."
    assert said in text_of(first)
    assert first.xpath(".//a/@href") == ["corrections.html", "rules/https.html"]
    assert "Sans l" not in text_of(second)
    (row,) = pages["phases.html"].xpath("//table[caption/@id='par-phase']/tbody/tr")
    assert "Sans les 2 corrections : 53 % (48 % à 57 %), 10 sur 19, 2 indéterminés" in text_of(row)
    about = text_of(pages["index.html"].xpath("//dl")[-1])
    assert "4 corrections, 1 expire bientôt, 1 expirée, ignorée, empreinte sha256:33" in about


def test_lists_mark_what_a_person_corrected(pages):
    rows = {
        text_of(row[0]): f"{text_of(row[-1])} {row[-1].find('span').get('aria-label')}"
        for row in pages["services/index.html"].xpath("//tbody/tr")
    }
    assert rows == {
        "un": "✓* Respecté (corrigé)",
        "deux": "✓ Respecté",
        "trois": "?* Indéterminé (corrigé)",
        "quatre": "✓* Respecté (corrigé)",
    }
    own, common = pages["rules/https.html"].xpath("//table")
    reasons = {text_of(row[0]): text_of(row[3]) for row in (*own.xpath("tbody/tr"), *common.xpath("tbody/tr"))}
    assert reasons["bad"] == "2 services (bad) trois (corrigé : ? Indéterminé) un (corrigé : ✓ Respecté)"
    assert reasons["good"] == "1 service (good) deux"
    assert text_of(pages["rules/index.html"].find(".//caption")).endswith(", corrections comprises")
    undecided = pages["indetermines.html"].xpath("//table[caption/@id='indetermines']/tbody/tr")
    assert [text_of(row) for row in undecided] == ["Une personne a constaté qu'on ne peut pas juger.1HTTPS (1)"]


def test_a_reason_of_an_older_rule_keeps_the_outcome_that_the_machine_gave(tmp_path):
    (old,) = audited().verdicts
    services = [replace(audited("un", FAILED, override()), verdicts=(replace(old, reason="gone"),))]
    own = site(tmp_path, services, None)["rules/https.html"].xpath("//table")[0]
    reasons = {text_of(row[0]): text_of(row[1]) for row in own.xpath("tbody/tr")}
    assert reasons["gone"] == "✗ Non respecté"


def test_foreign_text_stays_text_everywhere(pages):
    for page in pages.values():
        assert [source.rpartition("/")[2] for source in page.xpath("//script/@src")] == ["toise.js"]
        assert not page.xpath("//script/text()")
        assert not set(page.text_content()) & set("\u202e\x1b")
        for table in page.iter("table"):
            assert len({len(row) for row in table.iter("tr")}) == 1


def test_a_run_without_corrections_says_so(tmp_path):
    pages = site(tmp_path, [audited()], None, figures=())
    assert "Aucune correction n’est en vigueur pour cet audit." in text_of(pages["corrections.html"])
    assert "Aucune correction" in text_of(pages["index.html"].xpath("//dl")[-1])
    assert "corrections comprises" not in text_of(pages["rules/index.html"])
