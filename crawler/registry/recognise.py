"""Which format a registry is in, by its content alone: names and media types lie too often."""

from __future__ import annotations

import re
from io import StringIO
from typing import Literal

from checks.model.errors import InputError
from crawler.registry import csv_file, dashlord, url_list

Shape = Literal["json", "dashlord", "csv", "url-list"]

_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ARCHIVE = b"PK\x03\x04"
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_KNOWN = "API de beta.gouv.fr, dossier content/, dashlord.yml, CSV dont l'en-tête nomme « url », liste d'adresses"


def recognised(raw: bytes, name: str) -> tuple[Shape, str]:
    """The format of a registry and its text. Raises :class:`InputError`."""
    text, is_utf8 = _decoded(raw, name)
    shape = _shape(text.lstrip(), name)
    if not is_utf8 and shape in {"json", "dashlord"}:
        line = next(number for number, one in enumerate(raw.split(b"\n"), 1) if not _is_utf8(one))
        raise InputError(f"{name}, ligne {line} : ce texte n'est pas en UTF-8 ; enregistrez le fichier en UTF-8.")
    return shape, text


def _shape(text: str, name: str) -> Shape:
    if not text:
        raise InputError(f"{name} est vide ; donnez un registre ({_KNOWN}).")
    if text.startswith("<"):
        kind = "une page HTML" if _HTML.search(text[:2000]) else "un document XML"
        raise InputError(f"{name} est {kind}, pas un registre ; donnez l'adresse du fichier lui-même ({_KNOWN}).")
    if text.startswith(("{", "[")):
        return "json"
    if dashlord.URLS.search(text):
        return "dashlord"
    if csv_file.separator(_first_line(text)):
        return "csv"
    if url_list.is_list(text):
        return "url-list"
    raise InputError(f"{name} n'a la forme d'aucun registre connu ({_KNOWN}).")


def _first_line(text: str) -> str:
    return next(iter(StringIO(text, newline="")), "")


def _decoded(raw: bytes, name: str) -> tuple[str, bool]:
    """The text, and whether it is Unicode; else a line that is not UTF-8 is read as Windows-1252, as Excel saves it."""
    if raw.startswith(_ARCHIVE):
        raise InputError(f"{name} est un classeur ou une archive ; enregistrez la feuille au format CSV.")
    if raw.startswith(_BYTE_ORDER_MARKS):
        return _decoded_utf16(raw, name), True
    if b"\0" in raw:
        raise InputError(f"{name} est un fichier binaire, pas un registre ({_KNOWN}).")
    try:
        return raw.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        lines = raw.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
        return "".join(_line(line, f"{name}, ligne {number}") for number, line in enumerate(lines, 1)), False


def _decoded_utf16(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-16")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} est un texte UTF-16 tronqué ; enregistrez le fichier en UTF-8.") from error


def _line(line: bytes, where: str) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{where} : ce texte n'est ni en UTF-8 ni en Windows-1252 ; enregistrez le fichier en UTF-8.")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
