"""The bytes of a registry, from a file, a folder or the web, and the text in them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path

import httpx

from checks.model.errors import InputError
from crawler.private_addresses import is_private
from crawler.registry.front_matter import SUFFIX
from crawler.registry.normalise import one_line, without_credentials

SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes read of an address: eighty times the registry of beta.gouv.fr."""

_PAGES = ("content/_startups", "_startups", ".")
# The first class that fits names the reason; the library's own words are English, and may quote a proxy's password.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (httpx.TimeoutException, "le délai de {timeout:g} s est dépassé"),
    (httpx.ProxyError, "le proxy refuse la connexion"),
    (httpx.TooManyRedirects, "l'adresse renvoie sans fin vers une autre"),
    (httpx.UnsupportedProtocol, "une redirection mène hors de http et https"),
    (httpx.ConnectError, "le nom est introuvable, la connexion est refusée ou le certificat n'est pas reconnu"),
    (httpx.DecodingError, "la réponse compressée est illisible"),
    (httpx.TransportError, "la connexion a été coupée"),
    (httpx.InvalidURL, "l'adresse est mal formée"),
    (OSError, "le fichier désigné par SSL_CERT_FILE est illisible"),
    (Exception, "HTTP_PROXY, HTTPS_PROXY ou NO_PROXY est mal formé"),
)


def read_bytes(source: str, timeout: float) -> bytes:
    """The registry exactly as it is; a folder of pages becomes ``{path: text}`` in JSON, sorted by path.

    Raises :class:`InputError`. ``timeout`` is the time an address has to answer whole, in seconds.
    """
    if source.lower().startswith(("http://", "https://")):
        return _download(source, timeout)
    if "://" in source:
        raise InputError(f"{shown(source)} n'est ni un fichier ni une adresse http ou https.")
    path = Path(source)
    try:
        return _folder(path, source) if path.is_dir() else path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            f"{shown(source)} est introuvable : donnez un fichier, un dossier ou une adresse https."
        ) from error
    except PermissionError as error:
        raise InputError(f"{shown(source)} ne peut pas être lu : donnez-vous le droit de lecture.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{shown(source)} ne peut pas être lu : vérifiez ce chemin.") from error


def shown(source: str) -> str:
    """The source as it may be printed: an address loses its credentials, and its query string, which may hold a key."""
    if "://" not in source:
        return one_line(source)
    address, mark, _ = source.partition("?")
    return one_line(without_credentials(address) + (f"{mark}…" if mark else ""))


def _folder(folder: Path, source: str) -> bytes:
    for place in _PAGES:
        found = sorted(path for path in (folder / place).glob("*") if path.suffix.lower() == SUFFIX and path.is_file())
        if found:
            pages = {path.relative_to(folder).as_posix(): _page(path) for path in found}
            return json.dumps(pages, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "replace")
    raise InputError(
        f"{shown(source)} ne contient aucun fichier .md : donnez le dossier content/_startups de beta.gouv.fr."
    )


def _page(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8")  # with its byte order mark, if it has one: a patch needs the text as it is
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _download(url: str, timeout: float) -> bytes:
    name = shown(url)
    try:
        # httpx reads HTTP_PROXY, HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE by itself.
        hooks: dict[str, list[Callable[..., None]]] = {"request": [partial(_refuse_private, given=url)]}
        client = httpx.Client(timeout=timeout, follow_redirects=True, event_hooks=hooks)
        with client, client.stream("GET", url) as response:
            if response.status_code != HTTPStatus.OK:
                raise InputError(f"{name} répond {response.status_code} au lieu d'un registre : vérifiez l'adresse.")
            return b"".join(_limited(response, name, time.monotonic() + timeout))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        reason = next(words for kind, words in _REASONS if isinstance(error, kind)).format(timeout=timeout)
        raise InputError(f"{name} n'a pas pu être lu : {reason} ; vérifiez l'adresse et le réseau.") from error


def _refuse_private(request: httpx.Request, given: str) -> None:
    """The user may read a registry of an inner network; a public one does not lead there. Names are not resolved here:
    the registry is chosen, and not found."""
    if is_private(request.url.host) and not is_private(httpx.URL(given).host):
        raise InputError(f"{shown(given)} renvoie vers une adresse privée : donnez l'adresse du registre lui-même.")


def _limited(response: httpx.Response, name: str, deadline: float) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > SIZE_LIMIT:
            raise InputError(f"{name} dépasse {SIZE_LIMIT // 1024**2} Mo : ce n'est sans doute pas un registre.")
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("too slow", request=response.request)
        yield chunk
