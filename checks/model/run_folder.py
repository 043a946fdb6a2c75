from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, get_args
from urllib.parse import quote, unquote

from checks.model.errors import InputError
from checks.model.service import PhaseGroup, PhaseRule, Service
from checks.model.unseen import json_text
from checks.model.verdict import Verdict

FORMAT = 1
NAME_LENGTH = 200
"""Characters of the name of an archive, before its ending: a file name holds 255 bytes."""

_WARC = ".warc.gz"


class RunFolder:
    """The folder of one run: the interface between the stages, and their ledger.

    ``run.json`` (versions, settings, ruleset, registry digest, counts, state of each stage), ``registry.json`` (as
    read), ``services.jsonl``, ``captures/SERVICE.warc.gz`` (one file a service, there once it is whole) and
    ``verdicts.jsonl``. Every file is written under a temporary name and renamed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, runs: Path, now: datetime) -> RunFolder:
        """A new folder named after the time, ``2026-11-23T0600Z``; ``-2`` and so on if that minute has one already."""
        name = now.astimezone(UTC).strftime("%Y-%m-%dT%H%MZ")
        runs.mkdir(parents=True, exist_ok=True)
        for number in range(1, 1000):
            folder = cls(runs / (name if number == 1 else f"{name}-{number}"))
            try:
                folder.captures.mkdir(parents=True)
            except FileExistsError:
                continue
            return folder
        raise InputError(f"{runs} contient déjà mille audits de la minute {name} : attendez la suivante.")

    @classmethod
    def find(cls, run: str, runs: Path) -> RunFolder:
        """The run of an id, a path or ``latest``. Raises :class:`InputError` if there is none."""
        if run == "latest":
            known = sorted(path for path in runs.glob("*") if _is_run(path))
            if not known:
                raise InputError(f"Aucun audit dans {runs} : lancez d'abord « toise audit ».")
            return cls(known[-1])
        for path in (runs / run, Path(run)):
            if _is_run(path):
                return cls(path)
        raise InputError(f"Aucun audit nommé {run} : ni {runs / run} ni {run} ne contiennent de fichier run.json.")

    @property
    def id(self) -> str:
        return str(self.state.get("id", self.path.name))

    @property
    def registry(self) -> Path:
        return self.path / "registry.json"

    @property
    def captures(self) -> Path:
        return self.path / "captures"

    @property
    def verdicts(self) -> Path:
        return self.path / "verdicts.jsonl"

    @property
    def log(self) -> Path:
        return self.path / "crawl.log"

    def warc(self, service: str) -> Path:
        """The archive of one service; ids are percent-encoded, so that none can leave the folder."""
        return self.captures / f"{_file_name(service)}{_WARC}"

    def captured(self) -> set[str]:
        """The ids of the services whose captures are whole."""
        return {unquote(path.name.removesuffix(_WARC)) for path in self.captures.glob(f"*{_WARC}")}

    @property
    def state(self) -> dict[str, Any]:
        """``run.json``. Raises :class:`InputError` if it is damaged or of a later format."""
        path = self.path / "run.json"
        try:
            state = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise InputError(f"{path} n'est pas un fichier JSON lisible ({error}).") from error
        if not isinstance(state, dict) or state.get("format", FORMAT) > FORMAT:
            raise InputError(f"{path} a été écrit par une version plus récente de Toise.")
        return state

    def update(self, changes: Mapping[str, Any]) -> None:
        """Merges into ``run.json``, one level deep: ``{"stages": {"crawl": …}}`` keeps the other stages."""
        state = {"format": FORMAT, **self.state}
        for key, value in changes.items():
            state[key] = {**state.get(key, {}), **value} if isinstance(value, Mapping) else value
        with replacing(self.path / "run.json") as file:
            file.write(json_text(state, indent=2) + "\n")

    def grouping(self) -> Callable[[Service], PhaseGroup]:
        """The phase group of a service by the settings of the run. Raises :class:`InputError` for a rule unknown."""
        settings = self.state.get("settings") or {}
        rule: Any = settings.get("phase_rule") or "latest-start"
        if rule not in get_args(PhaseRule):
            known = ", ".join(get_args(PhaseRule))
            raise InputError(f"{self.path / 'run.json'} : « settings.phase_rule » vaut « {rule} », attendu : {known}.")
        return lambda service: service.group(rule, settings.get("as_of"))

    def write_services(self, services: Iterable[Service]) -> None:
        with replacing(self.path / "services.jsonl") as file:
            for service in services:
                file.write(json_text(service.to_json()) + "\n")

    def read_services(self) -> Iterator[Service]:
        for where, line in _lines(self.path / "services.jsonl"):
            try:
                yield Service.from_json(json.loads(line))
            except (ValueError, TypeError, KeyError) as error:
                raise InputError(f"{where} : service illisible ({error}).") from error

    def read_verdicts(self) -> Iterator[Verdict]:
        for where, line in _lines(self.verdicts):
            try:
                yield Verdict.from_json(json.loads(line))
            except (ValueError, TypeError, KeyError) as error:
                raise InputError(f"{where} : verdict illisible ({error}).") from error


def _is_run(path: Path) -> bool:
    try:
        return (path / "run.json").is_file()
    except OSError:  # a name too long for a file
        return False


@contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """A text file that takes its name only once it is whole, on the disk."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _file_name(service: str) -> str:
    # A leading dot would hide the file or climb the tree. No registry gives an id too long for a name; a folder may.
    name = quote(service, safe=" '()+,;=@", errors="surrogatepass")
    name = "%2E" + name[1:] if name.startswith(".") else name
    return name if len(name) <= NAME_LENGTH else f"{name[:NAME_LENGTH]}~{sha256(name.encode()).hexdigest()[:12]}"


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield f"{path}, ligne {number}", line
    except FileNotFoundError as error:
        raise InputError(f"{path} manque : cette étape de l'audit n'a pas été faite.") from error
