"""A site as its readers have it, and a browser to read it in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.reporting.plain_run import site_of


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site_of(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")  # while it runs, no other event loop may
def chromium(browser: Path) -> Iterator[Browser]:
    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
