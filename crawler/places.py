"""What a person writes for the place of runs, and what its store says against it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import url2pathname

from checks.model.errors import InputError
from checks.model.place import Place, is_address

_EXAMPLE = "un dossier, ou une adresse comme s3://compartiment/audits"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_OF_THIS_MACHINE = {"file", "local"}
_NAMES_ARE_PLACES = {"abfs", "abfss"}
"""Whose addresses have a sign @ where others have a user: ``abfs://CONTAINER@ACCOUNT.dfs.core.windows.net/``."""

_EVERYWHERE: Mapping[str, Any] = {"use_listings_cache": False}
"""What another process writes is seen at once."""

_OF_S3: Mapping[str, Any] = {"max_concurrency": 1, "default_block_size": 5 * 2**20}
"""A file read whole costs one request: to read its parts side by side its size would be asked first. Of a long file whose
first line is wanted, 5 MiB are read and not 50."""

_MEMORABLE = "AWS_ACCESS_KEY_ID et AWS_SECRET_ACCESS_KEY"
_REFUSALS: Mapping[str, str] = {
    "NoCredentialsError": f"personne ne dit qui demande, donnez {_MEMORABLE}",
    "PartialCredentialsError": f"on ne dit qu'à moitié qui demande, donnez {_MEMORABLE}",
    "EndpointConnectionError": "son serveur ne répond pas, vérifiez le réseau et AWS_ENDPOINT_URL",
    "ConnectTimeoutError": "son serveur ne répond pas, vérifiez le réseau et AWS_ENDPOINT_URL",
    "ConnectionClosedError": "son serveur ne répond pas, vérifiez le réseau et AWS_ENDPOINT_URL",
    "ReadTimeoutError": "son serveur ne répond plus, vérifiez le réseau et AWS_ENDPOINT_URL",
    "FSTimeoutError": "son serveur ne répond plus, vérifiez le réseau et AWS_ENDPOINT_URL",
    "FileExpired": "un de ses fichiers a été remplacé pendant sa lecture",
    "NoSuchBucket": "ce compartiment n'existe pas, créez-le ou donnez-en un autre",
}


def place_of(text: str) -> Place:
    """A folder of this machine, or what is at an address (``s3://…``), which is asked once whether it lets us in.

    Raises :class:`InputError`. No message says more of an address than its scheme while it may hold a secret.
    """
    if not is_address(text):
        return Path(text)
    scheme = _checked(text)
    if scheme in _OF_THIS_MACHINE:
        return Path(url2pathname(text.partition("://")[2]))
    place = _remote(text.rstrip("/"), scheme)
    try:
        cast("Any", place).fs.ls(cast("Any", place).path)
    except ImportError as error:
        raise _missing(place, _module(error)) from error
    except Exception as error:
        said = refusal(error)
        if said:
            raise InputError(f"{place} : {said}.") from error
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            raise
    return place


def _checked(text: str) -> str:
    """The scheme of an address that holds no secret."""
    if not _SCHEME.match(text) or "::" in text:
        raise InputError(f"Cette adresse d'audits est illisible : donnez {_EXAMPLE}.")
    scheme = text.partition("://")[0].lower()
    try:
        netloc = urlsplit(text).netloc
    except ValueError as error:
        raise InputError(f"L'adresse d'audits {scheme}://… est illisible : donnez {_EXAMPLE}.") from error
    who = netloc.rpartition("@")[0]
    if "?" in text or (who and (":" in who or scheme not in _NAMES_ARE_PLACES)):
        raise InputError(
            f"L'adresse d'audits {scheme}://… contient un nom, un mot de passe ou une clé, que chacun lirait : donnez-les par "
            f"l'environnement ({_MEMORABLE}, ou FSSPEC_{scheme.upper()}_USERNAME et FSSPEC_{scheme.upper()}_PASSWORD)."
        )
    if set("*[]") & set(text):  # fsspec takes them for patterns, and deletes what they match
        raise InputError(f"{text} contient un signe « * », « [ » ou « ] » : donnez un autre nom aux audits.")
    if not netloc and scheme.startswith("s3"):
        raise InputError(f"{text} ne nomme aucun compartiment : donnez {_EXAMPLE}.")
    return scheme


def _remote(text: str, scheme: str) -> Place:
    try:
        from upath import UPath  # noqa: PLC0415 - an extra, and slow to import
    except ModuleNotFoundError as error:
        raise _missing(text, "universal_pathlib") from error
    options = {**_EVERYWHERE, **(_OF_S3 if scheme.startswith("s3") else {})}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that a file system is not among those it knows well
            return cast("Place", UPath(text, **options))
    except ImportError as error:
        raise _missing(text, _module(error)) from error
    except ValueError as error:
        raise InputError(f"{text} : aucune sorte d'adresse ne s'appelle « {scheme} » : donnez {_EXAMPLE}.") from error


def _module(error: ImportError) -> str:
    """fsspec says what to install in a sentence of its own, after the error that says which module is missing."""
    cause = error.__cause__
    return (cause.name if isinstance(cause, ImportError) else error.name) or "fsspec"


def _missing(place: object, module: str) -> InputError:
    how = " toise[s3]" if module in {"universal_pathlib", "fsspec", "s3fs"} else "-le"
    return InputError(f"{place} demande le module Python « {module} », qui n'est pas installé : installez{how}.")


def refusal(error: BaseException) -> str:
    """Why a store does not do what is asked, in French and without what it says itself, which may quote an address with its
    secrets; empty for what is no error of a store."""
    code = _code(error)
    if name := next((one for one in (type(error).__name__, code) if one in _REFUSALS), ""):
        return _REFUSALS[name]
    if isinstance(error, PermissionError) and not error.filename:
        return f"l'accès est refusé{f' ({code})' if code else ''}, vérifiez {_MEMORABLE}, et les droits qu'ils donnent"
    if code:
        return f"le serveur refuse ({code})"
    if type(error).__module__.partition(".")[0] in {"aiobotocore", "aiohttp", "botocore"}:
        return (
            f"le serveur n'a pas pu être interrogé ({type(error).__name__}), vérifiez le réseau et les variables AWS_*"
        )
    return ""


def _code(error: BaseException) -> str:
    """What S3 calls an error; s3fs makes errors of Python of them, caused by the others."""
    for one in (error, error.__cause__):
        response = getattr(one, "response", None)
        if isinstance(response, Mapping):
            return str(response.get("Error", {}).get("Code", ""))
    return ""
