from __future__ import annotations

import glob
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from checks.model.errors import InputError
from reports.processes import ALONE, Helpers
from reports.render.pages.kinds import files
from reports.render.pages.writer import Writer
from reports.render.report import Report
from reports.render.sharing import begin
from reports.render.theme import theme_files
from reports.render.written import SiteFolder

__all__ = ["MARKER", "Report", "build_site"]

MARKER = ".toise-site"
"""The file by which a folder is known to be a site of ours, which may be replaced."""

REMAINS = 3600.0
"""Seconds after which an unfinished site is taken for that of a build that was killed."""

_STATIC = Path(__file__).parent / "static"


def build_site(report: Report, output: Path, helped: Helpers = ALONE) -> Path:
    """Writes the whole site, in the place of the previous one, and returns its ``index.html``.

    Raises :class:`InputError` when ``output`` holds something else than a site of ours, or the theme is not installed.
    """
    target = output.resolve()
    added = dict(theme_files(report.theme))
    with _replacing(target, shown_as=output) as folder:
        writer = Writer(report)
        site = SiteFolder(folder)
        finish = begin(report, writer, site, helped)
        for path, text in files(writer):
            site.write(path, text)
        finish()
        for path, content in added.items():
            site.write(path, content)
        for static in _STATIC.iterdir():
            shutil.copyfile(static, folder / static.name)
        (folder / MARKER).write_text(f"{report.run.id}\n", "utf-8")
    return target / "index.html"


@contextmanager
def _replacing(target: Path, shown_as: Path) -> Iterator[Path]:
    """A folder beside the target, which takes its name once it is whole; a failure leaves the target as it was."""
    _refuse_foreign(target, shown_as)
    _forget_remains(target)
    # The number of a process is not enough: in a container it is the same each time, and what was killed stays a while.
    own = f".{target.name}.{os.getpid()}-{token_hex(4)}"
    fresh, old = (target.with_name(f"{own}.{kind}") for kind in ("part", "old"))
    try:
        fresh.mkdir(parents=True)
    except OSError as error:
        where = shown_as.parent
        raise InputError(
            f"Impossible d'écrire dans {where} ({error.strerror}) : choisissez un autre dossier."
        ) from error
    try:
        yield fresh
        _swap(fresh, target, old)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _forget_remains(target: Path) -> None:
    """Deletes what builds that were killed left beside the site; one that is under way is younger."""
    for remains in target.parent.glob(f".{glob.escape(target.name)}.[0-9]*"):
        if remains.suffix in {".part", ".old"} and time.time() - remains.stat().st_mtime > REMAINS:
            shutil.rmtree(remains, ignore_errors=True)


def _swap(fresh: Path, target: Path, old: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _refuse_foreign(target: Path, shown_as: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(f"{shown_as} est un fichier : donnez un dossier où écrire le site.")
    if target.is_mount():
        raise InputError(
            f"{shown_as} est un point de montage, qui ne se remplace pas : donnez un dossier qu'il contient."
        )
    if not (target / MARKER).is_file() and any(target.iterdir()):
        raise InputError(
            f"{shown_as} existe et n'est pas un site de Toise (il n'a pas de fichier {MARKER}) : "
            "donnez un autre dossier, ou videz celui-ci."
        )
