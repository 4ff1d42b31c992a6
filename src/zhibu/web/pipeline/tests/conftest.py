from zhibu.web.records.tests.conftest import at_once

__all__ = ["at_once"]
