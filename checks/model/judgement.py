"""A judgement of a run, its last or one kept aside, read as a stream or service by service."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import IO, Any, TypeVar

from checks.model.errors import InputError
from checks.model.place import Place, fetched, places_of
from checks.model.run_folder import RunFolder, digits_of, is_run
from checks.model.service import Service
from checks.model.verdict import Verdict

T = TypeVar("T")

_NOWHERE = -1

ServiceVerdicts = tuple[Service, tuple[Verdict, ...]]
"""A service with its verdicts; none where it was not judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdicts of one run by one set of rules: ``digest`` is the set's, ``rules`` its versions and statuses by id."""

    folder: RunFolder
    path: Place
    digest: str
    rules: Mapping[str, Mapping[str, Any]]

    @property
    def name(self) -> str:
        """What finds it again, whatever rules judge the run later."""
        return f"{self.folder.id}@{digits_of(self.digest)}"

    @property
    def versions(self) -> Mapping[str, int]:
        """The rules that were judged, retired ones left out."""
        return {rule: about["version"] for rule, about in self.rules.items() if about.get("status") != "retired"}

    def is_same_gathering(self, other: Judgement) -> bool:
        """Whether both judged the same captures of the same registry."""
        return self.folder.path.resolve() == other.folder.path.resolve()

    def services(self) -> Iterator[ServiceVerdicts]:
        """In the order of the registry. Raises :class:`InputError` where verdicts are in another order, or of nobody."""
        groups = groupby(self.folder.read_verdicts(self.path), key=lambda verdict: verdict.service)
        name, verdicts = next(groups, (None, iter(())))
        for service in self.folder.read_services():
            if service.id != name:
                yield service, ()
                continue
            yield service, tuple(verdicts)
            name, verdicts = next(groups, (None, iter(())))
        if name is not None:
            raise InputError(
                f"{self.path} : les verdicts de {name} ne sont pas dans l'ordre des services ; refaites-le avec « toise judge »."
            )


def find_judgement(text: str, runs: Place, place_of: Callable[[str], Place] = Path) -> Judgement:
    """The judgement of ``RUN`` or ``RUN@DIGEST``; ``latest`` is the latest healthy run.

    Raises :class:`InputError` if there is none, or several of which the digest could be.
    """
    # A folder may have that sign in its name.
    is_whole = "@" not in text.rpartition("/")[2] or any(map(is_run, places_of(text, runs, place_of)))
    name, _, digits = (text, "", "") if is_whole else text.rpartition("@")
    folder = find_sound(name, runs, place_of)
    last = _last(folder)
    if is_whole:
        return last
    known = [last, *_kept(folder, last.digest)]
    found = [one for one in known if digits and digits_of(one.digest).startswith(digits_of(digits))]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in known)
    raise InputError(
        f"{text} : {'plusieurs jugements commencent' if found else 'aucun jugement ne commence'} ainsi ; "
        f"cet audit a {names}."
    )


def find_sound(name: str, runs: Place, place_of: Callable[[str], Place] = Path) -> RunFolder:
    """The run of an id, a path or an address, whatever its health; ``latest`` is the latest healthy one.

    Raises :class:`InputError`.
    """
    if name != "latest":
        return RunFolder.find(name, runs, place_of)
    known = RunFolder.all(runs)
    healthy = next((run for run in known if run.is_healthy), None)
    if healthy is None:
        raise InputError(
            f"Aucun audit sain dans {runs} : nommez celui que vous voulez ({', '.join(run.id for run in known[:10])})."
            if known
            else f"Aucun audit dans {runs} : lancez d'abord « toise audit »."
        )
    return healthy


def _last(folder: RunFolder) -> Judgement:
    if not folder.is_judged:
        raise InputError(f"L'audit {folder.id} n'est pas jugé : « toise judge {folder.id} ».")
    ruleset = folder.state.get("ruleset") or {}
    made_by = next(folder.read_verdicts(), None)
    is_other = made_by and made_by.ruleset and made_by.ruleset != ruleset.get("digest")
    if is_other or not ruleset.get("rules"):
        raise InputError(
            f"{folder.path / 'run.json'} ne dit pas les règles des verdicts : jugez de nouveau, « toise judge {folder.id} »."
        )
    return Judgement(
        folder=folder, path=folder.verdicts, digest=ruleset.get("digest", ""), rules=ruleset.get("rules") or {}
    )


def _kept(folder: RunFolder, last: str) -> Iterator[Judgement]:
    known = folder.state.get("kept_rulesets") or {}
    for digest, ruleset in known.items():
        path = folder.judgement(digest)
        if digest != last and path.exists():
            yield Judgement(folder=folder, path=path, digest=digest, rules=ruleset.get("rules") or {})


class Shelf:
    """The services of a judgement by their ids, each read where it lies: in memory there are two numbers a service.

    Takes the open files of the services and of the verdicts, and how these are called. Raises :class:`InputError` for lines
    that cannot be read.
    """

    def __init__(self, services: IO[bytes], verdicts: IO[bytes], names: tuple[str, str]) -> None:
        self._services = services
        self._verdicts = verdicts
        self._names = names
        self._places = {name: (place, _NOWHERE) for name, place in _places(services, "id", names[0])}
        for name, place in _places(verdicts, "service", names[1]):
            if name in self._places:
                self._places[name] = (self._places[name][0], place)

    def take(self, service: str) -> ServiceVerdicts | None:
        if service not in self._places:
            return None
        entry, verdicts = self._places[service]
        self._services.seek(entry)
        found = _parsed(self._services.readline(), Service.from_json, self._names[0])
        return found, tuple(self._read(verdicts, service)) if verdicts != _NOWHERE else ()

    def _read(self, place: int, service: str) -> Iterator[Verdict]:
        self._verdicts.seek(place)
        for line in filter(bytes.strip, self._verdicts):
            verdict = _parsed(line, Verdict.from_json, self._names[1])
            if verdict.service != service:
                return
            yield verdict


@contextmanager
def shelved(judgement: Judgement) -> Iterator[Shelf]:
    with ExitStack() as files:
        paths = (judgement.folder.path / "services.jsonl", judgement.path)
        services, verdicts = (files.enter_context(_opened(path)) for path in paths)
        yield Shelf(services, verdicts, (str(paths[0]), str(paths[1])))


@contextmanager
def _opened(path: Place) -> Iterator[IO[bytes]]:
    with ExitStack() as files:
        try:
            file = files.enter_context(fetched(path))
        except FileNotFoundError as error:
            raise InputError(f"{path} manque : cette étape de l'audit n'a pas été faite.") from error
        yield file


def _places(file: IO[bytes], key: str, called: str) -> Iterator[tuple[str, int]]:
    """Where the lines of each service begin."""
    place, before = 0, None
    for line in file:
        name = _parsed(line, lambda values: str(values[key]), called) if line.strip() else before
        if name is not None and name != before:
            yield name, place
        place, before = place + len(line), name


def _parsed(line: bytes, parse: Callable[[Mapping[str, Any]], T], name: str) -> T:
    try:
        return parse(json.loads(line))
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"{name} : ligne illisible ({error}).") from error
