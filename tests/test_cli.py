from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from reports.cli import VERBS, _ended, main, toise

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Ended:
    code: object
    out: str
    err: str


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """The command as the console script runs it, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*args: str) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main(args)
        captured = capsys.readouterr()
        return Ended(ended.value.code, captured.out, captured.err)

    return run


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb: str):
    result = CliRunner().invoke(toise, [verb, "--help"])

    assert result.exit_code == 0
    assert f"Exemple : toise {verb}" in result.output


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_in_the_readme(verb: str):
    assert f"`toise {verb}" in (ROOT / "README.md").read_text("utf-8")


def test_the_readme_names_no_verb_that_does_not_exist():
    named = set(re.findall(r"`toise (\w+)", (ROOT / "README.md").read_text("utf-8")))

    assert named <= set(VERBS)


BAD_REGISTRIES = {
    "empty.csv": (b"", "est vide"),
    "page.json": (b"<!doctype html><title>Connexion</title>", "est une page HTML, pas un registre"),
    "cut.json": (b'{"data": [', "ligne 1"),
    "other.json": (b'{"a": 1}', "pas un registre"),
}


@pytest.mark.parametrize("name", BAD_REGISTRIES)
@pytest.mark.parametrize("verb", ["registry", "audit"])
def test_a_registry_that_cannot_be_used_gets_one_sentence(run, tmp_path: Path, verb: str, name: str):
    content, sentence = BAD_REGISTRIES[name]
    (tmp_path / name).write_bytes(content)

    result = run(verb, name)

    assert result.code == 2
    assert result.out == ""
    assert sentence in result.err
    assert name in result.err
    assert len(result.err.strip().splitlines()) == 1
    assert not list(tmp_path.glob("runs/*")), "a refused registry leaves no run behind"


BAD_LINES = """\
id,name,url,phase
un,Un,https://un.invalid,construction
deux,Deux,https://,construction
trois,Trois,https://trois.invalid,martienne
un,Encore un,https://autre.invalid,construction
quatre,"Quatre,https://quatre.invalid
"""


def test_a_malformed_line_costs_itself_and_says_where(run, tmp_path: Path):
    (tmp_path / "liste.csv").write_text(BAD_LINES, "utf-8")

    result = run("registry", "liste.csv")

    assert result.code == 0
    assert [line.split('"')[3] for line in result.out.splitlines()] == ["un", "deux", "trois"]
    warnings = "\n".join(sorted(result.err.splitlines()))
    assert re.search(r"liste\.csv, ligne 3 : .*https://.*inutilisable", warnings)
    assert re.search(r"liste\.csv, ligne 4 : .*martienne.*inconnue", warnings)
    assert re.search(r"liste\.csv, ligne 5 : .*« un ».*ligne 2", warnings)
    assert re.search(r"liste\.csv, ligne 6 : ", warnings)


@pytest.mark.parametrize(
    "args,sentence",
    [
        (["registry", "absent.json"], "introuvable"),
        (["registry", "http://user:secret@127.0.0.1:9/r.json"], "n'a pas pu être lu"),
        (["audit"], "Donnez un registre"),
        (["audit", "liste.csv", "--only", "personne"], "aucun service personne"),
        (["audit", "liste.csv", "--phase", "stopped"], "Aucun service"),
        (["audit", "liste.csv", "--fail-under", "https"], "CHIFFRE=POURCENTAGE"),
        (["audit", "liste.csv", "--fail-under", "https=900"], "de 0 à 100"),
        (["audit", "liste.csv", "--fail-under", "beaute=90"], "aucun chiffre beaute"),
        (["audit", "liste.csv", "--as-of", "hier"], "n'est pas une date"),
        (["audit", "liste.csv", "--database", "rien"], "base de données"),
        (["audit", "--resume", "2001-01-01T0000Z"], "Aucun audit nommé"),
        (["summary"], "aucun audit"),
        (["judge", "2001-01-01T0000Z"], "Aucun audit nommé"),
        (["compare", "2001-01-01T0000Z", "latest"], "Aucun audit nommé"),
        (["compare", "latest@1a", "latest"], "Aucun audit dans"),
        (["compare", "latest"], "il manque NEW"),
        (["trace", "https"], "aucun audit"),
        (["explain", "beaute"], "Aucune règle beaute"),
        (["check", "pas une adresse"], "n'est pas l'adresse d'un site"),
        (["check", "https://un.invalid", "--page", "/"], "CHEMIN=FICHIER"),
        (["check", "https://un.invalid", "--page", "/=absente.html"], "absente.html n'existe pas"),
        (["mesurer"], "mesurer"),
        (["audit", "liste.csv", "--colour"], "--colour"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_gets_a_sentence_and_exit_code_2(run, tmp_path: Path, args: list[str], sentence: str):
    (tmp_path / "liste.csv").write_text("id,name,url\nun,Un,https://un.invalid\n", "utf-8")

    result = run(*args)

    assert result.code == 2
    assert sentence in result.err
    assert "Traceback" not in result.err
    assert "secret" not in result.err
    assert not list(tmp_path.glob("runs/*"))


@pytest.mark.parametrize(
    "state, args, sentence",
    [
        ("[]", ["judge"], "run.json n'est pas celui d'un audit"),
        ('{"format": 2}', ["audit", "liste.csv"], "a été écrit par une autre version"),
        ('{"format": "1"}', ["judge", "autre"], "a été écrit par une autre version"),
        ("{}", ["judge", "autre"], "ne dit pas « started_at » et « as_of »"),
        ('{"started_at": "hier", "as_of": "2026-11-23"}', ["judge"], "ne dit pas « started_at » et « as_of »"),
    ],
)
def test_a_folder_that_is_no_run_of_ours_gets_a_sentence(
    run, tmp_path: Path, state: str, args: list[str], sentence: str
):
    (tmp_path / "liste.csv").write_text("id,name,url\nun,Un,https://un.invalid\n", "utf-8")
    (tmp_path / "runs" / "autre").mkdir(parents=True)
    (tmp_path / "runs" / "autre" / "run.json").write_text(state, "utf-8")

    result = run(*args)

    assert result.code == 2
    assert sentence in result.err
    assert "Erreur du programme" not in result.err


def test_runs_that_are_no_folder_get_a_sentence(run, tmp_path: Path):
    (tmp_path / "liste.csv").write_text("id,name,url\nun,Un,https://un.invalid\n", "utf-8")

    result = run("audit", "liste.csv", "--runs", "liste.csv")

    assert result.code == 2
    assert "liste.csv n'est pas un dossier" in result.err


def test_a_right_that_is_missing_gets_a_sentence(capsys):
    assert _ended(PermissionError(13, "Permission denied", "/srv/runs")) == 2
    assert "l'accès à /srv/runs est refusé" in capsys.readouterr().err


def test_explain_prints_the_page_and_the_reasons(run):
    result = run("explain", "accessibility-mention")

    assert result.code == 0
    assert "Comment corriger" in result.out
    assert "failed/no-legal-level" in result.out


def test_explain_says_what_to_send_and_how(run):
    result = run("explain", "clickjacking-protection")

    assert "En-tête à envoyer : X-Frame-Options: SAMEORIGIN\n-----" in result.out
    assert "En-tête à envoyer : Content-Security-Policy: frame-ancestors 'self'\n-----" in result.out
    assert "nginx :\n\n    # dans le bloc server" in result.out
    assert "Scalingo :" in result.out
    assert "En-tête à envoyer" not in run("explain", "security-txt").out


def test_rules_lists_each_rule(run):
    result = run("rules")

    assert result.code == 0
    assert "security-headers" in result.out
    assert "active" in result.out
    assert "à l'essai" in result.out
