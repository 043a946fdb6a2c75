"""``publisher.toml``, which the publisher of a site writes: whatever is wrong in it is one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from checks.model.errors import InputError
from reports.handwritten import WrongError, document, quoted, text, web_address
from reports.publisher.publisher import Accessibility, Data, Editor, Host, Pages, Privacy, Publisher, Security

LONGEST = 500
"""Characters of one text at most: what is shown to readers is never cut."""

MOST = 50
"""Lines of one list at most."""

HOLDS = timedelta(days=365)
"""How long a contact for flaws may hold, at most (RFC 9116, 2.5.5)."""

LEVELS = {"totalement": "totally", "partiellement": "partially", "non": "not"}
TOTALLY, PARTIALLY = 100, 50

_SAMPLE_DAY = date(2026, 11, 23)
_MAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\".]+")
_SITE = re.compile(r"https://[a-z0-9.-]+(?::\d+)?/(?:(?!\.\.?/)[A-Za-z0-9._~-]+/)*")
"""Its path stands in the settings of servers, as browsers ask for it: they ask for no part that is « . » or « .. »."""
_YEARS = re.compile(r"(20\d\d)\s?-\s?(20\d\d)")


def read_publisher(path: Path, today: date) -> Publisher:
    """Raises :class:`InputError`."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"Le fichier de l'éditeur {path} n'existe pas : vérifiez --publisher.") from error
    except OSError as error:
        raise InputError(f"Le fichier de l'éditeur {path} ne peut pas être lu ({error.strerror}).") from error
    return parse_publisher(raw, str(path), today)


def sample_publisher(today: date) -> Publisher:
    """The invented publisher of the demonstration, whose days are those of its services."""
    today = max(today, _SAMPLE_DAY)
    return parse_publisher(files("reports.publisher").joinpath("sample.toml").read_bytes(), "sample.toml", today)


def parse_publisher(raw: bytes, name: str, today: date) -> Publisher:
    """What a file says, as of the day of the build; ``name`` stands for it in sentences. Raises :class:`InputError`."""
    given = document(raw, name)
    try:
        publisher = _publisher(given, today)
        _agree(publisher, today)
    except WrongError as error:
        raise InputError(f"{name} : {error} (voir docs/publishing.md).") from error
    return publisher


def _publisher(given: Mapping[str, Any], today: date) -> Publisher:
    known = ("site", *_TABLES)
    if unknown := sorted(given.keys() - set(known)):
        raise WrongError(f"{quoted(unknown[0])} est inconnu, les parties sont {', '.join(known)}")
    if "site" not in given:
        raise WrongError("il manque « site », l'adresse où seront publiées les pages")
    for needed in ("publisher", "host"):
        if needed not in given:
            raise WrongError(f"il manque la partie [{needed}]")
    tables = {key: _table(key, _TABLES[key], given[key], today) for key in _TABLES if key in given}
    return Publisher(site=_site("site", given["site"]), editor=tables.pop("publisher"), **tables)


def _table(key: str, kind: type[Any], given: object, today: date) -> Any:
    if not isinstance(given, dict):
        raise WrongError(f"« {key} » n'est pas une partie, écrivez ses clés sous une ligne [{key}]")
    known = {one.name: one for one in fields(kind)}
    if unknown := sorted(given.keys() - known.keys()):
        raise WrongError(f"[{key}] : la clé {quoted(unknown[0])} est inconnue, les clés sont {', '.join(known)}")
    if kind is Security:
        given = {"expires": today + HOLDS - timedelta(days=1), **given}
    if missing := [one.name for one in known.values() if _is_owed(one) and one.name not in given]:
        raise WrongError(f"[{key}] : il manque « {missing[0]} », les clés sont {', '.join(known)}")
    return kind(**{name: _value(f"{key}.{name}", value) for name, value in given.items()})


