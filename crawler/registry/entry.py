"""From an entry as its format gives it to a service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from checks.model.french import fold
from checks.model.service import PHASE_GROUPS, Event, Phase, Service
from crawler.registry.normalise import (
    UnusableValueError,
    has_control,
    has_credentials,
    iso_date,
    one_line,
    quoted,
    repaired_url,
    site_id,
    unescaped,
)

ID_LENGTH = 200
"""Characters of an id once percent-encoded: it names files, and a file name holds 255 bytes."""

FRENCH_FIELDS: Mapping[str, str] = {
    "id": "l'identifiant",
    "name": "le nom",
    "url": "l'adresse",
    "incubators": "l'incubateur",
    "sponsors": "le sponsor",
    "phases": "la phase",
    "events": "l'événement",
    "statistics_url": "l'adresse des statistiques",
    "budget_url": "l'adresse du budget",
    "repository": "l'adresse du code source",
    "accessibility_status": "le statut d'accessibilité",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a registry before any cleaning: its values are foreign, of any type, absent ones ``None``.

    ``file`` and ``line`` are where it starts, ``lines`` where its fields are, as far as the format tells.
    ``has_own_id`` says whether the format gives every entry an id; elsewhere the address stands in for it.
    """

    file: str
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)
    has_own_id: bool = True
    id: Any = None
    name: Any = None
    url: Any = None
    incubators: Any = None
    sponsors: Any = None
    phases: Any = None
    events: Any = None
    statistics_url: Any = None
    budget_url: Any = None
    repository: Any = None
    accessibility_status: Any = None

    def where(self, name: str = "") -> str:
        return f"{self.file}, ligne {self.lines.get(name, self.line)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What could not be read as an entry: a French sentence that says where and why."""

    sentence: str


def cleaned(entry: Entry) -> tuple[Service | None, list[str]]:
    """The service of an entry, if it can be told apart from others, and a sentence for each value lost."""
    cleaning = _Cleaning(entry)
    return cleaning.service(), cleaning.sentences


