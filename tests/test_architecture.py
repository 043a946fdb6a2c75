from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("crawler", "checks", "reports")
MAX_LINES = 300
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "misc"}

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_import_contracts_hold():
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    "file,breach",
    [
        ("crawler/visit.py", "from checks.parse.site import Site"),
        ("crawler/discovery/plan.py", "import sqlalchemy"),
        ("crawler/failures.py", "from reports.store.records import RunRecord"),
        ("checks/parse/html.py", "import httpx"),
        ("checks/parse/html.py", "from checks.judge import judge_service"),
        ("checks/model/service.py", "from checks.parse.html import Page"),
        ("checks/rules/security/https.py", "from crawler.visit import Visit"),
        ("reports/render/summary.py", "from crawler.archive import read_captures"),
        ("reports/store/load.py", "from reports.figures.figure import Figure"),
        ("reports/suggestions/suggest.py", "from crawler.registry import read_registry"),
        ("reports/render/notice.py", "import apprise"),
        ("reports/notices/sending.py", "from reports.notices.delivery import main"),
    ],
)
def test_a_planted_breach_is_found(tmp_path: Path, file: str, breach: str):
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "sites", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / file
    planted.write_text(planted.read_text("utf-8") + f"\n{breach}\n", "utf-8")

    result = lint(tmp_path)

    assert result.returncode != 0
    assert "BROKEN" in result.stdout


def python_files() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_short_and_named_for_what_they_hold(path: Path):
    assert len(path.read_text("utf-8").splitlines()) <= MAX_LINES
    assert path.stem not in FORBIDDEN_NAMES


def test_tests_never_shadow_a_package():
    assert not list((ROOT / "tests").rglob("__init__.py"))
    assert not {path.name for path in (ROOT / "tests").iterdir()} & set(ROOMS)


def test_no_path_of_a_developers_machine_is_left():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    texts = {name: (ROOT / name) for name in tracked if name and not name.endswith(".lock") and (ROOT / name).is_file()}
    found = [name for name, path in texts.items() if re.search(rb"/(?:home|Users|root|work)/\w+", path.read_bytes())]

    assert found == []
