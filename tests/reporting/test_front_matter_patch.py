"""One field of a front matter is changed by a patch that git takes, and nothing else moves."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.registry.front_matter import HEADER
from crawler.registry.front_matter_edit import RefusedEditError, edited
from crawler.registry.yaml_text import YamlText
from reports.suggestions.patch import file_patch

URL = "https://exemple.fr/stats"
ANCHORED = "https://pad.exemple.fr/s/budgets?view#mon-service"


def git_applied(folder: Path, name: str, before: str, after: str) -> bytes:
    """What is in a file once git has applied the patch from one text to the other."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(before.encode())
    patch = file_patch(name, before, after).encode()
    for arguments in (["--check"], []):
        done = subprocess.run(
            ["git", "apply", *arguments, "-"], cwd=folder, input=patch, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode() + patch.decode()
    return path.read_bytes()


def fields(page: str):
    header = HEADER.match(page)
    assert header is not None
    yaml = YamlText(header[1])
    return yaml.value(yaml.root)


REPLACED = {
    "plain": ("stats_url: https://vieux.fr\n", f"stats_url: {URL}\n"),
    "comment": ("stats_url: https://vieux.fr # à revoir\n", f"stats_url: {URL} # à revoir\n"),
    "single quotes": ("stats_url: 'https://vieux.fr'  # x\n", f"stats_url: '{URL}'  # x\n"),
    "double quotes": ('stats_url: "https://vieux.fr"\n', f'stats_url: "{URL}"\n'),
    "space before the colon": ("stats_url : https://vieux.fr\n", f"stats_url : {URL}\n"),
    "many spaces": ("stats_url:     https://vieux.fr   \n", f"stats_url:     {URL}   \n"),
    "quoted key": ('"stats_url": https://vieux.fr\n', f'"stats_url": {URL}\n'),
    "empty": ("stats_url:\nlink: https://exemple.fr\n", f"stats_url: {URL}\nlink: https://exemple.fr\n"),
    "empty, then spaces": ("stats_url:  \n", f"stats_url: {URL}  \n"),
    "empty, then a comment": ("stats_url: # à venir\n", f"stats_url: {URL} # à venir\n"),
    "empty quotes": ("stats_url: ''\n", f"stats_url: '{URL}'\n"),
    "blank": ("stats_url: ' '\n", f"stats_url: '{URL}'\n"),
    "null": ("stats_url: ~\n", f"stats_url: {URL}\n"),
    "in a longer name": ("my_stats_url: a\nstats_url: b\n", f"my_stats_url: a\nstats_url: {URL}\n"),
    "also nested": ("extra:\n  stats_url: a\nstats_url: b\n", f"extra:\n  stats_url: a\nstats_url: {URL}\n"),
    "also in a block": (
        "mission: |\n  stats_url: a\n  # non\nstats_url: b\n",
        f"mission: |\n  stats_url: a\n  # non\nstats_url: {URL}\n",
    ),
    "another key twice": ("link: a\nlink: b\nstats_url: c\n", f"link: a\nlink: b\nstats_url: {URL}\n"),
    "trailing semicolon": ("stats_url: https://vieux.fr;\n", f"stats_url: {URL}\n"),
    "a separator of lines in Unicode": ('title: "a\u2028b"\nstats_url: b\n', f'title: "a\u2028b"\nstats_url: {URL}\n'),
    "aliases elsewhere": ("a: &a [x]\nb: *a\nstats_url: c\n", f"a: &a [x]\nb: *a\nstats_url: {URL}\n"),
}
ADDED = {
    "after stats": ("link: a\nstats: true\ntechno: []\n", f"link: a\nstats: true\nstats_url: {URL}\ntechno: []\n"),
    "before a later relative": ("title: a\nbudget_url: b\n", f"title: a\nbudget_url: b\nstats_url: {URL}\n"),
    "after link": (
        "title: a\nlink: b\nphases:\n  - name: c\n",
        f"title: a\nlink: b\nstats_url: {URL}\nphases:\n  - name: c\n",
    ),
    "not among lines of a relative": (
        "link: >-\n  https://exemple.fr\ncontact: a\n",
        f"link: >-\n  https://exemple.fr\ncontact: a\nstats_url: {URL}\n",
    ),
    "no relative": ("title: a\nphases:\n  - name: c\n", f"title: a\nphases:\n  - name: c\nstats_url: {URL}\n"),
    "after a block": ("mission: |+\n  a\n\n", f"mission: |+\n  a\n\nstats_url: {URL}\n"),
    "indented": ("  title: a\n  link: b\n", f"  title: a\n  link: b\n  stats_url: {URL}\n"),
    "after a comment of the line": ("link: b # c\n# d\n", f"link: b # c\nstats_url: {URL}\n# d\n"),
    "nested only": ("link: b\nextra:\n  stats_url: a\n", f"link: b\nstats_url: {URL}\nextra:\n  stats_url: a\n"),
}
ENDS = {
    "": ("", "\n", "## Contexte\n\nTexte --- ici.\n---\nstats_url: non\n"),
    "crlf": ("", "\r\n", "## Contexte\r\n\r\nTexte.\r\n"),
    "no body": ("", "\n", None),
    "no final newline": ("", "\n", "Texte sans fin"),
    "bom": ("\ufeff", "\n", "Texte.\n"),
    "bom, crlf, no final newline": ("\ufeff", "\r\n", "Texte"),
    "old ends in the body": ("", "\n", "un\rdeux\x0btrois\x0c\u2028quatre\n"),
}


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize("case", [*REPLACED, *ADDED])
def test_one_line_changes_and_git_takes_the_patch(tmp_path: Path, case: str, ends: str):
    mark, newline, body = ENDS[ends]
    before, expected = (
        f"{mark}---\n{yaml}---".replace("\n", newline) + ("" if body is None else newline + body)
        for yaml in {**REPLACED, **ADDED}[case]
    )

    after = edited(before, "stats_url", URL)

    assert after == expected
    assert fields(after) == {**fields(before), "stats_url": URL}
    assert git_applied(tmp_path, "fiche.md", before, after) == expected.encode()


REFUSED = {
    "twice": ("stats_url: a\nstats_url: b\n", "plusieurs fois"),
    "folded": ("stats_url: >-\n  https://vieux.fr\n", "pas un texte écrit sur la ligne"),
    "literal": ("stats_url: |\n  https://vieux.fr\n", "pas un texte écrit sur la ligne"),
    "on the next line": ("stats_url:\n  https://vieux.fr\n", "pas un texte écrit sur la ligne"),
    "over two lines": ("stats_url: https://vieux.fr\n  /suite\n", "pas un texte écrit sur la ligne"),
    "quotes over two lines": ("stats_url: 'https://vieux.fr\n  /suite'\n", "pas un texte écrit sur la ligne"),
    "list": ("stats_url:\n  - a\n", "pas un texte écrit sur la ligne"),
    "list on the line": ("stats_url: [a]\n", "pas un texte écrit sur la ligne"),
    "alias": ("link: &u a\nstats_url: *u\n", "pas un texte écrit sur la ligne"),
    "anchor": ("stats_url: &u a\nlink: *u\n", "pas un texte écrit sur la ligne"),
    "tag": ("stats_url: !!str a\n", "pas un texte écrit sur la ligne"),
    "explicit key": ("? stats_url\n: a\n", "pas un texte écrit sur la ligne"),
    "braces": ("{stats_url: a}\n", "un par ligne"),
    "list of fields": ("- stats_url: a\n", "un par ligne"),
    "empty": ("", "un par ligne"),
    "comments only": ("# rien\n", "un par ligne"),
    "no YAML": ("stats_url: 'a\n", "pas du YAML lisible"),
    "after the end of the YAML": ("techno: [a]\n...\n", "pas du YAML lisible"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_changed_with_certainty_is_refused(case: str):
    yaml, why = REFUSED[case]

    with pytest.raises(RefusedEditError, match=why):
        edited(f"---\n{yaml}---\nTexte.\n", "stats_url", URL)


def test_a_page_without_front_matter_is_refused():
    with pytest.raises(RefusedEditError, match="pas d'en-tête"):
        edited("stats_url: a\n", "stats_url", URL)


def test_aliases_of_aliases_cost_no_time():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{here}: &{here} [{','.join([f'*{before}'] * 9)}]\n"
        for before, here in zip("abcdefgh", "bcdefghi", strict=True)
    )

    assert edited(f"---\n{bomb}link: b\n---\n", "stats_url", URL).count(URL) == 1


@pytest.mark.parametrize(
    "value,written",
    [
        ("https://exemple.fr/stats?a=1&b=2", "https://exemple.fr/stats?a=1&b=2"),
        (ANCHORED, f"'{ANCHORED}'"),
        ("partiellement conforme", "partiellement conforme"),
        ("a: b", "'a: b'"),
        ("a:", "'a:'"),
        ("l'un", "l'un"),
        ("l'un #2", "'l''un #2'"),
        ("- a", "'- a'"),
        ("true", "'true'"),
        ("12", "'12'"),
        ("2026-11-23", "'2026-11-23'"),
        ("", "''"),
        ("évalué", "'évalué'"),
    ],
)
def test_a_value_is_quoted_where_another_reader_could_take_it_for_something_else(value: str, written: str):
    page = edited("---\nlink: a\n---\n", "budget_url", value)

    assert page == f"---\nlink: a\nbudget_url: {written}\n---\n"
    assert fields(page)["budget_url"] == value


def test_a_value_of_two_lines_is_refused():
    with pytest.raises(RefusedEditError, match="une ligne"):
        edited("---\nlink: a\n---\n", "link", "a\nb: c")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab:#-'\"\\ \n\r\t&*!|>[]{},?é\x85\u2028"), st.text(alphabet="ab:#-' \"", max_size=8))
def test_whatever_the_header_no_other_field_changes(noise: str, value: str):
    page = f"---\nlink: a\n{noise}\n---\nTexte.\n"
    try:
        after = edited(page, "link", value)
    except RefusedEditError:
        return

    assert {**fields(page), "link": value} == fields(after)


NAMES = [
    "simple.md",
    "content/_startups/1000.jours.md",
    "Aides ESS.md",
    "Part'âge.md",
    'guillemets "ici".md',
    "barre\\oblique.md",
    "tabulation\tici.md",
    "ligne\nsuivante.md",
    "dossier avec espaces/été/fiche.md",
    "-tiret.md",
    " espace.md",
    "b/a.md",
]


@pytest.mark.parametrize("name", NAMES)
def test_git_finds_the_file_whatever_its_name(tmp_path: Path, name: str):
    assert git_applied(tmp_path, name, "un\ndeux", "un\ntrois") == b"un\ntrois"


def test_several_files_make_one_patch(tmp_path: Path):
    texts = {name: "ligne\n" * 20 + f"fin de {number}" for number, name in enumerate(NAMES)}
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    patch = "".join(file_patch(name, text, f"début\n{text}\n") for name, text in texts.items())

    done = subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch.encode(), capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    assert all((tmp_path / name).read_text("utf-8") == f"début\n{text}\n" for name, text in texts.items())


def test_nothing_changed_is_no_patch():
    assert file_patch("a.md", "un\n", "un\n") == ""
