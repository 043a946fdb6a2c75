from __future__ import annotations

import pytest

from tests.features.two_audits import TwoAudits, two_audits


@pytest.fixture(scope="session")
def audits(tmp_path_factory: pytest.TempPathFactory) -> TwoAudits:
    return two_audits(tmp_path_factory.mktemp("deux audits"))
