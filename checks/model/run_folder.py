from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args
from urllib.parse import quote, unquote

from checks.model.canary import Canary
from checks.model.doubt import Doubt
from checks.model.errors import InputError
from checks.model.locks import locked, wait_for_shards
from checks.model.place import (
    Place,
    begin,
    content,
    forget_parts,
    is_address,
    is_local,
    lines,
    names,
    places_of,
    rename,
    replacing,
)
from checks.model.service import PhaseGroup, PhaseRule, Service
from checks.model.unseen import json_text
from checks.model.verdict import Verdict

T = TypeVar("T")

FORMAT = 1
NAME_LENGTH = 200
"""Characters of the name of an archive, before its ending: a file name holds 255 bytes."""

DIGITS = 12

_WARC = ".warc.gz"
_VISIT = "#"  # which the name of a service never holds: it is percent-encoded


class RunFolder:
    """The folder of one run: the interface between the stages, and their ledger.

    ``run.json`` (versions, settings, ruleset, registry digest, counts, health, state of each stage), ``registry.json``
    (as read), ``services.jsonl``, ``captures/SERVICE.warc.gz`` (one file a visit, there once it is whole),
    ``doubts.jsonl`` (what is to be visited a second time, there once it is known) and ``verdicts.jsonl``; where there are
    some, ``canaries.jsonl``, ``overrides.toml`` and ``verdicts-….jsonl`` (of earlier rules); while it goes on, ``judged/*.jsonl``
    (what the visits were judged in passing). It is local or remote; whoever reads a file finds it whole, or the former one.
    """

    def __init__(self, path: Place) -> None:
        self.path = path

    @classmethod
    def create(cls, runs: Place, now: datetime) -> RunFolder:
        """A new folder named after the time, ``2026-11-23T0600Z``; ``-2`` and so on if that minute has one already."""
        name = now.astimezone(UTC).strftime("%Y-%m-%dT%H%MZ")
        try:
            if is_local(runs):
                runs.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise InputError(f"{runs} n'est pas un dossier : donnez-en un autre par --runs.") from error
        for number in range(1, 1000):
            folder = cls(runs / (name if number == 1 else f"{name}-{number}"))
            try:
                begin(folder.path, folder.captures.name)
            except FileExistsError:
                continue
            return folder
        raise InputError(f"{runs} contient déjà mille audits de la minute {name} : attendez la suivante.")

    @classmethod
    def all(cls, runs: Place) -> list[RunFolder]:
        """The runs of a folder, the latest first."""
        known = [cls(path) for path in (runs / name for name in names(runs)) if is_run(path)]
        return sorted(known, key=lambda run: (str(run.state.get("started_at", "")), run.path.name), reverse=True)

    @classmethod
    def find(cls, run: str, runs: Place, place_of: Callable[[str], Place] = Path) -> RunFolder:
        """The run of an id, a path (or what else ``place_of`` understands) or ``latest``.

        Raises :class:`InputError` if there is none.
        """
        if run == "latest":
            known = cls.all(runs)
            if not known:
                raise InputError(f"Aucun audit dans {runs} : lancez d'abord « toise audit ».")
            return known[0]
        for path in places_of(run, runs, place_of):
            if is_run(path):
                return cls(path)
        if is_address(run):
            raise InputError(f"Aucun audit à l'adresse {place_of(run)} : elle ne contient pas de fichier run.json.")
        raise InputError(f"Aucun audit nommé {run} : ni {runs / run} ni {run} ne contiennent de fichier run.json.")

    @property
    def id(self) -> str:
        return str(self.state.get("id", self.path.name))

    @property
    def registry(self) -> Place:
        return self.path / "registry.json"

    @property
    def captures(self) -> Place:
        return self.path / "captures"

    @property
    def verdicts(self) -> Place:
        return self.path / "verdicts.jsonl"

    @property
    def doubts(self) -> Place:
        return self.path / "doubts.jsonl"

    @property
    def judged(self) -> Place:
        """A folder of what the visits were judged in passing, until the verdicts of the run are written."""
        return self.path / "judged"

    @property
    def canaries(self) -> Place:
        """The sites with known verdicts that are visited along, as their file gives them; none where it is missing."""
        return self.path / "canaries.jsonl"

    @property
    def pauses(self) -> Place:
        """What hosts asked to be left in peace, for the crawls of this run to come."""
        return self.path / "pauses.jsonl"

    @property
    def log(self) -> Place:
        return self.path / "crawl.log"

    @property
    def seats(self) -> Path:
        """What the processes of a crawl tell each other while it lasts; it is in a folder of this machine."""
        return Path(self.path) / ".seats"

    @property
    def logs(self) -> Place:
        """Of the workers of a fleet: of each shard with a visit that failed, what the processes of its worker logged."""
        return self.path / "logs"

    def warc(self, service: str, visit: int = 1) -> Place:
        """The archive of one visit; ids are percent-encoded, so that none can leave the folder or look like another."""
        return self.captures / f"{_file_name(service)}{_nth(visit)}{_WARC}"

    def captured(self, visit: int = 1) -> set[str]:
        """The ids of the services whose captures, of that visit, are whole."""
        files = (name.removesuffix(_WARC) for name in names(self.captures) if name.endswith(_WARC))
        parts = (name.partition(_VISIT) for name in files)
        return {unquote(name) for name, mark, number in parts if mark + number == _nth(visit)}

    def keep_verdicts(self, ruleset: str) -> None:
        """Puts the verdicts aside, under the digest of their rules, if those are others than ``ruleset``.

        What was published by them can then be shown again, and compared.
        """
        made_by = next(self.read_verdicts(), None) if self.verdicts.exists() else None
        rules = self.state.get("ruleset") or {}
        digest = (made_by.ruleset or rules.get("digest", "")) if made_by else ruleset
        if digest != ruleset:
            if rules.get("digest") == digest:  # which rules counted in a figure is told nowhere else
                self.update({"kept_rulesets": {digest: rules}})
            rename(
                self.verdicts, self.judgement(digest).name
            )  # last: verdicts whose rules nobody knows are found by nobody

    def judgement(self, ruleset: str) -> Place:
        """Where verdicts of earlier rules are kept, by the digest of these (``sha256:…``)."""
        return self.path / f"verdicts-{digits_of(ruleset)}.jsonl"

    @property
    def is_judged(self) -> bool:
        return self.verdicts.exists()

    @property
    def is_healthy(self) -> bool:
        """Whether its figures may be published."""
        return self.is_judged and is_sound(self.state)

    @property
    def state(self) -> dict[str, Any]:
        """``run.json``. Raises :class:`InputError` if it is damaged or of a later format."""
        path = self.path / "run.json"
        try:
            state = json.loads(content(path))
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise InputError(f"{path} n'est pas un fichier JSON lisible ({error}).") from error
        if not isinstance(state, dict):
            raise InputError(f"{path} n'est pas celui d'un audit : écartez ce dossier des autres audits.")
        if state.get("format", FORMAT) != FORMAT:
            raise InputError(
                f"{path} a été écrit par une autre version de Toise : prenez celle-là, ou écartez ce dossier."
            )
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
        return _read(self.path / "services.jsonl", Service.from_json, "service")

    def read_canaries(self) -> Iterator[Canary]:
        return _read(self.canaries, Canary.from_json, "témoin") if self.canaries.exists() else iter(())

    def to_visit(self) -> Iterator[Service]:
        yield from self.read_services()
        yield from (canary.service for canary in self.read_canaries() if canary.is_visited_apart)

    def read_verdicts(self, path: Place | None = None) -> Iterator[Verdict]:
        return _read(path or self.verdicts, Verdict.from_json, "verdict")

    def read_doubts(self) -> Iterator[Doubt]:
        """Nothing where no doubt was ever raised."""
        return _read(self.doubts, Doubt.from_json, "doute") if self.doubts.exists() else iter(())

    @contextmanager
    def held(self, what: Literal["audit", "crawl"], patience: float = 0) -> Iterator[None]:
        """Keeps the other processes of this machine from doing the same to this run; the death of one frees it, and what
        it left unfinished is deleted. A crawl has processes of its own, which may outlive it a little: their end is waited for.

        Raises :class:`InputError` where another holds it for more than ``patience`` seconds.
        """
        with locked(self.path, what, patience):
            if what == "crawl":
                wait_for_shards(self.path, patience)
            parts = self.path if what == "audit" else self.captures
            forget_parts(parts)
            yield
            forget_parts(parts)


