"""The corrections of a run: a file that is given, the copy that the run keeps, and what is announced of them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import click
from sqlalchemy import Engine

from checks.catalogue import BY_ID
from checks.model.errors import InputError
from checks.model.outcome import Outcome
from checks.model.run_folder import RunFolder
from reports.cli.console import say, warn
from reports.cli.options import now
from reports.overrides.kept import FILE, keep
from reports.overrides.override import Override
from reports.overrides.reading import check_new, parse_overrides, read_file
from reports.overrides.standing import Standing
from reports.overrides.writing import as_toml
from reports.render.foreign import one_line
from reports.render.words import OUTCOMES, counted, day
from reports.review.decisions import Decision, is_table, is_workbook, read_decisions
from reports.store.needless import needless_overrides
from reports.store.queries import ServiceOutcomes, outcomes
from reports.store.records import RunRecord

_NAMED = 10
"""Corrections named in one kind of message: the report lists them all."""

_LABELS = {outcome.value: label for outcome, label in OUTCOMES.items()}

option = click.option(
    "--overrides",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FICHIER",
    help="Corrections de verdicts (TOML, ou tableau rempli de « toise review » en CSV), que l'audit garde ; sans cette"
    " option, celles qu'il a déjà. Peut être répétée : la dernière l'emporte.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file of corrections: what people keep in TOML, or with ``decisions`` the table of a review."""

    path: Path
    raw: bytes
    overrides: tuple[Override, ...]
    decisions: tuple[Decision, ...] | None = None

    @classmethod
    def read(cls, path: Path, rules: Container[str]) -> _File:
        raw, today = read_file(path), now().date()
        if is_workbook(raw):
            raise InputError(f"{path} est un classeur : enregistrez-le en CSV (UTF-8), puis donnez ce fichier-là.")
        if is_table(raw):
            found = read_decisions(raw, str(path), rules, today)
            warn(_unfinished(path, found.unfinished))
            return cls(path=path, raw=raw, overrides=tuple(one.override for one in found.made), decisions=found.made)
        if path.suffix.lower() == ".csv":
            columns = "(service, rule, decision)"
            raise InputError(
                f"{path} n'a pas les colonnes d'un tableau de « toise review » {columns} : donnez-le entier."
            )
        overrides = parse_overrides(raw, str(path))
        check_new(overrides, str(path), rules, today)
        return cls(path=path, raw=raw, overrides=overrides)

    @classmethod
    def of_run(cls, folder: RunFolder) -> Iterator[_File]:
        """The copy of a run, if it has one."""
        path = folder.path / FILE
        if path.exists():
            raw = read_file(path)
            yield cls(path=path, raw=raw, overrides=parse_overrides(raw, str(path)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The files that are given, or none. A file in TOML is all the corrections there are; a table only adds its own."""

    files: tuple[_File, ...] = ()

    @property
    def overrides(self) -> tuple[Override, ...]:
        return tuple(override for _, override in _merged(self.files).values())

    def keep(self, folder: RunFolder) -> None:
        """In place of the copy that a run has, or with tables alone added to it; without a file, the run keeps its own."""
        if len(self.files) == 1 and self.files[0].decisions is None:
            keep(folder, self.files[0].raw)
        elif self.files:
            is_whole = any(file.decisions is None for file in self.files)
            files = [*(() if is_whole else _File.of_run(folder)), *self.files]
            for sentence in _replaced(files):
                say(one_line(sentence))
            keep(folder, _together(files))

    def warn_changed(self, engine: Engine, record: RunRecord) -> None:
        """Says which decisions were taken on another outcome than the one that the run holds."""
        by_service: dict[str, list[Decision]] = {}
        for file, override in _merged(self.files).values():
            for decision in file.decisions or ():
                if decision.override is override:
                    by_service.setdefault(override.service, []).append(decision)
        if by_service:
            found = outcomes(engine, record.id, {override.rule for override in self.overrides})
            warn(_capped(one for service in found for one in _changed(service, by_service.get(service.id, ()))))


def read_given(paths: Sequence[Path], rules: Container[str]) -> Given:
    """The files, read and checked before anything else is done. Raises :class:`InputError`."""
    return Given(files=tuple(_File.read(path, rules) for path in paths))


def _merged(files: Iterable[_File]) -> dict[tuple[str, str], tuple[_File, Override]]:
    """Of two corrections of the same service and rule, the last one."""
    return {override.key: (file, override) for file in files for override in file.overrides}


def _replaced(files: Iterable[_File]) -> Iterator[str]:
    first: dict[tuple[str, str], _File] = {}
    for file in files:
        for override in file.overrides:
            before = first.get(override.key)
            if before:
                where = f"{override.service} ({override.rule})"
                yield f"{where} : la correction de {file.path} remplace celle de {before.path}."
            first[override.key] = file


def _unfinished(path: Path, lines: Sequence[int]) -> Iterator[str]:
    if lines:
        many = "une ligne est remplie" if len(lines) == 1 else f"{len(lines)} lignes sont remplies"
        which = ", ".join(map(str, lines[:_NAMED])) + (" et suivantes" if len(lines) > _NAMED else "")
        yield f"{path} : {many} sans que « decision » le soit, rien n'en est retenu ({which})."


def _together(files: Sequence[_File]) -> bytes:
    """What a run keeps of several files, or of a table: their overrides in the one form that it reads, and where from."""
    names = [f"# {one_line(file.path.name)} sha256:{sha256(file.raw).hexdigest()}\n" for file in files]
    overrides = (override for _, override in _merged(files).values())
    return "\n".join(["".join(names), as_toml(overrides)]).encode("utf-8")


def _changed(service: ServiceOutcomes, decisions: Sequence[Decision]) -> Iterator[str]:
    for one in decisions:
        found = service.outcomes.get(one.override.rule, Outcome.UNTESTED)
        if one.looked_at and one.looked_at != found.value:
            which = f"la décision sur {service.id} ({one.override.rule})"
            seen = f"le verdict « {_LABELS.get(one.looked_at, one.looked_at)} » de l'audit {one.run or '?'}"
            yield one_line(f"{which} a été prise sur {seen}, il est ici « {OUTCOMES[found]} » : regardez de nouveau.")


def _capped(sentences: Iterable[str]) -> Iterator[str]:
    known = list(sentences)
    yield from known[:_NAMED]
    if len(known) > _NAMED:
        yield f"et {len(known) - _NAMED} autres décisions prises sur un verdict qui a changé."


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
