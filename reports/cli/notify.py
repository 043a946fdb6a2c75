from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import click
from sqlalchemy import Engine

from checks.catalogue import BY_ID
from checks.model.errors import InputError
from checks.model.place import Place
from checks.model.run_folder import RunFolder
from reports.cli import options
from reports.cli.chosen import chosen_run
from reports.cli.comparing import say_crashes
from reports.cli.console import put, say
from reports.cli.database import open_database
from reports.cli.options import iso, now
from reports.cli.since import run_folder, since
from reports.figures.since import Since
from reports.notices.recipients import EVERYONE, Address, Recipients, for_incubator, read_recipients, shown_key
from reports.notices.sending import Courier
from reports.notices.sent import Sent, read_sent, sending
from reports.render.addresses import Addresses
from reports.render.foreign import cut, one_line, web_address
from reports.render.names import file_names
from reports.render.notice import Edition, Notice, notice
from reports.render.words import counted
from reports.store.differences import incubators, service_ids
from reports.store.past import earlier_runs
from reports.store.queries import find_run
from reports.store.records import RunRecord

_NAMED = 10
"""Incubators named in one sentence."""


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What became of the notices: the incubators to whom there is nothing to say, those without an address, and numbers."""

    quiet: list[str] = field(default_factory=list)
    unaddressed: list[str] = field(default_factory=list)
    due: int = 0
    sent: int = 0
    known: int = 0
    failed: int = 0


@click.command(short_help="Dit à chaque incubateur ce qui a changé pour ses services.")
@options.run_argument
@click.option("--against", metavar="RUN", help="Audit de comparaison ; par défaut le dernier audit sain qui précède.")
@click.option("--to", type=click.Path(path_type=Path), metavar="FICHIER", help="Destinataires (TOML), par incubateur.")
@click.option("--only", multiple=True, metavar="INCUBATEUR", help="Seulement cet incubateur (répétable).")
@click.option("--site", metavar="URL", help="Adresse du site publié, où mènent les liens.")
@click.option("--send", "is_sent", is_flag=True, help="Envoie ; sans cette option, rien ne part, tout est montré.")
@click.option("--again", is_flag=True, help="Envoie aussi ce qui l'a déjà été.")
@options.form("text", "markdown")
@options.runs
@options.database
def notify(
    run: str,
    against: str | None,
    to: Path | None,
    only: tuple[str, ...],
    site: str | None,
    form: Literal["text", "markdown"],
    runs: Place,
    database: str,
    *,
    is_sent: bool,
    again: bool,
) -> int:
    """Dit à chaque incubateur ce qui s'est dégradé ou amélioré depuis le dernier audit sain, par Apprise (Mattermost, Tchap,
    courriel…). Sans --send, montre les messages et n'envoie rien.

    Un audit qui n'est pas sain n'est jamais envoyé. Ce qui a été envoyé est retenu dans le dossier de l'audit
    (notices.jsonl), et ne l'est pas deux fois sans --again.

    \b
    Exemple : toise notify latest --to destinataires.toml --site https://toise.example.org --send
    """
    engine = open_database(database)
    new = _sound(chosen_run(engine, run))
    old = _earlier(engine, new, against)
    if old is None:
        say(f"Aucun audit sain ne précède {new.id} : il n'y a rien à comparer, rien n'est envoyé.")
        return 0
    everyone = incubators(engine, old.id, new.id)
    recipients = _recipients(to, everyone)
    chosen = _chosen(everyone, only)
    folder = run_folder(new.id, runs)
    _check_sending(to, folder, runs, new, is_sent=is_sent)
    addresses = _addresses(engine, new, site)
    tally = _Tally()
    with since(engine, old, new, runs) as (found, crashes):
        edition = Edition(old=old, new=new, rules=BY_ID, addresses=addresses)
        notices = _notices(chosen, found, edition, tally)
        if is_sent and folder:
            with sending(folder) as sent:
                _send(notices, recipients, sent, tally, again=again)
        else:
            _show(notices, recipients, read_sent(folder) if folder else None, tally, form, again=again)
    _conclude(tally, old, new, is_sent=is_sent)
    say_crashes(crashes)
    return 3 if tally.failed or crashes else 0


def _sound(run: RunRecord) -> RunRecord:
    if not run.is_healthy:
        raise InputError(
            f"L'audit {run.id} n'est pas sain : rien n'en est envoyé, tant qu'une personne ne l'accepte pas"
            f" (« toise judge {run.id} --accept RAISON », puis « toise load {run.id} »)."
        )
    return run


def _earlier(engine: Engine, new: RunRecord, against: str | None) -> RunRecord | None:
    if against is None:
        return next(iter(earlier_runs(engine, new)), None)
    old = _sound(find_run(engine, against))
    if (old.started_at, old.id) >= (new.started_at, new.id):
        raise InputError(f"--against {old.id} : cet audit ne précède pas {new.id}, donnez-en un qui soit plus ancien.")
    return old


def _recipients(path: Path | None, everyone: Iterable[str]) -> Recipients:
    if path is None:
        return {}
    recipients = read_recipients(path, os.environ)
    known = {*everyone, EVERYONE}
    for incubator in recipients:
        if incubator not in known:
            raise InputError(f"{path}, « {shown_key(incubator)} » : ces audits n'ont aucun incubateur de ce nom.")
    with Courier() as courier:
        courier.check(address for addresses in recipients.values() for address in addresses)
    return recipients


def _chosen(everyone: tuple[str, ...], only: tuple[str, ...]) -> tuple[str, ...]:
    for incubator in only:
        if incubator not in everyone:
            raise InputError(f"--only {incubator} : ces audits n'ont aucun incubateur de ce nom.")
    return tuple(incubator for incubator in everyone if not only or incubator in only)


def _check_sending(to: Path | None, folder: RunFolder | None, runs: Place, new: RunRecord, *, is_sent: bool) -> None:
    if is_sent and to is None:
        raise InputError("--send demande des destinataires : donnez leur fichier avec --to.")
    if is_sent and folder is None:
        raise InputError(
            f"L'audit {new.id} n'est pas dans {runs} : ce qui est envoyé se retient dans son dossier, donnez-le par --runs."
        )


def _addresses(engine: Engine, new: RunRecord, site: str | None) -> Addresses:
    if site is None:
        return Addresses()
    if web_address(site) is None or any(sign in site for sign in "?#()"):
        raise InputError(f"--site {site} : attendu l'adresse https du site publié, comme https://toise.example.org/.")
    return Addresses(
        base=f"{site.rstrip('/')}/",
        services=file_names(service_ids(engine, new.id)),
        incubators=file_names(incubators(engine, new.id)),
    )


def _notices(chosen: Iterable[str], found: Since, edition: Edition, tally: _Tally) -> Iterator[Notice]:
    for incubator in chosen:
        written = notice(incubator, found.of(incubator), edition)
        if written:
            yield written
        else:
            tally.quiet.append(incubator)


def _due(
    notices: Iterable[Notice], recipients: Recipients, sent: Sent | None, tally: _Tally, *, again: bool
) -> Iterator[tuple[Notice, Mapping[Address, bool]]]:
    """Each notice with its addresses, and whether it is still to go there."""
    for one in notices:
        addresses = for_incubator(recipients, one.incubator)
        if not addresses:
            tally.unaddressed.append(one.incubator)
        due = {address: again or sent is None or not sent.holds(one, address) for address in addresses}
        tally.due += sum(due.values())
        tally.known += len(due) - sum(due.values())
        yield one, due


def _send(notices: Iterable[Notice], recipients: Recipients, sent: Sent, tally: _Tally, *, again: bool) -> None:
    with Courier() as courier:
        for one, due in _due(notices, recipients, sent, tally, again=again):
            for address in (address for address, is_due in due.items() if is_due):
                failure = courier.deliver(one, address)
                if failure:
                    tally.failed += 1
                    whose = f"Message à {cut(one.incubator)} non envoyé ({address.shown})"
                    say(f"{whose} : {failure}. Relancez pour réessayer.")
                else:
                    tally.sent += 1
                    sent.add(one, address, iso(now()))


def _show(
    notices: Iterable[Notice],
    recipients: Recipients,
    sent: Sent | None,
    tally: _Tally,
    form: Literal["text", "markdown"],
    *,
    again: bool,
) -> None:
    for one, due in _due(notices, recipients, sent, tally, again=again):
        places = ", ".join(address.shown + ("" if is_due else " (déjà envoyé)") for address, is_due in due.items())
        put(f"À      {cut(one.incubator)} : {places or 'aucun destinataire'}\nSujet  {one_line(one.subject)}\n")
        put(one.text if form == "text" else one.markdown)
        put("")


def _conclude(tally: _Tally, old: RunRecord, new: RunRecord, *, is_sent: bool) -> None:
    if tally.quiet:
        say(f"De {old.id} à {new.id}, rien de nouveau pour {_listed(tally.quiet)} : aucun message.")
    if tally.unaddressed:
        say(f"Aucun destinataire pour {_listed(tally.unaddressed)}.")
    if tally.known:
        say(f"{counted(tally.known, 'message déjà envoyé', 'messages déjà envoyés')} : --again le refait.")
    if is_sent:
        say(f"{counted(tally.sent, 'message envoyé', 'messages envoyés')}, {counted(tally.failed, 'échec')}.")
    else:
        say(f"{counted(tally.due, 'message')} à envoyer. Essai : rien n'est parti, ajoutez --send.")


def _listed(names: list[str]) -> str:
    more = f" et {len(names) - _NAMED} autres" if len(names) > _NAMED else ""
    return ", ".join(cut(name) for name in names[:_NAMED]) + more