def digits_of(ruleset: str) -> str:
    """Of the digest of rules (``sha256:…``), the digits that name a judgement."""
    return ruleset.removeprefix("sha256:")[:DIGITS]


def is_sound(state: Mapping[str, Any]) -> bool:
    """What a ``run.json`` says of its health; a run of a version that did not ask is taken for healthy."""
    health = state.get("health")
    return bool(health.get("is_healthy", True)) if isinstance(health, Mapping) else True


def is_run(path: Place) -> bool:
    file = path / "run.json"
    try:
        return file.is_file() if is_local(path) else file.exists()  # fsspec's is_file says no to whatever goes wrong
    except OSError as error:
        if not is_local(path) and error.errno not in {errno.EINVAL, errno.ENAMETOOLONG}:
            raise  # the store refuses or is gone: this says nothing of the run
        return False  # a name too long for a file


def _nth(visit: int) -> str:
    return "" if visit == 1 else f"{_VISIT}{visit}"


def _file_name(service: str) -> str:
    # A leading dot would hide the file or climb the tree. No registry gives an id too long for a name; a folder may.
    name = quote(service, safe=" '()+,;=@", errors="surrogatepass")
    name = "%2E" + name[1:] if name.startswith(".") else name
    return name if len(name) <= NAME_LENGTH else f"{name[:NAME_LENGTH]}~{sha256(name.encode()).hexdigest()[:12]}"


def _read(path: Place, parse: Callable[[Mapping[str, Any]], T], name: str) -> Iterator[T]:
    for where, line in lines(path):
        try:
            yield parse(json.loads(line))
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(f"{where} : {name} illisible ({error}).") from error
