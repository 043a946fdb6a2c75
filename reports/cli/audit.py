from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
from sqlalchemy import Engine

from checks.catalogue import BY_ID
from checks.model.errors import InputError
from checks.model.place import Place, is_local
from checks.model.run_folder import RunFolder
from checks.model.service import PhaseGroup, PhaseRule
from crawler.discovery.sight import Render
from crawler.places import place_of
from crawler.sample_network import sample_network
from reports.cli import options
from reports.cli import overrides as corrections
from reports.cli.browser import render_option, say_unread
from reports.cli.console import put, say
from reports.cli.database import open_database
from reports.cli.health import health_stage
from reports.cli.judging import judge_stage
from reports.cli.opening import SECOND_VISIT, Selection, Settings, open_run
from reports.cli.pipeline import ALL_CORES, Means, crawl_stage, load_stage, nothing_audited, second_visits
from reports.cli.reporting import report_stage
from reports.figures.audited import FIGURES, audited_figures
from reports.figures.figure import Figure
from reports.publisher.publisher import Publisher
from reports.publisher.reading import read_publisher, sample_publisher
from reports.render.summary import render_summary

DEMO = Path("demo")
DEMO_TIMEOUT = 4.0


@click.command(short_help="Fait tout : registre, visite, jugement, chiffres, rapport.")
@click.argument("registry", required=False)
@options.runs
@options.database
@click.option("--only", multiple=True, metavar="ID", help="Seulement ce service (répétable).")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Seulement les N premiers services choisis.")
@click.option(
    "--phase", type=click.Choice([group.value for group in PhaseGroup]), help="Seulement ce groupe de phases."
)
@click.option("--incubator", metavar="ID", help="Seulement les services de cet incubateur.")
@render_option
@options.as_of
@options.phase_rule
@click.option(
    "--resume",
    metavar="[RUN]",
    is_flag=False,
    flag_value="latest",
    help="Reprend un audit interrompu, le dernier s'il n'est pas nommé, au lieu d'en commencer un.",
)
@click.option(
    "--report",
    "output",
    type=click.Path(path_type=Path),
    default="report",
    show_default=True,
    help="Dossier du site produit.",
)
@click.option(
    "--fail-under",
    multiple=True,
    metavar="CHIFFRE=POURCENTAGE",
    help="Sort avec le code 1 si un chiffre est plus bas (répétable).",
)
@corrections.option
@click.option(
    "--second-visit",
    type=click.FloatRange(min=0),
    default=SECOND_VISIT,
    show_default=True,
    metavar="SECONDES",
    help="Attente, au moins, avant de revoir les services douteux.",
)
@click.option(
    "--canaries",
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="Sites témoins, aux verdicts connus (TOML) : l'audit n'est pas sain s'il ne les retrouve pas.",
)
@options.publisher
@options.fleet()
@options.processes
@options.allow_private
def audit(
    registry: str | None,
    runs: Place,
    database: str,
    only: Sequence[str],
    limit: int | None,
    phase: str | None,
    incubator: str | None,
    render: Render,
    as_of: date | None,
    phase_rule: PhaseRule,
    resume: str | None,
    output: Path,
    fail_under: Sequence[str],
    overrides: Sequence[Path],
    second_visit: float,
    canaries: Path | None,
    publisher: Path | None,
    fleet: str | None,
    processes: int | None,
    *,
    allow_private: bool,
) -> int:
    """Audite les services de REGISTRY et écrit le rapport.

    REGISTRY est une adresse http(s) ou un fichier : API de beta.gouv.fr, dossier de fiches Markdown, dashlord.yml, CSV
    ou liste d'adresses.

    \b
    Exemple : toise audit https://beta.gouv.fr/api/v2.7/startups.json --report site
    """
    floors = _floors(fail_under)
    if bool(registry) == bool(resume):
        raise InputError("Donnez un registre à auditer, ou --resume RUN pour reprendre un audit, pas les deux.")
    begun = {"--only": only, "--limit": limit, "--phase": phase, "--incubator": incubator, "--as-of": as_of}
    if resume and (ignored := [name for name, value in (begun | {"--canaries": canaries}).items() if value]):
        raise InputError(f"--resume reprend l'audit tel qu'il a été commencé : retirez {', '.join(ignored)}.")
    selection = Selection(ids=tuple(only), incubator=incubator, phase=phase, limit=limit)
    settings = Settings(
        selection=selection,
        phase_rule=phase_rule,
        as_of=as_of,
        render=render,
        allow_private=allow_private,
        second_visit=second_visit,
        canaries=canaries,
    )
    given = corrections.read_given(overrides, BY_ID)
    said = read_publisher(publisher, options.now().date()) if publisher else None
    means = Means(fleet=fleet, processes=processes)
    means.check()
    engine = open_database(database)  # before anything is read or written: a wrong address costs nothing
    engine.dispose()  # a connection kept through the visits could lead to a base that is gone by then
    folder = RunFolder.find(resume, runs, place_of) if resume else open_run(registry or "", runs, settings)
    return _finish(folder, runs, engine, output, floors, given, said, means)


