from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

import click

from checks.model.errors import InputError
from checks.parse.observatory.preload import Preload, bundled, preload_of
from checks.parse.observatory.recorded import scan_of
from checks.parse.observatory.score import is_graded, score
from reports.cli.console import put, say


@click.command(short_help="Note des réponses enregistrées comme l'Observatoire HTTP de MDN.")
@click.argument("file", type=click.File("rb"), default="-", metavar="[FILE]")
@click.option(
    "--preload",
    type=click.File("rb"),
    help="Liste HSTS (JSON de Chromium ou de l'Observatoire) à la place de celle qui est livrée.",
)
def headers(file: IO[bytes], preload: IO[bytes] | None) -> int:
    """Note des réponses enregistrées, une par ligne de FILE (ou de l'entrée standard), par l'algorithme v6 de l'Observatoire.

    Chaque ligne est un objet JSON : id, status, headers, body, scheme et, s'ils sont connus, site, verified, https, http,
    redirects, cors. À chacune répond une ligne : sa note, ou son erreur.

    \b
    Exemple : toise headers reponses.ndjson --preload hsts.json
    """
    wrong: list[int] = []
    known = _preload(preload) if preload else bundled
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        said, is_read = _scored(number, line, known)
        put(json.dumps(said, separators=(",", ":")))
        if not is_read:
            wrong.append(number)
    if wrong:
        say(f"{file.name} : {_lines(wrong)} ; la forme attendue : toise headers --help.")
    return 2 if wrong else 0


def _scored(number: int, line: bytes, preload: Preload) -> tuple[Mapping[str, Any], bool]:
    """What is written for a line, and whether the line could be read."""
    name: Any = number
    try:
        said = json.loads(line)
        if not isinstance(said, Mapping):
            raise ValueError("the line is no object")  # noqa: TRY004, TRY301 - one error for all that is foreign
        name = said.get("id", number)
        scan = scan_of(said)
    except (ValueError, RecursionError) as error:
        return {"id": name, "error": f"line {number}: {error}"}, False
    if not is_graded(scan.auto.status):
        # The sentence of the Observatory's own API, for which programs look.
        return {
            "id": name,
            "error": f"Site did respond with an unexpected HTTP status code {scan.auto.status}.",
        }, True
    found = score(scan, preload)
    return {"id": name, "score": found.score, "grade": found.grade, "tests": found.tests()}, True


def _preload(file: IO[bytes]) -> Preload:
    """Raises :class:`InputError` for a file that is no such list."""
    try:
        return preload_of(json.loads(b"\n".join(_uncommented(file))))
    except (ValueError, RecursionError) as error:
        example = "donnez transport_security_state_static.json de Chromium, ou hsts-preload.json de l'Observatoire"
        raise InputError(f"--preload {file.name} n'est pas une liste HSTS ({error}) : {example}.") from error


def _uncommented(file: IO[bytes]) -> Iterator[bytes]:
    """Chromium's file has comments, each on a line of its own."""
    return (line for line in file if not line.lstrip().startswith(b"//"))


def _lines(numbers: list[int]) -> str:
    first = f"la ligne {numbers[0]}"
    return (
        f"{first} n'a pas pu être lue"
        if len(numbers) == 1
        else f"{len(numbers)} lignes n'ont pas pu être lues, dont {first}"
    )