class _Cleaning:
    """The cleaning of one entry: ``codes`` become the service's warnings, ``sentences`` the registry's."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.codes: list[str] = []
        self.sentences: list[str] = []

    def service(self) -> Service | None:
        entry = self.entry
        url = self.address("url", entry.url)
        service_id = self.identifier(url)
        if service_id is None:
            return None
        fields: dict[str, Any] = {
            "id": service_id,
            "name": self.text("name", entry.name) or service_id,
            "urls": (url,) if url else (),
            "incubators": self.names("incubators", entry.incubators),
            "sponsors": self.names("sponsors", entry.sponsors),
            "phases": tuple(self.phases()),
            "events": tuple(self.events()),
            "statistics_url": self.address("statistics_url", entry.statistics_url, url),
            "budget_url": self.address("budget_url", entry.budget_url, url),
            "repository": self.address("repository", entry.repository, url),
            "accessibility_status": self.text("accessibility_status", entry.accessibility_status),
        }
        return Service(**fields, warnings=tuple(dict.fromkeys(self.codes)))

    def identifier(self, url: str | None) -> str | None:
        entry = self.entry
        text = _text(entry.id)
        service_id = text.strip().removeprefix("/startups/") if text is not None else ""
        if not service_id and not entry.has_own_id and url:
            service_id = site_id(url)
        if problem := _id_problem(service_id, entry):
            self.sentences.append(f"{entry.where('id')} : {problem} ; cette entrée est ignorée.")
            return None
        return service_id

    def text(self, name: str, value: Any) -> str | None:
        text = _text(value)
        if text is None:
            self.unusable(name, value, "ce n'est pas un texte")
            return None
        plain = unescaped(text)
        if plain != text:
            self.repaired(name)
        return one_line(plain) or None

    def address(self, name: str, value: Any, site: str | None = None) -> str | None:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            url = _usable_url(value, site, is_site=name == "url")
        except UnusableValueError as error:
            self.unusable(name, value, str(error))
            return None
        if url != value:
            self.repaired(name)
        if has_credentials(value):
            self.say(
                name, f"{FRENCH_FIELDS[name]} portait un mot de passe, retiré : changez-le et corrigez le registre"
            )
        return url

    def names(self, name: str, value: Any) -> tuple[str, ...]:
        """Ids, in order and without repetition; the organisation's folder in them is no part of an id."""
        found = [self.text(name, one) for one in self.items(name, [value] if isinstance(value, str) else value)]
        return tuple(dict.fromkeys(one.removeprefix("/organisations/") for one in found if one))

    def phases(self) -> Iterator[Phase]:
        for phase, name in self.named("phases", self.entry.phases):
            folded = fold(name)
            known = folded if folded in PHASE_GROUPS else name
            if known not in PHASE_GROUPS:
                self.codes.append(f"unknown-phase:{name}")
                self.say("phases", f"la phase {quoted(name)} est inconnue ; le service est gardé, hors de tout groupe")
            elif known != name:
                self.repaired("phases")
            start, end = (self.date("phases", phase.get(key)) for key in ("start", "end"))
            yield Phase(name=known, start=start, end=end)

    def events(self) -> Iterator[Event]:
        for event, name in self.named("events", self.entry.events):
            day = self.date("events", event.get("date"))
            yield Event(name=name, date=day, comment=self.text("events", event.get("comment")) or "")

    def named(self, name: str, value: Any) -> Iterator[tuple[Mapping[str, Any], str]]:
        for item in self.items(name, value):
            title = item.get("name") if isinstance(item, dict) else None
            if isinstance(title, str) and (plain := one_line(title)):
                yield item, plain
            else:
                self.unusable(name, item, "elle n'a pas de nom" if name == "phases" else "il n'a pas de nom")

    def items(self, name: str, value: Any) -> list[Any]:
        if value is None or (isinstance(value, str) and not value.strip()):
            return []
        if isinstance(value, list):
            return value
        self.unusable(name, value, "ce n'est pas une liste")
        return []

    def date(self, name: str, value: Any) -> str | None:
        text = _text(value)
        if text is None:
            self.unusable(name, value, "ce n'est pas une date")
            return None
        if not text.strip():
            return None
        try:
            day = iso_date(text.strip())
        except UnusableValueError as error:
            self.unusable(name, value, str(error))
            return None
        if day != text.strip()[:10]:
            self.repaired(name)
        return day

    def repaired(self, name: str) -> None:
        self.codes.append(f"registry-value-repaired:{name}")

    def unusable(self, name: str, value: Any, why: str) -> None:
        self.codes.append(f"registry-value-unusable:{name}")
        self.say(name, f"{FRENCH_FIELDS[name]} {quoted(value)} est inutilisable ({why}) : corrigez le registre")

    def say(self, name: str, what: str) -> None:
        label = _text(self.entry.id) or _text(self.entry.name)
        whose = f" (service {quoted(label)})" if label and label.strip() else ""
        self.sentences.append(f"{self.entry.where(name)} : {what}{whose}.")


def _text(value: Any) -> str | None:
    """Texts and numbers as text, nothing as an empty text; ``None`` for what is neither."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _usable_url(value: Any, site: str | None, *, is_site: bool) -> str:
    if not isinstance(value, str):
        raise UnusableValueError("ce n'est pas un texte")
    url = repaired_url(value, site)
    if is_site and url.startswith("/"):
        raise UnusableValueError("aucun nom de site n'y figure")
    return url


def _id_problem(service_id: str, entry: Entry) -> str:
    if not service_id:
        return (
            "l'entrée n'a pas d'identifiant"
            if entry.has_own_id
            else "l'entrée n'a ni identifiant ni adresse utilisable"
        )
    if has_control(service_id):
        return f"l'identifiant {quoted(service_id)} contient un caractère de contrôle"
    # Lone surrogates are control characters above: what is left can be encoded.
    if len(quote(service_id)) > ID_LENGTH:
        return f"l'identifiant {quoted(service_id)} est trop long"
    return ""
