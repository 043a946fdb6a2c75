"""The clothes of the State are taken from a package, and from nowhere else."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError

import pytest

from checks.model.errors import InputError
from reports.render import theme
from reports.render.theme import PACKAGE, theme_files


def files():
    return dict(theme_files("dsfr"))


def test_our_own_theme_adds_nothing():
    assert list(theme_files("toise")) == []


def test_what_is_copied_is_what_the_pages_use():
    found = files()
    style = found["dsfr/dsfr.css"].decode()
    assert {name.rsplit(".", 1)[1] for name in found} == {"css", "svg", "txt", "woff2"}
    assert sum(map(len, found.values())) < 500_000
    assert "url(../" not in style
    assert "data-fr-theme" not in style
    assert style.count("@media (prefers-color-scheme:dark){:root") == 1
    assert style.count("{") == style.count("}")
    assert "restricted use" in style, "the terms of use stay with the style"
    assert "MIT" in found["dsfr/LICENSE.txt"].decode()


def test_colours_that_our_pages_borrow_exist():
    found = files()
    ours, theirs = found["dsfr/toise-dsfr.css"].decode(), found["dsfr/dsfr.css"].decode()
    borrowed = {part.partition(")")[0] for part in ours.split("var(")[1:]}
    assert len(borrowed) > 15
    assert [name for name in borrowed if f"{name}:" not in theirs + ours] == []


def test_a_package_that_is_missing_or_another_is_said_plainly(monkeypatch, tmp_path):
    class Emptied:
        files = ()

        def locate_file(self, path):
            return tmp_path / path

    monkeypatch.setattr(theme, "distribution", lambda _: Emptied())
    with pytest.raises(InputError, match=r"ne contient pas core\.main\.min\.css"):
        files()

    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(theme, "distribution", missing)
    with pytest.raises(InputError, match=rf"demande le paquet {PACKAGE}.*toise\[dsfr\]"):
        files()


def test_django_is_not_imported():
    code = "import sys; from reports.render.theme import theme_files; dict(theme_files('dsfr')); print('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
