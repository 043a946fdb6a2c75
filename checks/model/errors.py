from __future__ import annotations


class InputError(Exception):
    """The user gave something that cannot be used: one French sentence saying what, where and what to do.

    The command line prints it without a traceback and exits with 2.
    """
