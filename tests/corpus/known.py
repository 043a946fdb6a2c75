"""Where the program is known to be wrong: each is a strict expected failure, so that mending one obliges to strike it out.

The labels stand: nothing here says that a verdict is right.
"""

from __future__ import annotations

from collections.abc import Mapping

_MODEL = "accessibility-declaration-model"

_WHY: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "cadastre-solaire": ("the auditor is named in a form of words that is not read", (_MODEL,)),
    "carte-des-gues": ("a link that reports data is taken for the contact form of the declaration", (_MODEL,)),
    "carte-ruches": ("the organisation is not recognised", (_MODEL,)),
    "dossier-jachere": (
        "a soft 404 that asks to log in is called something else, and fails all the same",
        ("accessibility-declaration",),
    ),
    "halte-fluviale": ("of two rates, the one of the first audit is taken", (_MODEL,)),
    "saison-travail": ("the apostrophe of a name is not kept as written", (_MODEL,)),
}

DISAGREEMENTS: Mapping[tuple[str, str], str] = {
    (service, rule): why for service, (why, rules) in _WHY.items() for rule in rules
}
