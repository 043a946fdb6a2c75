from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from checks.model.run_folder import RunFolder
from checks.model.service import Service
from tests.crawling.local_web import LocalWeb, local_web


@pytest.fixture
def web(tmp_path, monkeypatch) -> Iterator[LocalWeb]:
    """A web of its own for one test, which the processes that the test starts see as the only one."""
    with local_web(tmp_path) as running:
        enter(running, monkeypatch)
        yield running


@pytest.fixture
def new_run(tmp_path):
    """``new_run(service, …, setting=value)``: a run folder ready to be crawled; its path is not plain on purpose."""

    def create(*services: Service, **settings) -> RunFolder:
        return run_of(tmp_path / "Les données", services, **settings)

    return create


def run_of(runs, services, **settings) -> RunFolder:
    folder = RunFolder.create(runs, datetime(2026, 11, 23, 6, tzinfo=UTC))
    folder.update({"id": folder.path.name, "settings": {"delay": 0.02, "timeout": 2, **settings}})
    folder.write_services(services)
    return folder


def enter(web: LocalWeb, monkeypatch, **variables: str) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in {**web.environment(), **variables}.items():
        monkeypatch.setenv(name, value)
    assert os.environ["HTTPS_PROXY"]