def _is_owed(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _value(key: str, value: object) -> Any:
    return _READERS.get(key, _text)(key, value)


def _text(key: str, value: object) -> str:
    return text(key, value, LONGEST)


def _texts(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise WrongError(f"« {key} » n'est pas une liste, écrivez des textes entre crochets")
    if len(value) > MOST:
        raise WrongError(f"« {key} » a {len(value)} lignes, {MOST} au plus : raccourcissez-la")
    return tuple(_text(key, one) for one in value)


def _mail(key: str, value: object) -> str:
    said = _text(key, value)
    if not _MAIL.fullmatch(said):
        raise WrongError(f"« {key} » vaut {quoted(said)}, écrivez une adresse électronique")
    return said


def _contact(key: str, value: object) -> str:
    """An e-mail, or the address of a form."""
    said = _text(key, value)
    return said if _MAIL.fullmatch(said) else web_address(key, said)


def _flaws(key: str, value: object) -> str:
    said = _text(key, value)
    if not said.isascii():
        raise WrongError(
            f"« {key} » vaut {quoted(said)}, écrivez-le sans accent : ce fichier demande une adresse encodée"
        )
    scheme, colon, rest = said.partition(":")
    if not colon and _MAIL.fullmatch(said):
        return f"mailto:{said}"
    is_one = {"mailto": bool(_MAIL.fullmatch(rest)), "tel": bool(re.fullmatch(r"\+?[\d.-]{3,20}", rest))}
    if scheme == "https":
        return web_address(key, said)
    if not is_one.get(scheme):
        raise WrongError(f"« {key} » vaut {quoted(said)}, écrivez une adresse électronique, https:// ou tel:")
    return said


def _site(key: str, value: object) -> str:
    said = web_address(key, value)
    parts = urlsplit(said)
    site = f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}/"
    if parts.query or parts.fragment or not _SITE.fullmatch(site):
        raise WrongError(
            f"« {key} » vaut {quoted(said)}, écrivez une adresse https:// faite de lettres sans accent, de chiffres,"
            " de points et de tirets"
        )
    return site


def _day(key: str, value: object) -> date:
    # A time of TOML is a datetime, which Python takes for a date.
    if isinstance(value, datetime) or not isinstance(value, date):
        raise WrongError(f"« {key} » n'est pas un jour, écrivez par exemple 2026-11-23, sans guillemets ni heure")
    return value


def _level(key: str, value: object) -> str:
    if not isinstance(value, str) or value not in LEVELS:
        raise WrongError(f"« {key} » vaut {quoted(value)}, écrivez {', '.join(LEVELS)}")
    return LEVELS[value]


def _rate(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= TOTALLY:
        raise WrongError(f"« {key} » n'est pas un taux, écrivez un nombre de 0 à 100, sans guillemets")
    return float(value)


def _year(key: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 2000 <= value <= 2099:  # noqa: PLR2004
        raise WrongError(f"« {key} » n'est pas une année, écrivez par exemple 2026, sans guillemets")
    return value


def _years(key: str, value: object) -> str:
    found = _YEARS.fullmatch(_text(key, value))
    if not found or not 0 <= int(found[2]) - int(found[1]) <= 3:  # noqa: PLR2004 - years that a schema lasts at most
        raise WrongError(f"« {key} » vaut {quoted(value)}, écrivez par exemple « 2026-2028 », trois ans au plus")
    return f"{found[1]}-{found[2]}"


_TABLES: Mapping[str, type[Any]] = {
    "publisher": Editor,
    "host": Host,
    "accessibility": Accessibility,
    "pages": Pages,
    "privacy": Privacy,
    "data": Data,
    "security": Security,
}
_READERS: Mapping[str, Callable[[str, object], Any]] = {
    "publisher.email": _mail,
    "accessibility.level": _level,
    "accessibility.contact": _contact,
    "accessibility.established": _day,
    "accessibility.tested": _day,
    "accessibility.tests": _texts,
    "accessibility.pages": _texts,
    "accessibility.rate": _rate,
    "accessibility.audited": _day,
    "accessibility.not_accessible": _texts,
    "accessibility.schema": web_address,
    "accessibility.schema_years": _years,
    "accessibility.plan": web_address,
    "accessibility.plan_year": _year,
    "pages.statistics": web_address,
    "pages.budget": web_address,
    "pages.repository": web_address,
    "privacy.contact": _contact,
    "data.address": web_address,
    "security.contact": _flaws,
    "security.expires": _day,
}
"""What reads each key; the others are texts."""


def _agree(said: Publisher, today: date) -> None:
    """What no key can be wrong about alone. Raises :class:`WrongError`."""
    _agree_on_level(said.accessibility)
    for key, day in (
        ("established", said.accessibility.established),
        ("tested", said.accessibility.tested),
        ("audited", said.accessibility.audited),
    ):
        if day and day > today + timedelta(days=1):  # it is tomorrow somewhere
            raise WrongError(f"« accessibility.{key} » est à venir ({day.isoformat()}), écrivez le jour où ce fut fait")
    if said.data.address and not said.data.licence:
        raise WrongError("[data] : « address » ne va pas sans « licence », donnez les deux")
    if said.accessibility.pages and not said.accessibility.tests and said.accessibility.rate is None:
        raise WrongError("[accessibility] : « pages » ne va pas sans « tests » ni audit, dites ce qui fut vérifié")
    expires = said.security.expires if said.security else None
    if expires and not today < expires <= today + HOLDS:
        raise WrongError(
            f"« security.expires » vaut {expires.isoformat()}, choisissez un jour à venir, à un an au plus,"
            " ou retirez la clé"
        )


def _agree_on_level(said: Accessibility) -> None:
    pairs = {
        "rate": ("auditor", said.rate is not None, bool(said.auditor)),
        "auditor": ("audited", bool(said.auditor), said.audited is not None),
        "audited": ("rate", said.audited is not None, said.rate is not None),
        "schema": ("schema_years", bool(said.schema), bool(said.schema_years)),
        "schema_years": ("schema", bool(said.schema_years), bool(said.schema)),
        "plan": ("plan_year", bool(said.plan), said.plan_year is not None),
        "plan_year": ("plan", said.plan_year is not None, bool(said.plan)),
        "tests": ("tested", bool(said.tests), said.tested is not None),
        "tested": ("tests", said.tested is not None, bool(said.tests)),
    }
    for key, (other, is_given, is_backed) in pairs.items():
        if is_given and not is_backed:
            raise WrongError(f"[accessibility] : « {key} » ne va pas sans « {other} », donnez les deux")
    owed = _level_of(said.rate)
    if said.level != owed:
        words = {level: word for word, level in LEVELS.items()}
        because = "sans audit" if said.rate is None else f"pour un taux de {said.rate:g} %"
        raise WrongError(
            f"« accessibility.level » : {because}, le niveau est « {words[owed]} », corrigez l'un ou l'autre"
        )


def _level_of(rate: float | None) -> str:
    """The level that a rate gives; without audit, none is reached."""
    if rate is None or rate < PARTIALLY:
        return "not"
    return "partially" if rate < TOTALLY else "totally"
