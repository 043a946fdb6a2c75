from __future__ import annotations

from pathlib import Path
from textwrap import indent
from typing import Literal

import click

from checks.catalogue import BY_ID, RULES
from checks.model.errors import InputError
from checks.model.place import Place
from checks.model.rule import Rule, Status
from checks.parse.security.remedies import REMEDIES, line_to_send, remedies_of
from reports.cli import options
from reports.cli.chosen import chosen_run
from reports.cli.console import put
from reports.cli.database import open_database
from reports.cli.reporting import report_stage
from reports.figures.audited import audited_figures
from reports.figures.breakdown import By
from reports.language import LANGUAGES, Language, speaking
from reports.publisher.reading import read_publisher
from reports.render.summary import render_summary
from reports.render.theme import THEMES, Theme
from reports.render.words import SERVERS
from reports.store.queries import find_run

_STATUS = {Status.ACTIVE: "active", Status.EVALUATION: "à l'essai", Status.RETIRED: "retirée"}


@click.command(short_help="Affiche les chiffres d'un audit.")
@options.run_argument
@options.form("text", "json", "csv", "markdown")
@click.option("--by", type=click.Choice(["phase", "incubator", "sponsor"]), help="Détaille chaque chiffre.")
@click.option("--against", metavar="RUN", help="Compare avec un autre audit.")
@options.database
def summary(
    run: str, form: Literal["text", "json", "csv", "markdown"], by: By | None, against: str | None, database: str
) -> int:
    """Affiche les chiffres d'un audit chargé, chacun avec son dénominateur et ses bornes.

    \b
    Exemple : toise summary latest --by phase --format markdown
    """
    engine = open_database(database)
    record = chosen_run(engine, run)
    previous = audited_figures(engine, find_run(engine, against), by=by) if against else None
    put(render_summary(record, audited_figures(engine, record, by=by), form, previous))
    return 0


@click.command(short_help="Écrit le site d'un audit.")
@options.run_argument
@options.runs
@options.database
@click.option("--output", type=click.Path(path_type=Path), default="report", show_default=True, help="Dossier du site.")
@click.option(
    "--theme",
    type=click.Choice(THEMES),
    default=THEMES[0],
    show_default=True,
    help="Habillage ; dsfr est réservé aux sites de l'État et demande toise[dsfr].",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="fr",
    show_default=True,
    help="Langue du site : français ou anglais.",
)
@options.publisher
@click.option(
    "--pdf", "has_pdf", is_flag=True, help="Écrit aussi le bilan annuel en PDF accessible (bilan.pdf, dans le site)."
)
def report(
    run: str,
    runs: Place,
    database: str,
    output: Path,
    theme: Theme,
    language: Language,
    publisher: Path | None,
    *,
    has_pdf: bool,
) -> int:
    """Écrit le site statique d'un audit chargé.

    Avec --pdf, son bilan annuel y est aussi un document à garder ; il y faut WeasyPrint : pip install 'toise[pdf]'.

    \b
    Exemple : toise report latest --output site --publisher editeur.toml
    """
    said = read_publisher(publisher, options.now().date()) if publisher else None
    engine = open_database(database)
    record = chosen_run(engine, run)
    with speaking(language):
        index = report_stage(record, engine, runs, output, said, theme, has_pdf=has_pdf)
    put(str(index.resolve()))
    return 0


@click.command(short_help="Affiche la page d'une règle.")
@click.argument("rule")
def explain(rule: str) -> int:
    """Affiche ce que la règle RULE demande, pourquoi, et comment corriger.

    \b
    Exemple : toise explain accessibility-mention
    """
    if rule not in BY_ID:
        raise InputError(f"Aucune règle {rule} : « toise rules » en donne la liste.")
    known = BY_ID[rule]
    put(f"{known.id} (version {known.version}, {_STATUS[known.status]})\n\n{known.page.strip()}\n\n{_reasons(known)}")
    for remedy in remedies_of(rule):
        put(f"\n{_lines(remedy)}")
    return 0


def _lines(remedy: str) -> str:
    """The line to send, and what to write in each server to send it."""
    heading = f"En-tête à envoyer : {line_to_send(remedy)}"
    servers = (f"{SERVERS[server]} :\n\n{indent(lines, '    ')}" for server, lines in REMEDIES[remedy].items())
    return "\n\n".join([f"{heading}\n{'-' * len(heading)}", *servers])


def _reasons(rule: Rule) -> str:
    lines = [f"- {rule.outcomes[reason].value}/{reason} : {rule.message(reason)}" for reason in rule.outcomes]
    lines += [f"- avertissement {name} : {text}" for name, text in rule.warnings.items()]
    return "\n".join(["Raisons", "-------", *lines])


@click.command(short_help="Liste les règles.")
def rules() -> int:
    """Liste les règles, une par ligne.

    \b
    Exemple : toise rules
    """
    width = max(len(rule.id) for rule in RULES)
    for rule in RULES:
        put(f"{rule.id:<{width}}  v{rule.version}  {_STATUS[rule.status]:<9}  {rule.title}")
    return 0
