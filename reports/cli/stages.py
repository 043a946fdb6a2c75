from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from checks.model.errors import InputError
from checks.model.place import Place
from checks.model.run_folder import RunFolder
from crawler.places import place_of
from reports.cli import options
from reports.cli import overrides as corrections
from reports.cli.console import put, say
from reports.cli.database import open_database
from reports.cli.health import health_stage
from reports.cli.judging import judge_stage
from reports.cli.pipeline import Means, crawl_stage, load_stage


@click.command(short_help="Visite les services d'un audit qui ne l'ont pas été.")
@options.run_argument
@options.runs
@options.fleet()
@options.processes
def crawl(run: str, runs: Place, fleet: str | None, processes: int | None) -> int:
    """Visite les services d'un audit dont les captures manquent, et les archive.

    \b
    Exemple : toise crawl latest
    """
    means = Means(fleet=fleet, processes=processes)
    means.check()
    folder = RunFolder.find(run, runs, place_of)
    with folder.held("audit"):
        missing = crawl_stage(folder, means=means)
    put(str(folder.captures))
    return 3 if missing else 0


@click.command(short_help="Juge les captures d'un audit, sans réseau.")
@options.run_argument
@options.runs
@click.option(
    "--accept",
    metavar="RAISON",
    help="Accepte l'audit malgré ses contrôles de santé : pourquoi, pour ceux qui liront ses chiffres.",
)
def judge(run: str, runs: Place, accept: str | None) -> int:
    """Juge de nouveau les captures d'un audit selon les règles d'aujourd'hui.

    Les verdicts rendus par d'autres règles sont gardés à côté (verdicts-….jsonl) : « toise compare » sait les lire.

    Avec --accept, un audit qui n'est pas sain peut être publié : la raison est gardée et montrée. Chargez-le ensuite avec
    « toise load ».

    \b
    Exemple : toise judge 2026-11-23T0600Z
    """
    if accept is not None and not accept.strip():
        raise InputError('--accept demande une raison, par exemple --accept "le registre a été nettoyé".')
    folder = RunFolder.find(run, runs, place_of)
    with folder.held("audit"):
        sentence = judge_stage(folder)
        is_healthy = health_stage(folder, sentence, accept)
    put(str(folder.verdicts))
    return 3 if sentence.crashes or not is_healthy else 0


@click.command(short_help="Charge un audit dans la base de données.")
@options.run_argument
@options.runs
@options.database
@corrections.option
def load(run: str, runs: Place, database: str, overrides: Sequence[Path]) -> int:
    """Charge un audit jugé dans la base ; le charger deux fois ne le compte qu'une.

    Avec --overrides, les corrections des fichiers remplacent celles de l'audit ; un tableau de « toise review » s'y ajoute.

    \b
    Exemple : toise load latest --database sqlite:///toise.db
    """
    folder = RunFolder.find(run, runs, place_of)
    given = corrections.read_given(overrides, corrections.rules_of(folder))
    engine = open_database(database)
    with folder.held("audit"):
        given.keep(folder)
        record = load_stage(folder, engine)
    given.warn_changed(engine, record)
    say(f"Audit {record.id} chargé.")
    return 0
