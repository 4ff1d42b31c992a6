from zhibu.web.coverage.tests.conftest import lands as lands
