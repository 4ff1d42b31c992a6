"""The built files, which tests of weight and of the browser need."""

import os
from pathlib import Path

import pytest

BUILT = Path(__file__).parents[1] / "static" / "built"


@pytest.fixture(scope="session")
def built() -> Path:
    if not (BUILT / "zhibu.css").exists():
        if os.environ.get("CI"):
            pytest.fail("static/built/ is missing: run scripts/build-static.sh first")
        pytest.skip("static/built/ is missing: run scripts/build-static.sh first")
    return BUILT
