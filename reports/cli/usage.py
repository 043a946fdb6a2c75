from __future__ import annotations

import click


def usage_sentence(error: click.UsageError) -> str:
    """What is wrong with a command line, in French: click says it in English."""
    match error:
        case click.NoSuchCommand():
            return f"il n'y a pas de verbe « {error.command_name} »"
        case click.NoSuchOption():
            return f"il n'y a pas d'option « {error.option_name} »"
        case click.MissingParameter(param=click.Parameter() as param):
            return f"il manque {param.make_metavar(error.ctx)}" if error.ctx else f"il manque {param.name}"
        case click.BadParameter(param=click.Parameter() as param):
            return f"{max(param.opts, key=len)} : {_expected(param.type, error.message)}"
        case click.BadOptionUsage():
            return f"{error.option_name} demande une valeur, ou n'en prend pas"
        case _:
            return error.format_message()


def _expected(kind: click.ParamType[object], message: str) -> str:
    if isinstance(kind, click.Choice):
        return f"choisissez parmi {', '.join(map(str, kind.choices))}"
    if isinstance(kind, click.IntRange):
        bounds = [f"au moins {kind.min}"] if kind.min is not None else []
        bounds += [f"au plus {kind.max}"] if kind.max is not None else []
        return f"donnez un nombre entier, {' et '.join(bounds)}"
    if isinstance(kind, click.File):
        return f"le fichier {message.partition(': ')[0]} ne peut pas être lu"
    return message
