"""How a comparison is told, on hand-made changes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.catalogue import BY_ID
from checks.model.evidence import Evidence
from checks.model.judgement import Judgement
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.verdict import Verdict
from reports.figures.changes import Cause, Change, Terms, Why
from reports.figures.comparison import Comparison, Counts
from reports.figures.figure import Figure, Share
from reports.figures.moves import Move
from reports.render.comparison import COLUMNS, render_comparison

NBSP = "\N{NO-BREAK SPACE}"
OLD, NEW = "sha256:" + "1a" * 32, "sha256:" + "2b" * 32


def verdict(said: str, service="un", rule="https", excerpt="") -> Verdict:
    outcome, reason = said.split("/")
    proof = (Evidence(url=f"https://{service}.fr/", capture="<urn:uuid:1>", status=200, excerpt=excerpt),)
    return Verdict(
        run="r",
        service=service,
        rule=rule,
        version=1,
        outcome=Outcome(outcome),
        reason=reason,
        at="2026-11-23T06:00:00Z",
        evidence=proof if excerpt else (),
    )


def change(cause: Cause, before: str | None, after: str | None, service="un", name="Un", **more) -> Change:
    about = {key: more.pop(key) for key in ("rule", "excerpt") if key in more}
    sides = (said and verdict(said, service, **about) for said in (before, after))
    return Change(
        cause=cause,
        service=service,
        name=name,
        rule=about.get("rule", "https"),
        **dict(zip(("before", "after"), sides, strict=True)),
        **more,
    )


def figure(id_: str) -> Figure:
    return Figure(id=id_, label=f"Services {id_}", population="services non arrêtés", definition="La règle.")


MOVED = Move(
    figure=figure("https"),
    shares=tuple(
        Share(passed=passed, failed=failed, undecided=2)
        for passed, failed in ((20, 10), (18, 12), (18, 12), (18, 12), (21, 12))
    ),
)
STILL = Move(figure=figure("budget-pages"), shares=(Share(passed=3, failed=1),) * 5)
FRESH = Move(figure=figure("legal-documents"), shares=(Share(passed=3, failed=1),), is_new=True)


@pytest.fixture
def told(tmp_path: Path):
    def told(*changes: Change, form="text", is_all=False, moves=(MOVED, STILL, FRESH), **terms) -> str:
        counts = Counts(both=30, entered=1, left=2, retried=5)
        for one in changes:
            counts.add(one)
        found = Comparison(
            old=judgement(tmp_path, "2026-11-22", OLD),
            new=judgement(tmp_path, "2026-11-23", NEW),
            terms=Terms(**({"before": {"https": 1}, "after": {"https": 2}, "today": {"https": 2}} | terms)),
            moves=moves,
            counts=counts,
            changes=lambda cause: (one for one in changes if one.cause is cause),
        )
        return "".join(ended(render_comparison(found, BY_ID, form, is_all=is_all)))

    return told


def ended(parts: Iterator[str]) -> Iterator[str]:
    """As the command line prints them."""
    return (part if part.endswith("\n") else f"{part}\n" for part in parts)


def judgement(runs: Path, day: str, digest: str) -> Judgement:
    known = [run for run in RunFolder.all(runs) if run.state["id"] == day]
    folder = known[0] if known else RunFolder.create(runs, datetime.fromisoformat(day).replace(tzinfo=UTC))
    folder.update({"id": day, "as_of": day, "registry": {"digest": f"sha256:{day}"}})
    folder.verdicts.touch()
    return Judgement(folder=folder, path=folder.verdicts, digest=digest, rules={})


def test_a_reader_finds_first_what_moved(told):
    text = told(change(Cause.RULE, "passed/a", "failed/b"), change(Cause.SITE, "failed/a", "passed/b")).replace(
        NBSP, " "
    )
    lines = text.splitlines()

    assert lines[0] == "De   2026-11-22@1a1a1a1a1a1a, au 22 novembre 2026"
    assert lines[1] == "à    2026-11-23@2b2b2b2b2b2b, au 23 novembre 2026"
    short = " ".join(text.split())
    assert "1 chiffre bouge, 2 verdicts changent (par les règles : 1, par le registre : 0, par les sites : 1)." in short
    assert "30 dans les deux audits, 1 dans le second seul, 2 dans le premier seul" in short
    assert "https (version 1 → 2)" in text
    start = lines.index("  67 % (62 % à 69 %) → 64 % (60 % à 66 %)")
    rows = [" ".join(line.split()) for line in lines[start + 1 : start + 4]]
    assert rows == [
        "Oui / décidés 20 / 30 −2 / 0 0 +3 / +3 21 / 33",
        "Indéterminés 2 0 0 0 2",
        "Part (%, et points) 66,7 −6,7 0 +3,6 63,6",
    ]
    assert "Chiffres inchangés : budget-pages." in text
    assert "Chiffres nouveaux : legal-documents." in text
    assert all(len(line) <= 100 for line in lines)


def test_that_corrections_are_not_counted_is_said_where_there_are_some(told, tmp_path):
    change_ = change(Cause.SITE, "failed/a", "passed/b")
    assert "corrections" not in told(change_)
    judgement(tmp_path, "2026-11-22", OLD).folder.update({"overrides": {"applied": 0, "expired": []}})
    judgement(tmp_path, "2026-11-23", NEW).folder.update({"overrides": {"applied": 2, "expired": []}})
    text = " ".join(told(change_).replace(NBSP, " ").split())
    assert "Attention : les corrections de 2026-11-23 ne comptent pas ici" in text


def test_what_has_no_cause_has_a_column_and_says_why(told):
    text = told(change(Cause.INDISTINCT, "passed/a", "failed/b", why=Why.OTHER_RULES)).replace(NBSP, " ")

    assert "Sans cause" in text
    assert "CE QUI CHANGE SANS QUE LA CAUSE SOIT CONNUE" in text
    assert "« toise judge 2026-11-23 »" in " ".join(text.split())
    assert "Sans cause" not in told(change(Cause.SITE, "passed/a", "failed/b"))


def test_a_new_rule_is_one_line_and_a_new_service_another(told):
    rule = [change(Cause.RULE, None, "passed/a", service=f"s{number}") for number in range(40)]
    service = [change(Cause.REGISTRY, None, said, service="neuf", name="Neuf") for said in ("passed/a", "failed/b")]

    text = told(*rule, *service, before={}).replace(NBSP, " ")

    assert "https (nouvelle, version 2) : 40 (rien) → respecté" in text
    assert text.count("(rien)") == 1
    assert "[s1]" not in text
    assert "  Neuf [neuf]\n    est jugé désormais, verdicts nouveaux : 1 non respecté, 1 respecté" in text
    assert "[s1]" in told(*rule, before={}, is_all=True)


def test_a_site_that_answers_no_more_is_told_once(told):
    down = [
        change(Cause.SITE, before, "cantTell/unreachable", rule=rule)
        for rule, before in (("https", "passed/a"), ("hsts", "failed/b"), ("cookies", "passed/a"))
    ]
    other = change(Cause.SITE, "passed/a", "failed/b", rule="security-txt")

    text = " ".join(told(*down, other).replace(NBSP, " ").split())

    assert text.count("Le site n'a pas répondu") == 1
    assert "3 verdicts deviennent ? Indéterminé : Le site n'a pas répondu" in text
    assert (
        "Non respecté avant : hsts Respecté avant : https, cookies security-txt : ✓ Respecté → ✗ Non respecté" in text
    )
    back = [change(Cause.SITE, "cantTell/unreachable", "passed/a", rule=one.rule) for one in down]
    assert "3 verdicts étaient ? Indéterminé" in told(*back).replace(NBSP, " ")


def test_another_reason_is_told_on_demand(told):
    words = change(Cause.SITE, "failed/a", "failed/b")

    assert "[un]" not in told(words)
    assert "--all" in told(words)
    assert "[un]" in told(words, is_all=True)
    assert json.loads(told(words, form="json"))["changes"] == []
    assert len(json.loads(told(words, form="json", is_all=True))["changes"]) == 1


def test_what_others_write_cannot_act_on_a_terminal_nor_in_a_spreadsheet(told):
    hostile = change(Cause.SITE, "passed/a", "failed/b", name="=cmd()\x1b[31m\nsuite", excerpt="\x1b]0;x\x07 \u202egpj")

    text = told(hostile)
    (row,) = csv.DictReader(io.StringIO(told(hostile, form="csv"), newline=""))

    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert "\nsuite" not in text
    assert tuple(row) == COLUMNS
    assert row["name"].startswith("'=cmd()")
    assert row["excerpt_after"].endswith("gpj")


def test_a_program_gets_one_document(told):
    found = json.loads(
        told(change(Cause.RULE, "passed/a", "failed/b"), change(Cause.SITE, "failed/b", "cantTell/c"), form="json")
    )

    assert set(found) == {"old", "new", "rules", "services", "figures", "counts", "changes"}
    assert found["old"]["judgement"] == "2026-11-22@1a1a1a1a1a1a"
    assert found["services"] == {"both": 30, "entered": 1, "left": 2, "retried": 5}
    assert [one["cause"] for one in found["changes"]] == ["rule", "site"]
    moved, still, fresh = found["figures"]
    assert moved["differences"]["site"]["numerator"] == 3
    assert moved["differences"]["total"] == {"numerator": 1, "denominator": 3, "undecided": 0, "points": -3.1}
    assert still["differences"]["total"]["points"] == 0
    assert fresh["is_new"]
    assert fresh["before"] is None
    assert "differences" not in fresh


def test_the_keys_and_columns_are_documented(told):
    page = (Path(__file__).parent.parent.parent / "docs" / "comparing.md").read_text("utf-8")
    found = json.loads(told(change(Cause.RULE, "passed/a", "failed/b"), form="json"))
    keys = [
        *found,
        *found["old"],
        *found["figures"][0],
        *found["figures"][0]["differences"]["site"],
        *found["changes"][0],
    ]

    assert [name for name in {*keys, *COLUMNS, *Cause, *Why} if f"`{name}`" not in page] == []


def test_nothing_that_changes_is_said_so(told):
    text = told(moves=(STILL,), before={"https": 2})

    assert "les mêmes versions" in text
    assert "Aucun chiffre ne bouge" in text
    assert "CE QUI CHANGE PAR" not in text
