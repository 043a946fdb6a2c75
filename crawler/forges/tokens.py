from __future__ import annotations

import os
import re
from collections.abc import Mapping

from checks.model.errors import InputError

VARIABLE = "TOISE_FORGE_TOKENS"

_PAIR = re.compile(r"(?P<host>[\w.-]+)=(?P<token>[!-~]+)", re.ASCII)


def forge_tokens() -> Mapping[str, str]:
    """The tokens of ``TOISE_FORGE_TOKENS`` by host: ``github.com=ghp_…,gitlab.com=glpat-…``.

    Each is sent to the API of its own host, and written nowhere. Raises :class:`InputError`, which quotes none.
    """
    pairs = [pair for pair in re.split(r"[,\s]+", os.environ.get(VARIABLE, "")) if pair]
    read = [_PAIR.fullmatch(pair) for pair in pairs]
    for rank, pair in enumerate(read, 1):
        if pair is None:
            raise InputError(
                f"{VARIABLE} : le jeton n° {rank} n'a pas la forme hôte=jeton, par exemple github.com=ghp_… (les jetons sont "
                "séparés par des virgules)."
            )
    return {pair["host"].lower(): pair["token"] for pair in read if pair}


def without_tokens(text: str, tokens: Mapping[str, str]) -> str:
    """What a server sent, less the tokens that it may have sent back."""
    for token in tokens.values():
        text = text.replace(token, "***")
    return text
