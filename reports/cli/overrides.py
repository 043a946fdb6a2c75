"""The corrections of a run: a file that is given, the copy that the run keeps, and what is announced of them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import Engine

from checks.catalogue import BY_ID
from checks.model.run_folder import RunFolder
from reports.cli.console import say, warn
from reports.cli.options import now
from reports.overrides.kept import keep
from reports.overrides.override import Override
from reports.overrides.reading import check_new, parse_overrides, read_file
from reports.overrides.standing import Standing
from reports.render.foreign import one_line
from reports.render.words import counted, day
from reports.store.queries import needless_overrides
from reports.store.records import RunRecord

_NAMED = 10
"""Corrections named in one kind of message: the report lists them all."""

option = click.option(
    "--overrides",
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="Corrections de verdicts (TOML), que l'audit garde ; sans cette option, celles qu'il a déjà.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file of overrides that can be used, or none."""

    raw: bytes | None = None

    def keep(self, folder: RunFolder) -> None:
        """In place of the copy that a run has; without a file, the run keeps its own."""
        if self.raw is not None:
            keep(folder, self.raw)


def read_given(path: Path | None, rules: Container[str]) -> Given:
    """The file, read and checked before anything else is done. Raises :class:`InputError`."""
    if path is None:
        return Given()
    raw = read_file(path)
    check_new(parse_overrides(raw, str(path)), str(path), rules, now().date())
    return Given(raw=raw)


def rules_of(folder: RunFolder) -> frozenset[str]:
    """The rules of today, and those that judged a run: one file of overrides may serve several runs."""
    ruleset = folder.state.get("ruleset") or {}
    return frozenset((*BY_ID, *(ruleset.get("rules") or ())))


def note(folder: RunFolder, record: RunRecord, engine: Engine) -> None:
    """Writes in ``run.json`` what became of the overrides of a run that was loaded, and announces it."""
    part = record.state.get("overrides")
    if part is None:
        return
    folder.update({"overrides": part})
    if part["applied"]:
        say(f"{counted(part['applied'], 'correction en vigueur', 'corrections en vigueur')} au {day(record.as_of)}.")
    warn(_announcements(Standing.from_json(part), needless_overrides(engine, record.id)))


def _announcements(standing: Standing, needless: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield from _each(
        standing.expired, "a expiré le {day} : elle est ignorée. Regardez le site, puis prolongez-la ou retirez-la."
    )
    yield from _each(standing.ending, "expire le {day} : regardez le site, puis prolongez-la ou retirez-la.")
    if standing.without_service:
        yield f"des corrections portent sur des services que cet audit ne contient pas : {_named(standing.without_service)}."
    if standing.without_rule:
        yield f"des corrections portent sur des règles qui ne jugent pas cet audit : {_named(standing.without_rule)}."
    if needless:
        yield f"des corrections disent ce que dit déjà le verdict automatique, retirez-les : {_list(needless)}."


def _each(overrides: Sequence[Override], end: str) -> Iterator[str]:
    for one in overrides[:_NAMED]:
        which = f"la correction de {one.author} sur {one.service} ({one.rule})"
        yield one_line(f"{which} {end.format(day=day(one.until.isoformat()))}")
    if len(overrides) > _NAMED:
        yield f"et {len(overrides) - _NAMED} autres : le rapport les donne toutes."


def _named(overrides: Sequence[Override]) -> str:
    return _list([override.key for override in overrides])


def _list(keys: Sequence[tuple[str, str]]) -> str:
    more = f" et {len(keys) - _NAMED} autres" if len(keys) > _NAMED else ""
    return one_line(", ".join(f"{service} ({rule})" for service, rule in keys[:_NAMED])) + more
