"""Where a page is made: `make where URL=/duties/month/` prints its url, view, template and test."""

from __future__ import annotations

import inspect
import os
import re
import sys
from pathlib import Path

import django
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parents[1]


def main(url: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.web.config.settings")
    django.setup()
    try:
        found = resolve(url)
    except Resolver404:
        print(f"no page at {url}")
        return 1
    view = inspect.unwrap(found.func)
    file = Path(inspect.getsourcefile(view) or "")
    print(f"url       {found.url_name}: {found.route}")
    print(f"view      {file.relative_to(ROOT)}:{inspect.getsourcelines(view)[1]} {view.__qualname__}")
    for template in re.findall(r'"([\w/-]+\.html)', inspect.getsource(view)):
        print(f"template  {next(ROOT.glob(f'src/zhibu/web/*/templates/{template}'), template)}")
    for test in sorted(file.parent.glob("tests/test_*.py")):
        if url.rstrip("/") in test.read_text(encoding="utf-8") or view.__name__ in test.stem:
            print(f"test      {test.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "/"))
