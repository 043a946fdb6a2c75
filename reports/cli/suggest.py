from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from checks.model.errors import InputError
from checks.model.judgement import find_sound
from checks.model.place import Place
from checks.model.run_folder import RunFolder
from crawler.places import place_of
from crawler.registry import Registry, parse_registry, read_registry
from crawler.registry.beta_fields import file_key
from crawler.registry.front_matter import service_id
from crawler.registry.front_matter_edit import RefusedEditError, edited
from reports.cli.console import put, put_exactly, say, warn
from reports.suggestions.patch import file_patch
from reports.suggestions.suggest import suggestions
from reports.suggestions.suggestion import Action, Standing, Suggestion, standing
from reports.suggestions.table import as_csv, as_json, as_text

_NAMED = 10
"""Services named in a message: a wrong folder lacks them all."""


def suggest(run: str, runs: Place, source: str | None, form: str) -> int:
    """Prints what a registry should change by the verdicts of a run: what it was then, or what ``source`` is today."""
    folder = find_sound(run, runs, place_of)
    _say_health(folder, runs)
    found = suggestions(folder.read_services(), folder.read_verdicts())
    if source is None and form != "patch":
        _print(folder, found, form)
        return 0
    registry = read_registry(source) if source else _registry_of(folder)
    if form == "patch" and registry.kind != "front-matter":
        raise InputError(
            f"{registry.source} n'est pas un dossier de fiches Markdown : donnez ce dossier, « toise registry DOSSIER "
            f"--suggest {run} --format patch »."
        )
    warn(registry.warnings)
    still = standing(found, registry.services)
    _say_standing(still, registry)
    if form == "patch":
        _put_patch(still.due, registry, Path(source) if source and Path(source).is_dir() else None)
    else:
        _print(folder, still.due, form)
    return 0


def _say_health(folder: RunFolder, runs: Place) -> None:
    if folder.is_judged and not folder.is_healthy:
        say(f"Attention : l'audit {folder.id} n'est pas sain, ce qu'il propose est à vérifier.")
    elif folder.path.parent == runs and folder.id != RunFolder.all(runs)[0].id:
        say(f"D'après l'audit {folder.id}, qui n'est pas le plus récent.")


def _registry_of(folder: RunFolder) -> Registry:
    try:
        return parse_registry(folder.registry.read_bytes(), str(folder.registry))
    except FileNotFoundError as error:
        raise InputError(
            f"{folder.registry} manque : donnez le registre, « toise registry REGISTRE --suggest »."
        ) from error


def _print(folder: RunFolder, found: Sequence[Suggestion], form: str) -> None:
    put({"csv": as_csv, "json": lambda ones: as_json(folder.id, ones), "text": as_text}[form](found))


def _say_standing(still: Standing, registry: Registry) -> None:
    if still.absent:
        more = len(still.absent) - _NAMED
        names = ", ".join(still.absent[:_NAMED]) + (f" et {more} autres" if more > 0 else "")
        say(f"Absents de {registry.source}, sans suite : {names}.")
    for one in still.outdated:
        say(f"{one.service} : {one.field} a changé dans le registre depuis l'audit, rien n'est proposé.")
    if still.done:
        say(f"Déjà faites dans le registre : {len(still.done)} propositions.")


def _put_patch(due: Sequence[Suggestion], registry: Registry, folder: Path | None) -> None:
    pages: dict[str, str] = json.loads(registry.raw)
    paths = {service_id(path): path for path in reversed(pages)}
    proposed = [one for one in due if one.action is not Action.CHECK]
    parts: list[str] = []
    changes = 0
    for path, ones in groupby(proposed, key=lambda one: paths[one.service]):
        if not _is_exact(folder, path, pages[path]):
            say(f"{path} n'est pas en UTF-8 : cette fiche n'est pas changée, les valeurs proposées sont dans le CSV.")
            continue
        text, number = _changed(path, pages[path], ones)
        changes += number
        parts += [file_patch(path, pages[path], text)] if number else []
    put_exactly("".join(parts))
    say(f"Patch : {changes} champs de {len(parts)} fiches ; {len(due) - len(proposed)} à vérifier (--format csv).")


def _is_exact(folder: Path | None, path: str, text: str) -> bool:
    """Whether a page was read as its bytes are: others are shown in a patch as they are not, and would refuse it."""
    if folder is None:
        return True
    try:
        return (folder / path).read_bytes() == text.encode("utf-8")
    except (OSError, ValueError):
        return False


def _changed(path: str, text: str, ones: Iterable[Suggestion]) -> tuple[str, int]:
    """The text of a page with what can be changed in it, and the number of these changes; the others are said."""
    number = 0
    for one in ones:
        key = file_key(one.field)
        try:
            text = edited(text, key, one.proposed or "")
        except RefusedEditError as error:
            say(f"{path} : « {key} » n'est pas changé, {error} ; à faire à la main, valeur proposée : {one.proposed}")
        else:
            number += 1
    return text, number
