"""The gate before publishing: each measure alone, at its limit and beyond it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.catalogue import BY_ID
from checks.model.canary import Canary
from checks.model.errors import InputError
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from checks.model.service import Service
from checks.model.verdict import Verdict
from reports.cli.health import health_stage
from reports.cli.judging import Sentence
from reports.health.canaries import read_canaries
from reports.health.gate import Measures, health
from reports.health.outcomes import Outcomes

RULES = {name: BY_ID[name] for name in ("https", "accessibility-mention")}


def measured(**said) -> list[str]:
    found = health(Measures(**{"owed": 300, "whole": 300, "services": 300, "entries": 600, **said}))
    assert found["is_healthy"] is not bool(found["reasons"])
    return list(found["reasons"])


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"whole": 297},
        {"crashes": 3},
        {"silent": 75},
        {"owed": 4, "whole": 4, "services": 4, "silent": 3},
        {"owed": 0, "whole": 0, "services": 0, "silent": 0},
        {"flipped": Counter(https=5), "compared": Counter(https=49)},
        {"flipped": Counter(https=12, mention=3), "compared": Counter(https=75, mention=75)},
        {"fallen": Counter(https=10), "passed": Counter(https=40), "compared": Counter(https=200)},
        {"fallen": Counter(https=19), "passed": Counter(https=19), "compared": Counter(https=200)},
        {"entries_before": 666},
        {"entries_before": 0},
        {"skew": 600.0, "clocks": 100},
        {"skew": 9000.0, "clocks": 2},
        {"canary_count": 4},
    ],
)
def test_healthy(said):
    assert measured(**said) == []


@pytest.mark.parametrize(
    "said, reason",
    [
        ({"whole": 296}, "visites menées à bien : 296 sur 300 seulement"),
        ({"owed": 10, "whole": 9}, "9 sur 10"),
        ({"crashes": 4}, "nos règles ont échoué 4 fois sur 300 services"),
        ({"owed": 4, "whole": 4, "services": 4, "silent": 4}, "aucun service n'a répondu"),
        ({"silent": 76}, "76 services sur 300 n'ont pas répondu"),
        (
            {"flipped": Counter(https=8, mention=8), "compared": Counter(https=75, mention=75), "before": "R"},
            "16 verdicts sur 150 sont le contraire de ceux de l'audit R",
        ),
        (
            {"flipped": Counter(https=6), "compared": Counter(https=20, mention=900), "before": "R"},
            "https : 6 verdicts sur 20",
        ),
        (
            {"fallen": Counter(https=11), "passed": Counter(https=40), "compared": Counter(https=200), "before": "R"},
            "https : 11 services sur 40 qui la respectaient à l'audit R ne la respectent plus",
        ),
        ({"entries_before": 667, "before": "R"}, "le registre n'a plus que 600 fiches, contre 667 à l'audit R"),
        ({"skew": 3900.0, "clocks": 3}, "l'horloge de cette machine retarde de 65 minutes"),
        ({"skew": -3900.0, "clocks": 3}, "l'horloge de cette machine avance de 65 minutes"),
        ({"is_clock_back": True}, "a reculé pendant l'audit"),
        ({"canaries": ("a.fr, https : failed/no-https au lieu de passed",)}, "site témoin : a.fr, https : failed"),
    ],
)
def test_unhealthy(said, reason):
    (found,) = measured(**said)
    assert reason in found


def test_a_person_may_accept_what_is_wrong_and_for_the_same_reasons_alone():
    shrunk = Measures(owed=9, whole=9, services=9, entries=9, entries_before=12, before="R")
    accepted = health(shrunk, "le registre a été nettoyé")
    assert (accepted["is_healthy"], accepted["accepted"]) == (True, "le registre a été nettoyé")
    assert accepted["reasons"] == ["le registre n'a plus que 9 fiches, contre 12 à l'audit R"]
    assert health(shrunk, None, accepted) == accepted
    worse = Measures(owed=9, whole=1, services=9, entries=9, entries_before=12, before="R")
    assert not health(worse, None, accepted)["is_healthy"]
    sound = Measures(owed=9, whole=9, services=9, entries=9)
    assert health(sound, "pour rien")["accepted"] is None


# What the run before decided.


def verdict(service: str, rule: str, outcome: Outcome, version: int = 1) -> Verdict:
    return Verdict(
        run="r", service=service, rule=rule, version=version, outcome=outcome, reason="any", at="2026-11-23T06:00:00Z"
    )


def test_outcomes_are_remembered_by_rule_and_version():
    known = Outcomes(
        [
            verdict("a", "https", Outcome.PASSED),
            verdict("a", "mention", Outcome.FAILED),
            verdict("a", "budget", Outcome.CANT_TELL),
            verdict("b", "https", Outcome.FAILED),
        ]
    )
    assert known.decided("a") == {"https": Outcome.PASSED, "mention": Outcome.FAILED}
    assert known.decided("c") == {}
    assert known.flipped(verdict("a", "https", Outcome.PASSED)) is False
    assert known.flipped(verdict("a", "https", Outcome.FAILED)) is True
    assert known.flipped(verdict("a", "mention", Outcome.PASSED)) is True
    assert known.flipped(verdict("b", "https", Outcome.FAILED)) is False
    for other in (
        verdict("a", "https", Outcome.FAILED, version=2),
        verdict("a", "https", Outcome.CANT_TELL),
        verdict("a", "budget", Outcome.FAILED),
        verdict("a", "unknown", Outcome.PASSED),
        verdict("c", "https", Outcome.PASSED),
    ):
        assert known.flipped(other) is None


def run(runs: Path, day: int, outcomes: Mapping[str, Outcome]) -> RunFolder:
    """A judged run of services without a site, so that no visit is owed."""
    folder = RunFolder.create(runs, datetime(2026, 11, day, tzinfo=UTC))
    known = {"as_of": f"2026-11-{day}", "registry": {"source": "r", "entries": len(outcomes)}}
    folder.update({"started_at": f"2026-11-{day}T00:00:00Z", **known})
    folder.write_services(Service(id=name, name=name) for name in outcomes)
    lines = (verdict(name, "https", outcome).to_line() for name, outcome in outcomes.items())
    folder.verdicts.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return folder


def test_what_fell_is_measured_against_what_had_passed(tmp_path):
    first = run(tmp_path, 22, {str(one): Outcome.PASSED if one < 20 else Outcome.FAILED for one in range(120)})
    last = run(tmp_path, 23, {str(one): Outcome.PASSED if 6 <= one <= 20 else Outcome.FAILED for one in range(120)})
    assert not health_stage(last, Sentence(counts={}, crashes=()))
    assert last.state["health"]["measures"]["flips"]["https"] == {
        "flipped": 7,
        "compared": 120,
        "fallen": 6,
        "passed": 20,
    }
    assert last.state["health"]["reasons"] == [
        f"https : 6 services sur 20 qui la respectaient à l'audit {first.path.name} ne la respectent plus"
    ]


# The file of canaries.

SERVICES = {
    name: Service(id=name, name="A-JUST", urls=("https://a-just.example/",)) for name in ("a-just", "canary:b.example")
}


def given(tmp_path, text: str | bytes):
    path = tmp_path / "témoins.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_canaries(path, SERVICES, RULES)


def test_canaries_of_the_registry_and_of_their_own(tmp_path):
    of_registry, apart = given(
        tmp_path,
        """
        [[canary]]
        service = "a-just"
        expected = { https = "passed/redirects-to-https", accessibility-mention = "failed" }

        [[canary]]
        url = "https://témoin.example/accueil"
        [canary.expected]
        https = "cantTell"
        """,
    )
    assert of_registry == Canary(
        service=SERVICES["a-just"], expected={"https": "passed/redirects-to-https", "accessibility-mention": "failed"}
    )
    assert not of_registry.is_visited_apart
    assert apart.is_visited_apart
    assert apart.service.urls == ("https://témoin.example/accueil",)
    assert Canary.from_json({"service": apart.service.to_json(), "expected": dict(apart.expected)}) == apart
    assert apart.is_met(verdict("x", "https", Outcome.CANT_TELL))
    assert apart.is_met(verdict("x", "accessibility-mention", Outcome.FAILED))  # of which nothing is expected
    assert not apart.is_met(verdict("x", "https", Outcome.PASSED))
    assert not of_registry.is_met(verdict("x", "https", Outcome.PASSED))  # for another reason


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "écrivez un ou plusieurs témoins"),
        ("[canary]\nurl = 'https://a.example'", "écrivez un ou plusieurs témoins"),
        ("[[canary]]\nurl = 'https://a.example'\n[autre]\n", "et rien d'autre"),
        ("[[canary]\n", "n'est pas un fichier TOML lisible (Expected ']]'"),
        (f"canary = {'[' * 5000}", "n'est pas un fichier TOML lisible"),
        (b"[[canary]]\nurl = '\xff'", "n'est pas un fichier TOML lisible"),
        ("[[canary]]\nurl = 'https://a.example'\nsite = 1", "témoin n° 1 : les seules clés sont expected, name,"),
        ("[[canary]]\nurl = 'https://a.example'", "écrivez ce qui est attendu"),
        ("[[canary]]\nurl = 'https://a.example'\nexpected = {}", "écrivez ce qui est attendu"),
        ("[[canary]]\nurl = 'https://a.example'\nexpected = { htps = 'passed' }", "aucune règle « htps »"),
        ("[[canary]]\nurl = 'https://a.example'\nexpected = { https = 'oui' }", "« https » attend l'un de passed,"),
        ("[[canary]]\nurl = 'https://a.example'\nexpected = { https = 1 }", "« https » attend l'un de passed,"),
        (
            "[[canary]]\nurl = 'https://a.example'\nexpected = { https = 'passed/oui' }",
            "« https » ne dit jamais « passed/oui »",
        ),
        (
            "[[canary]]\nurl = 'https://a.example'\nexpected = { https = 'failed/https-only' }",
            "ne dit jamais « failed/",
        ),
        (
            "[[canary]]\nurl = 'https://a.example'\nexpected = { https = 'passed/unreachable' }",
            "ne dit jamais « passed/",
        ),
        ("[[canary]]\nexpected = { https = 'passed' }", "donnez soit service"),
        ("[[canary]]\nurl = 'a.example'\nexpected = { https = 'passed' }", "donnez soit service"),
        ("[[canary]]\nurl = 'https://u:p@a.example'\nexpected = { https = 'passed' }", "donnez soit service"),
        (
            f"[[canary]]\nurl = 'https://a.example'\nname = '{'é' * 40}'\nexpected = {{ https = 'passed' }}",
            "son nom est trop long",
        ),
        (
            "[[canary]]\nurl = 'https://a.example'\nname = 3\nexpected = { https = 'passed' }",
            "son nom (name) est un texte",
        ),
        (
            "[[canary]]\nurl = 'https://b.example'\nexpected = { https = 'passed' }",
            "un service du registre se nomme aussi",
        ),
        (
            "[[canary]]\nservice = 'canary:b.example'\nexpected = { https = 'passed' }",
            "un service du registre se nomme",
        ),
        ("[[canary]]\nservice = 'b'\nexpected = { https = 'passed' }", "l'audit ne visite pas de service « b »"),
        ("[[canary]]\nservice = 'a-just'\nexpected = { https = 'passed' }\n" * 2, "témoin n° 2 : « a-just » y figure"),
    ],
)
def test_a_wrong_file_gets_one_sentence(tmp_path, text, said):
    with pytest.raises(InputError) as error:
        given(tmp_path, text)
    assert said in str(error.value)
    assert "témoins.toml" in str(error.value)


def test_a_missing_file_gets_one_sentence(tmp_path):
    with pytest.raises(InputError, match=r"Le fichier de témoins .*rien.toml n'existe pas"):
        read_canaries(tmp_path / "rien.toml", SERVICES, RULES)
