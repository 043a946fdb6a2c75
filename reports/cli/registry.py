from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from checks.model.errors import InputError
from checks.model.place import Place
from checks.model.service import PhaseRule
from checks.model.unseen import json_text
from crawler.registry import Registry, read_registry
from reports.cli import options
from reports.cli.console import put, warn
from reports.cli.suggest import suggest
from reports.figures.figure import Figure
from reports.figures.registry import registry_figures
from reports.render.csv_table import csv_lines
from reports.render.foreign import one_line


@click.command(short_help="Lit un registre : ses services, ses chiffres, ou ce qui est à y corriger.")
@click.argument("source", metavar="[REGISTRY]", required=False)
@click.option("--figures", "wants_figures", is_flag=True, help="Affiche les chiffres du registre seul, sans audit.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "patch"]),
    help="Format des chiffres (text par défaut) ou des corrections (csv par défaut, ou patch).",
)
@click.option(
    "--suggest",
    "suggested",
    metavar="RUN",
    is_flag=False,
    flag_value="latest",
    help="Ce que l'audit RUN (latest par défaut) montre à corriger dans le registre, ou dans REGISTRY s'il est donné.",
)
@options.runs
@click.option(
    "--year", type=click.IntRange(2013, 2100), metavar="ANNÉE", help="Année du tableau du projet de loi de finances."
)
@options.as_of
@options.phase_rule
def registry(
    source: str | None,
    form: str | None,
    suggested: str | None,
    runs: Place,
    year: int | None,
    as_of: date | None,
    phase_rule: PhaseRule,
    *,
    wants_figures: bool,
) -> int:
    """Lit REGISTRY et affiche un service par ligne (JSON), ou avec --figures les chiffres qu'il donne à lui seul.

    Avec --suggest, affiche les champs à corriger dans le registre d'après un audit ; le patch s'applique depuis le
    dossier de fiches REGISTRY, avec git apply.

    \b
    Exemple : toise registry startups.json --figures --year 2024 --format json
    Exemple : toise registry content/_startups --suggest latest --format patch
    """
    if suggested and not wants_figures:
        return suggest(suggested, runs, source, form or "csv")
    if source is None or suggested:
        raise InputError("Donnez un registre à lire, ou --suggest RUN pour savoir qu'y corriger, sans --figures.")
    if form == "patch":
        raise InputError("--format patch ne va qu'avec --suggest.")
    read = read_registry(source)
    warn(read.warnings)
    if not wants_figures:
        for service in read.services:
            put(json_text(service.to_json()))
        return 0
    figures = registry_figures(
        read.services,
        phase_rule=phase_rule,
        as_of=as_of.isoformat() if as_of else None,
        today=options.now().date().isoformat(),
        year=year,
    )
    put({"text": _text, "json": _json, "csv": _csv}[form or "text"](read, figures))
    return 0


def _text(read: Registry, figures: Sequence[Figure]) -> str:
    lines = [one_line(f"Registre {read.source}, {len(read.services)} entrées ({read.digest})"), ""]
    width = max(len(_value(figure)) for figure in figures)
    lines += [f"{_value(figure):>{width}}  {one_line(figure.label)}{_apart(figure)}" for figure in figures]
    return "\n".join(lines)


def _apart(figure: Figure) -> str:
    """Of the values of one kind, those that no single service can own, and those that had to be repaired."""
    if figure.by != "kind" or figure.details is None:
        return ""
    shared, repaired = figure.numerator - figure.details["attributable"], figure.details["repaired"]
    said = [
        f"{shared} d'aucun service en propre" if shared else "",
        f"{repaired} réparée{'s' if repaired > 1 else ''}" if repaired else "",
    ]
    return f" ({', '.join(filter(None, said))})" if any(said) else ""


def _value(figure: Figure) -> str:
    if figure.denominator is None:
        return figure.text
    return f"{figure.numerator} / {figure.denominator} = {figure.text}"


def _json(read: Registry, figures: Sequence[Figure]) -> str:
    document = {
        "registry": {
            "source": read.source,
            "kind": read.kind,
            "digest": read.digest,
            "entries": len(read.services),
            "warnings": list(read.warnings),
        },
        "figures": [figure.to_json() for figure in figures],
    }
    return json_text(document, indent=2)


def _csv(_: Registry, figures: Sequence[Figure]) -> str:
    columns = ("id", "by", "group", "label", "population", "numerator", "denominator")
    rows = ({column: getattr(figure, column) for column in columns} for figure in figures)
    return "".join(csv_lines(columns, rows))
