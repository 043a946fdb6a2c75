from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import click

from checks.catalogue import BY_ID
from checks.model.judgement import Judgement, ServiceVerdicts, find_judgement, shelved
from checks.model.rule import Status
from checks.model.service import PhaseGroup
from reports.cli import options
from reports.cli.console import progress, put, say, warn
from reports.cli.retrial import Retrial
from reports.cli.spool import Spool
from reports.figures.changes import Entry, Terms, changes, steps
from reports.figures.comparison import Comparison, Counts
from reports.figures.moves import Moves
from reports.render.comparison import render_comparison

Pair = tuple[Entry | None, Entry | None]


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
def compare(old: str, new: str, runs: Path, form: Literal["text", "json", "csv"], *, is_all: bool) -> int:
    """Dit ce qui a changé de l'audit OLD à l'audit NEW, service par service, et pourquoi : les règles, le registre ou les
    sites.

    Les captures de OLD sont jugées de nouveau selon les règles de NEW, là où elles ont changé, puis selon le registre de
    NEW : ce qui change alors vient des règles, puis du registre, et le reste des sites. Rien n'est écrit.

    OLD et NEW sont des audits (identifiant, chemin ou « latest », le dernier qui soit sain). RUN@DÉBUT est un jugement
    antérieur d'un audit, gardé par « toise judge » : DÉBUT est le début de l'empreinte de ses règles.

    \b
    Exemple : toise compare 2026-11-23T0600Z latest
    """
    before, after = find_judgement(old, runs), find_judgement(new, runs)
    warn(_choices(before, after))
    terms = _terms(before, after)
    retrial = Retrial(before.folder, terms)
    counts = Counts()
    moves = Moves(before.rules, after.rules)
    with Spool() as spool:
        for entries in _pairs(before, after):
            _add(*entries, terms, retrial, counts, moves, spool)
        counts.retried = retrial.count
        found = Comparison(old=before, new=after, terms=terms, moves=moves.moves(), counts=counts, changes=spool.of)
        for part in render_comparison(found, BY_ID, form, is_all=is_all):
            put(part)
    for crash in retrial.crashes:
        say(
            f"La règle {crash.rule} a échoué par notre faute sur {crash.service} : ce changement est sans cause connue."
        )
    return 3 if retrial.crashes else 0


def _choices(before: Judgement, after: Judgement) -> Iterator[str]:
    """What the registry is taken for, where it is the command line that chose other services."""
    chosen = {judged.folder.id: _choice(judged) for judged in (before, after)}
    if len(set(chosen.values())) == 1:
        return
    for run, choice in chosen.items():
        if any(choice):
            yield (
                f"l'audit {run} ne porte que sur des services choisis (--only, --incubator, --phase ou --limit) : ceux"
                " qu'un seul des deux audits contient sont comptés comme entrés ou sortis par le registre."
            )


def _choice(judged: Judgement) -> tuple[Any, ...]:
    settings = judged.folder.state.get("settings") or {}
    return (tuple(settings.get("only") or ()), *(settings.get(name) for name in ("incubator", "phase", "limit")))


def _terms(before: Judgement, after: Judgement) -> Terms:
    return Terms(
        before=before.versions,
        after=after.versions,
        today={rule.id: rule.version for rule in BY_ID.values() if rule.status is not Status.RETIRED},
        is_same_gathering=before.is_same_gathering(after),
    )


def _pairs(before: Judgement, after: Judgement) -> Iterator[Pair]:
    """Each service once: in the order of the later registry, then those that only the earlier one lists."""
    old_group, new_group = before.folder.grouping(), after.folder.grouping()

    def old_entry(judged: ServiceVerdicts | None) -> Entry | None:
        return _entry(judged, old_group(judged[0])) if judged else None

    met: set[str] = set()
    with shelved(before) as shelf, progress("Comparaison", _count(after)) as advance:
        for judged in after.services():
            met.add(judged[0].id)
            yield old_entry(shelf.take(judged[0].id)), _entry(judged, new_group(judged[0]))
            advance()
        for service in before.folder.read_services():
            if service.id not in met:
                yield old_entry(shelf.take(service.id)), None


def _entry(judged: ServiceVerdicts, group: PhaseGroup) -> Entry:
    service, verdicts = judged
    return Entry(service=service, group=group, verdicts={verdict.rule: verdict for verdict in verdicts})


def _count(judgement: Judgement) -> int:
    return int((judgement.folder.state.get("counts") or {}).get("services") or 1)


def _add(
    old: Entry | None, new: Entry | None, terms: Terms, retrial: Retrial, counts: Counts, moves: Moves, spool: Spool
) -> None:
    known = new or old
    assert known is not None  # noqa: S101 - one of the two lists it
    counts.both += bool(old and new)
    counts.entered += old is None
    counts.left += new is None
    retried = retrial.of(old, new)
    taken = {rule: steps(rule, old, new, terms, retried) for rule in terms.rules}
    moves.add(old, new, taken)
    for rule, one in taken.items():
        for change in changes(known.service, rule, one):
            counts.add(change)
            spool.add(change)
