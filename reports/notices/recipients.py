"""The file that says to whom notices go. Addresses hold secrets: what is shown of them is what cannot be one."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import scrypt
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from checks.model.errors import InputError

EVERYONE = "*"
"""Whose addresses receive a copy of every notice."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,20}", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+|localhost", re.IGNORECASE)
_HOSTED = frozenset({"form", "json", "mailto", "matrix", "mmost", "xml"})
"""The kinds of addresses (and those with an ``s``) whose host is one: elsewhere a token stands in its place."""

_MAILBOX = re.compile(r"[\w.+-]+@[\w.-]+")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where notices go: ``url`` is for Apprise alone, ``name`` is what may be read and kept, and tells the address from others
    of its list, which is that of ``owner``; ``mark`` knows it again wherever it stands in the list. ``mailboxes`` are for
    who sends, and kept nowhere. ``place`` says where the file has it."""

    url: str = field(repr=False)
    owner: str
    name: str
    place: str
    mailboxes: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """24 bits, slow to make: too few, and too dear, to find a secret by trying."""
        return scrypt(
            self.url.encode("utf-8", "surrogateescape"), salt=b"toise/notices", n=2**14, r=8, p=1, dklen=3
        ).hex()

    @property
    def shown(self) -> str:
        return f"{self.name} ({', '.join(self.mailboxes)})" if self.mailboxes else self.name


Recipients = Mapping[str, tuple[Address, ...]]
"""The addresses of each incubator, and of :data:`EVERYONE`."""


def read_recipients(path: Path, environment: Mapping[str, str]) -> Recipients:
    """Raises :class:`InputError`, which quotes no address."""
    found: dict[str, tuple[Address, ...]] = {}
    for incubator, urls in _document(path).items():
        place = f"{path}, « {shown_key(incubator)} »"
        if not isinstance(urls, list) or not all(isinstance(url, str) and url.strip() for url in urls):
            raise InputError(f'{place} : attendu une liste d\'adresses entre guillemets, comme ["json://…"].')
        places = [f"{place}, adresse {number}" for number in range(1, len(urls) + 1)]
        filled = (_filled(url.strip(), environment, where) for url, where in zip(urls, places, strict=True))
        found[incubator] = tuple(_told_apart(incubator, filled, places))
    return found


def for_incubator(recipients: Recipients, incubator: str) -> tuple[Address, ...]:
    """Its own addresses, then those that receive everything, each once."""
    every = (*recipients.get(incubator, ()), *recipients.get(EVERYONE, ()))
    return tuple({address.url: address for address in reversed(every)}.values())[::-1]


def shown_key(incubator: str) -> str:
    """An address that was written in the place of an incubator is one all the same."""
    return "…" if "://" in incubator else incubator


def _document(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise InputError(f"Le fichier de destinataires {path} ne peut pas être lu ({error.strerror}).") from error
    except UnicodeDecodeError:
        raise InputError(f"{path} n'est pas en UTF-8 : enregistrez-le ainsi.") from None
    except (
        ValueError,
        RecursionError,
    ) as error:  # a number too long, brackets too deep: not only what TOML calls wrong
        where = re.search(r"\(at [^)]*\)", str(error))
        raise InputError(f"{path} n'est pas du TOML{f' {where[0]}' if where else ''} : corrigez-le.") from None


def _filled(url: str, environment: Mapping[str, str], place: str) -> str:
    """With the variables that it names. One that is not the whole address is encoded: it is a part of it, whatever it holds."""
    whole = _VARIABLE.fullmatch(url)

    def value(found: re.Match[str]) -> str:
        known = environment.get(found[1], "")
        if not known:
            raise InputError(f"{place} : la variable d'environnement {found[1]} manque ou est vide.")
        return known.strip() if whole else quote(known, safe="", errors="surrogateescape")  # whatever its bytes are

    return _VARIABLE.sub(value, url)


def _told_apart(owner: str, urls: Iterable[str], places: Iterable[str]) -> Iterator[Address]:
    known: Counter[str] = Counter()
    for url, place in zip(urls, places, strict=True):
        name = _name(url)
        known[name] += 1
        rank = f" ({known[name]})" if known[name] > 1 else ""
        mailboxes = tuple(dict.fromkeys(_mailboxes(url)))
        yield Address(url=url, owner=owner, name=f"{name}{rank}", place=place, mailboxes=mailboxes)


def _name(url: str) -> str:
    scheme, mark, _ = url.partition("://")
    kind = scheme.lower()
    if not mark or not _SCHEME.fullmatch(scheme):
        return "…"
    if kind not in _HOSTED and kind.removesuffix("s") not in _HOSTED:
        return f"{kind}://…"
    parts = _parts(url)
    host = parts.hostname if parts and parts.hostname else ""
    return f"{kind}://{host if _HOST.fullmatch(host) else '…'}/…"


def _parts(url: str) -> SplitResult | None:
    try:
        return urlsplit(f"x://{url.partition('://')[2]}")
    except ValueError:
        return None


def _mailboxes(url: str) -> Iterator[str]:
    """To whom a mail goes: no secret, and what its sender wants to read."""
    parts = _parts(url)
    if parts is None or not url.lower().startswith("mailto"):
        return
    # Without an account before the host, what follows the first slash may be the end of a password that holds one.
    path = unquote(parts.path) if "@" in parts.netloc else ""
    named = [path, *(value for name, value in parse_qsl(parts.query) if name in {"to", "cc", "bcc"})]
    for text in named:
        yield from _MAILBOX.findall(text)
