from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import click

from checks.catalogue import BY_ID
from checks.model.judgement import Judgement, find_judgement
from checks.model.place import Place
from crawler.places import place_of
from reports.cli import options
from reports.cli.comparing import choice_of, compared, say_crashes
from reports.cli.console import put, warn
from reports.render.comparison import render_comparison


@click.command(short_help="Dit ce qui a changé entre deux audits, et pourquoi.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@options.runs
@options.form("text", "json", "csv")
@click.option(
    "--all",
    "is_all",
    is_flag=True,
    help="Montre aussi les verdicts dont seuls le motif ou la valeur changent, et un par un ceux qui sont nouveaux ou disparus.",
)
def compare(old: str, new: str, runs: Place, form: Literal["text", "json", "csv"], *, is_all: bool) -> int:
    """Dit ce qui a changé de l'audit OLD à l'audit NEW, service par service, et pourquoi : les règles, le registre ou les
    sites.

    Les captures de OLD sont jugées de nouveau selon les règles de NEW, là où elles ont changé, puis selon le registre de
    NEW : ce qui change alors vient des règles, puis du registre, et le reste des sites. Rien n'est écrit.

    OLD et NEW sont des audits (identifiant, chemin ou « latest », le dernier qui soit sain). RUN@DÉBUT est un jugement
    antérieur d'un audit, gardé par « toise judge » : DÉBUT est le début de l'empreinte de ses règles.

    \b
    Exemple : toise compare 2026-11-23T0600Z latest
    """
    before, after = find_judgement(old, runs, place_of), find_judgement(new, runs, place_of)
    warn(_choices(before, after))
    with compared(before, after) as (found, crashes):
        for part in render_comparison(found, BY_ID, form, is_all=is_all):
            put(part)
    say_crashes(crashes)
    return 3 if crashes else 0


def _choices(before: Judgement, after: Judgement) -> Iterator[str]:
    """What the registry is taken for, where it is the command line that chose other services."""
    chosen = {judged.folder.id: choice_of(judged.folder.state) for judged in (before, after)}
    if len(set(chosen.values())) == 1:
        return
    for run, choice in chosen.items():
        if any(choice):
            yield (
                f"l'audit {run} ne porte que sur des services choisis (--only, --incubator, --phase ou --limit) : ceux"
                " qu'un seul des deux audits contient sont comptés comme entrés ou sortis par le registre."
            )
