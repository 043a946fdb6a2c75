from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from checks.model.place import Place
from crawler.places import place_of

Command = TypeVar("Command", bound=Callable[..., Any])


class IsoDate(click.ParamType[date]):
    """A day, ``2026-11-23``."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"« {value} » n'est pas une date : écrivez par exemple 2026-11-23.", param, ctx)


class PlaceOfRuns(click.ParamType[Place]):
    """A folder, or an address that fsspec knows, ``s3://…``."""

    name = "directory"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Place:  # noqa: ARG002 - click's signature
        return place_of(value) if isinstance(value, str) else cast("Place", value)


runs = click.option(
    "--runs",
    type=PlaceOfRuns(),
    default="runs",
    envvar="TOISE_RUNS",
    show_default=True,
    help="Dossier des audits, ou son adresse (s3://…).",
)
database = click.option(
    "--database",
    default="sqlite:///toise.db",
    envvar="TOISE_DATABASE",
    show_default=True,
    help="Base de données des résultats (URL SQLAlchemy).",
)
as_of = click.option("--as-of", type=IsoDate(), help="Jour de référence (ISO) ; aujourd'hui par défaut.")
phase_rule = click.option(
    "--phase-rule",
    type=click.Choice(["latest-start", "last-listed"]),
    default="latest-start",
    show_default=True,
    help="Phase courante : le début le plus récent, ou la dernière de la liste.",
)
run_argument = click.argument("run", default="latest", metavar="[RUN]")
publisher = click.option(
    "--publisher",
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="Ce que l'éditeur du site dit de lui (TOML) : mentions légales, accessibilité, contacts.",
)
allow_private = click.option(
    "--allow-private", is_flag=True, help="Accepte les adresses privées ou locales (intranet, essais)."
)


def fleet(*, is_required: bool = False) -> Callable[[Command], Command]:
    """``--fleet``, the queue of a fleet of workers."""
    return click.option(
        "--fleet",
        required=is_required,
        envvar="TOISE_FLEET",
        metavar="URL",
        help="File d'attente d'une flotte d'ouvriers : postgresql://utilisateur@serveur/base.",
    )


processes = click.option(
    "--processes",
    type=click.IntRange(min=1),
    metavar="N",
    help="Nombre de processus qui visitent ; un par cœur de cette machine s'il n'est pas donné.",
)


def form(*forms: str) -> Callable[[Command], Command]:
    """``--format``, one of these; the first where it is not given."""
    return click.option(
        "--format", "form", type=click.Choice(forms), default=forms[0], show_default=True, help="Format de sortie."
    )


def now() -> datetime:
    """The one clock of the command line, UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
