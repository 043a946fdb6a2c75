"""The command ``toise``: the only module of this room that may call the other two."""

from __future__ import annotations

import errno
import importlib
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from io import TextIOWrapper

import click

from checks.model.errors import InputError
from reports.cli.console import on_one_line, say
from reports.cli.usage import usage_sentence

VERBS = {
    "audit": "audit",
    "demo": "audit",
    "registry": "registry",
    "crawl": "stages",
    "judge": "stages",
    "load": "stages",
    "summary": "show",
    "export": "export",
    "report": "show",
    "compare": "compare",
    "notify": "notify",
    "trace": "trace",
    "review": "review",
    "check": "check",
    "headers": "headers",
    "explain": "show",
    "rules": "show",
    "worker": "fleet",
    "fleet": "fleet",
}
"""Each verb and the module that holds it, imported when it is asked for: a stage costs only its own start."""


_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}
_GO_ON = "Ce qui est complet est gardé : remédiez-y, puis relancez la même commande."


class Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - idem
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"reports.cli.{VERBS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=Verbs, context_settings={"help_option_names": ["--help"], "max_content_width": 100})
@click.version_option(version("toise"), prog_name="toise")
@click.option("--debug", is_flag=True, help="En cas d'erreur, affiche aussi la trace du programme.")
def toise(*, debug: bool) -> None:
    """Mesure les services publics numériques, garde les preuves, et compte.

    \b
    Exemple : toise audit https://beta.gouv.fr/api/v2.7/startups.json
    """


def main(args: Sequence[str] | None = None) -> None:
    """Exit codes: 0 done; 1 a ``--fail-under`` is missed; 2 wrong usage or input, or a disk or a database that refuses;
    3 a fault of ours, a run that is not sound, or a notice that could not be delivered; 4 nothing audited; 130 interrupted."""
    args = sys.argv[1:] if args is None else args
    if sys.stdout.isatty() and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # no name that a terminal cannot write ends the command
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service that is stopped ends like Ctrl-C
    try:
        sys.exit(toise.main(args, prog_name="toise", standalone_mode=False) or 0)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except (KeyboardInterrupt, click.Abort):  # the latter is what click makes of the former
        say("Interrompu. Ce qui est complet est gardé ; un audit reprend par la même commande, ou par --resume latest.")
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence rather than a trace
        if "--debug" in args:
            traceback.print_exc()
        sys.exit(_ended(error))


def _said_by_store(error: Exception) -> str:
    """Why what holds the runs (S3) refuses, in one sentence; empty for an error that is not its own."""
    if "fsspec" not in sys.modules:
        return ""
    from crawler.places import refusal  # noqa: PLC0415 - only where a run is remote

    said = refusal(error)
    return f"le dossier des audits n'est pas accessible, {said}. {_GO_ON}" if said else ""


def _said_by_database(error: Exception) -> str:
    """What the database said, in one sentence; empty for an error that is not its own."""
    if "sqlalchemy" not in sys.modules:
        return ""
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - slow to import, and most verbs need no database

    line = str(error.orig).strip().partition("\n")[0] if isinstance(error, DBAPIError) else ""
    said = line.rstrip(" .")
    return f"la base de données n'est plus là, ou refuse ({said}). {_GO_ON}" if said else ""


def _refused(error: Exception) -> str:
    """What the system does not let us do, in one sentence; empty for what is no such refusal."""
    if not isinstance(error, OSError):
        return ""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in _DISK:
        return f"le disque refuse l'écriture{where}, {error.strerror}. {_GO_ON}"
    if isinstance(error, PermissionError) and where:
        return f"l'accès à {error.filename} est refusé : donnez-vous ce droit, ou choisissez un autre dossier."
    return ""


def _ended(error: Exception) -> int:
    match error:
        case InputError():
            say(f"Erreur : {on_one_line(str(error))}")
            return 2
        case click.UsageError():
            path = error.ctx.command_path if error.ctx else "toise"
            say(f"Erreur : {on_one_line(usage_sentence(error))} (voir « {path} --help »).")
            return 2
        case click.ClickException():
            say(f"Erreur : {error.format_message()}")
            return 2
        case _ if refused := _said_by_store(error) or _said_by_database(error) or _refused(error):
            say(f"Erreur : {refused}")
            return 2
        case _:
            say(
                f"Erreur du programme : {type(error).__name__}: {error}. Relancez avec « toise --debug » et signalez-la."
            )
            return 3
