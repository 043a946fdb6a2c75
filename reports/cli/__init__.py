"""The command ``toise``: the only module of this room that may call the other two."""

from __future__ import annotations

import sys
import traceback

import click

from checks.model.errors import InputError
from crawler.settings import SOFTWARE
from reports.cli.audit import audit, demo
from reports.cli.check import check
from reports.cli.console import say
from reports.cli.registry import registry
from reports.cli.show import explain, report, rules, summary
from reports.cli.stages import crawl, judge, load


@click.group(context_settings={"help_option_names": ["--help"], "max_content_width": 100})
@click.version_option(SOFTWARE.partition("/")[2], prog_name="toise")
@click.option("--debug", is_flag=True, help="En cas d'erreur, affiche aussi la trace du programme.")
def toise(*, debug: bool) -> None:
    """Mesure les services publics numériques, garde les preuves, et compte.

    \b
    Exemple : toise audit https://beta.gouv.fr/api/v2.7/startups.json
    """


for verb in (audit, registry, crawl, judge, load, summary, report, check, explain, rules, demo):
    toise.add_command(verb)


def main() -> None:
    """Exit codes: 0 done; 1 a ``--fail-under`` is missed; 2 wrong usage or input; 3 a fault of ours; 4 nothing audited."""
    is_debug = "--debug" in sys.argv
    try:
        sys.exit(toise.main(standalone_mode=False) or 0)
    except InputError as error:
        if is_debug:
            traceback.print_exc()
        say(f"Erreur : {error}")
        sys.exit(2)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        say("Interrompu. Ce qui est complet est gardé : relancez avec « toise audit --resume latest ».")
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence rather than a trace
        if is_debug:
            traceback.print_exc()
        say(f"Erreur du programme : {type(error).__name__}: {error}. Relancez avec --debug et signalez-la.")
        sys.exit(3)
