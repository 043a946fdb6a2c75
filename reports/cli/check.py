from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from checks.catalogue import BY_ID
from checks.judge import Crash, Trial, judge_service
from checks.model.address import host_of
from checks.model.capture import Capture
from checks.model.errors import InputError
from checks.model.run_folder import RunFolder
from checks.model.service import PhaseGroup, Service
from checks.model.verdict import Verdict
from crawler.archive import read_captures
from crawler.discovery.sight import Render
from crawler.fleet.local import Told, crawl
from crawler.registry.normalise import UnusableValueError, repaired_url, site_id
from crawler.saved_pages import read_pages, visit_saved
from reports.cli import options
from reports.cli.browser import is_unread, render_option, say_unread
from reports.cli.console import progress, put, say
from reports.render.scorecard import render_scorecard
from reports.store.records import AuditedService

_GROUP = PhaseGroup.CONSTRUCTION


@click.command(short_help="Juge un site, maintenant, sans rien garder.")
@click.argument("url")
@options.form("text", "json")
@click.option(
    "--page",
    "pages",
    multiple=True,
    metavar="CHEMIN=FICHIER",
    help="Lit une page enregistrée au lieu du réseau (répétable).",
)
@render_option
@options.as_of
@options.allow_private
def check(url: str, form: str, pages: Sequence[str], render: Render, as_of: date | None, *, allow_private: bool) -> int:
    """Juge le site URL et affiche ce qui va, ce qui manque, et où.

    Avec --page, rien n'est demandé au réseau : CHEMIN est relatif à URL (ou une adresse entière), toute autre adresse du
    site répond 404, et les autres sites ne sont pas lus.

    \b
    Exemple : toise check https://beta.gouv.fr
    """
    service = _service(url)
    started = options.now()
    trial = Trial(
        run=started.strftime("%Y-%m-%dT%H%MZ"),
        as_of=as_of or started.date(),
        started_at=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        is_saved=bool(pages),
    )
    captures = (
        visit_saved(service, read_pages(service.url or url, pages), render)
        if pages
        else _visited(service, {"allow_private": allow_private, "render": render})
    )
    verdicts, crashes = judge_service(service, _GROUP, captures, trial)
    _show(service, verdicts, form)
    say_unread(int(is_unread(verdicts)), render)
    return _said(crashes)


def _service(given: str) -> Service:
    try:
        url = repaired_url(given)
    except UnusableValueError as error:
        example = "écrivez par exemple https://beta.gouv.fr"
        raise InputError(f"« {given} » n'est pas l'adresse d'un site ({error}) : {example}.") from error
    return Service(id=site_id(url), name=host_of(url), urls=(url,))


def _visited(service: Service, settings: Mapping[str, Any]) -> tuple[Capture, ...]:
    with tempfile.TemporaryDirectory(prefix="toise-") as name:
        folder = RunFolder.create(Path(name), options.now())
        folder.update({"id": folder.path.name, "settings": dict(settings)})
        folder.write_services([service])
        with progress("Visite", 1) as advance:
            crawl(folder, Told(visited=lambda _: advance()))
        if service.id not in folder.captured():
            raise RuntimeError(folder.log.read_text("utf-8")[-2000:])
        return read_captures(folder.warc(service.id))


def _show(service: Service, verdicts: Sequence[Verdict], form: str) -> None:
    if form == "json":
        for verdict in verdicts:
            put(verdict.to_line())
        return
    console = Console(highlight=False)
    audited = AuditedService(service=service, group=_GROUP, verdicts=tuple(verdicts))
    console.print(render_scorecard(audited, BY_ID, width=console.width))


def _said(crashes: Sequence[Crash]) -> int:
    for crash in crashes:
        say(f"La règle {crash.rule} a échoué par notre faute :\n{crash.error}")
    return 3 if crashes else 0