@click.command(short_help="Audite un réseau d'exemple servi sur cette machine.")
@click.option(
    "--directory",
    type=click.Path(path_type=Path),
    default=DEMO,
    show_default=True,
    help="Où écrire l'audit, la base et le rapport.",
)
@options.publisher
def demo(directory: Path, publisher: Path | None) -> int:
    """Audite une vingtaine de services inventés, servis sur cette machine : rien n'est demandé à l'extérieur.

    \b
    Exemple : toise demo
    """
    runs = directory / "runs"
    today = options.now().date()
    said = read_publisher(publisher, today) if publisher else sample_publisher(today)
    with sample_network() as network, _environment(network.environment()):
        say("Réseau d'exemple : des services inventés, servis sur cette machine.")
        settings = Settings(
            selection=Selection(),
            phase_rule="latest-start",
            as_of=network.as_of,
            timeout=DEMO_TIMEOUT,
            second_visit=0,
        )
        folder = open_run(str(network.registry), runs, settings)
        engine = open_database(f"sqlite:///{directory / 'toise.db'}")
        return _finish(folder, runs, engine, directory / "report", {}, corrections.Given(), said)


def _finish(
    folder: RunFolder,
    runs: Place,
    engine: Engine,
    output: Path,
    floors: Mapping[str, float],
    given: corrections.Given,
    publisher: Publisher | None,
    means: Means = ALL_CORES,
) -> int:
    say(f"Audit {folder.id}")
    with folder.held("audit"):
        given.keep(folder)
        tried = () if folder.doubts.exists() else _first_visits(folder, means)
        missing = second_visits(folder, means, tried)
        sentence = judge_stage(folder)
        is_healthy = health_stage(folder, sentence)
        run = load_stage(folder, engine)
        given.warn_changed(engine, run)
        # The site of a run that is not sound must not take the place of one that is.
        index = report_stage(run, engine, runs, output if is_healthy else _apart(folder, output), publisher)
        folder.update({"stages": {"report": {"state": "done", "at": options.iso(options.now())}}})
    figures = audited_figures(engine, run)
    put(render_summary(run, figures, "text"))
    put(f"Captures et verdicts : {folder.path}\nRapport : {index.resolve()}")
    say_unread(sentence.unread, Render(folder.state["settings"].get("render", Render.AUTO)))
    missed = _missed(figures, floors)
    for line in missed:
        say(line)
    if missing or sentence.crashes:
        return 3
    if nothing_audited(folder):
        say("Aucun service n'a pu être audité : vérifiez la connexion au réseau, ou le mandataire (HTTP_PROXY).")
        return 4
    if not is_healthy:
        return 3
    return 1 if missed else 0


def _first_visits(folder: RunFolder, means: Means) -> Sequence[str]:
    """Not once there are doubts: what is owed then is second visits, after a rest. Returns the services that were tried in vain,
    and are not to be tried again by this command."""
    missing = crawl_stage(folder, means=means)
    if means.fleet or not missing:
        return missing
    # Now, since what is first seen once doubts are known is seen once only.
    return crawl_stage(folder, "Reprise de la visite", means)


def _apart(folder: RunFolder, output: Path) -> Path:
    """Where the site of a run that is not sound stands: in its folder, or if that is remote beside the site of the others."""
    return folder.path / "report" if is_local(folder.path) else output.with_name(f"{output.name}-{folder.path.name}")


def _floors(given: Sequence[str]) -> dict[str, float]:
    floors = {}
    known = [figure.id for figure in FIGURES]
    for text in given:
        name, equals, percent = text.partition("=")
        try:
            floors[name.strip()] = float(percent.strip().removesuffix("%")) / 100
        except ValueError as error:
            raise InputError(f"--fail-under {text} : écrivez CHIFFRE=POURCENTAGE, par exemple https=90.") from error
        if not equals or not 0 <= floors[name.strip()] <= 1:
            raise InputError(f"--fail-under {text} : le pourcentage va de 0 à 100.")
        if name.strip() not in known:
            raise InputError(f"--fail-under {text} : aucun chiffre {name.strip()} ; connus : {', '.join(known)}.")
    return floors


def _missed(figures: Sequence[Figure], floors: Mapping[str, float]) -> list[str]:
    """The floors that a figure does not reach; a figure that nobody knows reaches none."""
    return [
        f"{figure.id} : {figure.text}, sous le seuil de {100 * floors[figure.id]:g} %."
        for figure in figures
        if figure.id in floors and figure.share and (figure.share.value or 0) < floors[figure.id]
    ]


@contextmanager
def _environment(changes: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
