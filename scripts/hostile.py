"""Write the corpus of hostile files into a folder: python scripts/hostile.py FOLDER [EVERY]

EVERY=4 writes each fourth. The corpus grows by a function in tests/hostile/ (see kit.py)."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.hostile.kit import corpus


def main(folder: str, every: str = "1") -> None:
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    total = 0
    for number, file in enumerate(islice(corpus(), 0, None, int(every)), 1):
        (place / file.name).write_bytes(file.content)
        total = number
    print(f"{total} files in {place}")


if __name__ == "__main__":
    main(*sys.argv[1:])
