from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date
from io import StringIO

import click

from checks.model.service import PhaseRule
from crawler.registry import Registry, read_registry
from reports.cli import options
from reports.cli.console import put, warn
from reports.figures.figure import Figure
from reports.figures.registry import registry_figures


@click.command(short_help="Lit un registre : ses services, ou ses chiffres.")
@click.argument("source", metavar="REGISTRY")
@click.option("--figures", "wants_figures", is_flag=True, help="Affiche les chiffres du registre seul, sans audit.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="Format des chiffres.",
)
@click.option(
    "--year", type=click.IntRange(2013, 2100), metavar="ANNÉE", help="Année du tableau du projet de loi de finances."
)
@options.as_of
@options.phase_rule
def registry(
    source: str, form: str, year: int | None, as_of: date | None, phase_rule: PhaseRule, *, wants_figures: bool
) -> int:
    """Lit REGISTRY et affiche un service par ligne (JSON), ou avec --figures les chiffres qu'il donne à lui seul.

    \b
    Exemple : toise registry startups.json --figures --year 2024 --format json
    """
    read = read_registry(source)
    warn(read.warnings)
    if not wants_figures:
        for service in read.services:
            put(json.dumps(service.to_json(), ensure_ascii=False))
        return 0
    figures = registry_figures(
        read.services,
        phase_rule=phase_rule,
        as_of=as_of.isoformat() if as_of else None,
        today=options.now().date().isoformat(),
        year=year,
    )
    put({"text": _text, "json": _json, "csv": _csv}[form](read, figures))
    return 0


def _text(read: Registry, figures: Sequence[Figure]) -> str:
    lines = [f"Registre {read.source}, {len(read.services)} entrées ({read.digest})", ""]
    width = max(len(_value(figure)) for figure in figures)
    lines += [f"{_value(figure):>{width}}  {figure.label}" for figure in figures]
    return "\n".join(lines)


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
    return json.dumps(document, ensure_ascii=False, indent=2)


def _csv(_: Registry, figures: Sequence[Figure]) -> str:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "by", "group", "label", "population", "numerator", "denominator"])
    for figure in figures:
        denominator = "" if figure.denominator is None else figure.denominator
        writer.writerow(
            [figure.id, figure.by, figure.group, figure.label, figure.population, figure.numerator, denominator]
        )
    return out.getvalue()
