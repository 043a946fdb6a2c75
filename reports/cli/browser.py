"""What a person is told of the browser: that it is missing, and what that costs."""

from __future__ import annotations

from collections.abc import Iterable

import click

from checks.model.errors import InputError
from checks.model.rule import Obstacle
from checks.model.verdict import Verdict
from crawler.discovery.sight import Render
from crawler.rendering.find import find_browser
from reports.cli.console import say
from reports.render.words import counted

_HOW_TO_GET_ONE = (
    "Installez Chromium (« apt install chromium » ou « playwright install chromium »), "
    "ou donnez son chemin dans TOISE_BROWSER."
)


def _checked(ctx: click.Context, param: click.Parameter, value: str) -> Render:  # noqa: ARG001 - click's signature
    """Tells at once that a browser is missing where every page is to be shown, or that the one named is none."""
    mode = Render(value)
    if mode is not Render.NEVER and find_browser() is None and mode is Render.ALWAYS:
        raise InputError(f"--render always : aucun navigateur trouvé. {_HOW_TO_GET_ONE}")
    return mode


render_option = click.option(
    "--render",
    type=click.Choice([mode.value for mode in Render]),
    default=Render.AUTO.value,
    show_default=True,
    callback=_checked,
    help="Pages montrées à un navigateur avant d'être jugées : celles dont on doute, aucune ou toutes.",
)


def is_unread(verdicts: Iterable[Verdict]) -> bool:
    """Of the verdicts of one service: whether a page of it could not be read without a browser."""
    return any(verdict.reason == Obstacle.NEEDS_RENDERING for verdict in verdicts)


def say_unread(services: int, mode: Render) -> None:
    """Says what scripts that were not run cost, for so many services, and what would help."""
    if not services:
        return
    if mode is Render.NEVER:
        why = "Le navigateur est écarté par --render never."
    elif find_browser() is None:
        why = f"Aucun navigateur trouvé. {_HOW_TO_GET_ONE}"
    else:
        why = "Le navigateur n'a pas pu les montrer."
    say(f"Pages illisibles sans JavaScript : {counted(services, 'service')}, verdicts « indéterminés ». {why}")
