"""The fields of an override, each read in the same way wherever people write it: a TOML file, a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from datetime import date, timedelta

from checks.model.address import split, without_credentials
from checks.model.outcome import Outcome

LONGEST = timedelta(days=731)
"""Two years: sites change, so that nobody can vouch for one for longer without looking again."""

OUTCOMES = tuple(outcome for outcome in Outcome if outcome is not Outcome.UNTESTED)

LENGTHS: Mapping[str, int] = {"service": 200, "rule": 200, "reason": 1000, "author": 100, "evidence": 2000}
"""Characters at most: what is shown to readers is never cut."""

OF_COLUMN = "decision_"
"""Before a field, the name of its column in the table of a review."""

_NOT_IN_ADDRESS = re.compile(r"[\s\"<>]")
_QUOTED_LENGTH = 60


class WrongError(Exception):
    """What is wrong with one override, as the end of a sentence."""


def read_text(key: str, value: object) -> str:
    """``key`` is the name that the sentence gives it: a field, maybe after the ``decision_`` of a column."""
    if not isinstance(value, str):
        raise WrongError(f"« {key} » n'est pas un texte, mettez-le entre guillemets")
    text = value.strip()
    if not text:
        raise WrongError(f"« {key} » est vide, remplissez-le")
    if unseen := next((one for one in text if not one.isprintable() and not one.isspace()), None):
        # Who reviews a change must see what readers will.
        raise WrongError(f"« {key} » contient un caractère invisible (U+{ord(unseen):04X}), retirez-le")
    longest = LENGTHS[key.removeprefix(OF_COLUMN)]
    if len(text) > longest:
        raise WrongError(f"« {key} » a {len(text)} caractères, {longest} au plus : raccourcissez-le")
    return text


def read_outcome(key: str, value: object) -> Outcome:
    if not isinstance(value, str) or value not in OUTCOMES:
        raise WrongError(f"« {key} » vaut {quoted(value)}, écrivez {', '.join(OUTCOMES[:-1])} ou {OUTCOMES[-1]}")
    return Outcome(value)


def read_address(key: str, value: object) -> str:
    url = read_text(key, value)
    if without_credentials(url) != url:
        raise WrongError(f"« {key} » contient un identifiant ou un mot de passe : retirez ce qui précède « @ »")
    if not split(url) or _NOT_IN_ADDRESS.search(url) or not url.isprintable():
        raise WrongError(f"« {key} » vaut {quoted(url)}, écrivez une adresse http:// ou https://")
    return url


def check_rule(rule: str, rules: Container[str]) -> None:
    if rule not in rules:
        raise WrongError(f"aucune règle {quoted(rule)}, « toise rules » en donne la liste")


def check_until(until: date, today: date) -> None:
    if until > today + LONGEST:
        raise WrongError(
            f"elle vaudrait jusqu'au {until.isoformat()}, soit plus de deux ans ; choisissez un jour plus proche, elle"
            " pourra être prolongée"
        )


def quoted(value: object) -> str:
    return f"« {cut(value)} »" if isinstance(value, str) else "autre chose qu'un texte"


def cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _QUOTED_LENGTH else line[: _QUOTED_LENGTH - 1] + "…"


def one_line(text: str) -> str:
    """The text on one line, where nothing can act on a terminal."""
    return "".join(one if one.isprintable() else f"⟨U+{ord(one):04X}⟩" for one in " ".join(text.split()))
