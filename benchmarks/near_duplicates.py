"""Near-duplicate minutes: speed beside named peers in the same run, recall and precision on a generated corpus.

    python benchmarks/near_duplicates.py --texts 20000 --seed 11 [--peers] [--keep FILE]

Recall: of the planted copies whose sets of shingles (without the usual ones) share at least a half. Precision: of the
pairs found, those that are a copy and its source, or two copies of one. `--peers` needs datasketch and rensa; they get
the same texts and bound, look for pairs by their own index, and check nothing exactly. `--keep` writes what the product
reads as its last measurement: hints of near texts are off while its precision is below 95 %.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from minutes import Corpus, Writer
from zhibu.web.hints import similarity
from zhibu.web.hints.similarity import Near

Finder = Callable[[Corpus], list[tuple[int, int]]]


def main() -> None:
    asked = _asked()
    corpus = Writer(asked.seed).corpus(asked.texts)
    letters = sum(map(len, corpus.texts)) / len(corpus.texts)
    print(
        f"{asked.texts:,} texts of {letters:.0f} characters, {len(corpus.planted):,} planted copies, seed {asked.seed}"
    )
    print(f"{'':24}{'wall s':>8}{'CPU s':>8}{'texts/s':>10}{'texts/CPU s':>13}{'recall':>9}{'precision':>11}")
    similarity.pack(["暖"])
    truth, figures = _truth(corpus), {}
    finders: dict[str, Finder] = {"zhibu.web.hints": _ours}
    if asked.peers:
        finders |= {"rensa": _rensa, "datasketch": _datasketch}
    for name, find in finders.items():
        figures[name] = _timed(name, find, corpus, truth)
    ours = figures["zhibu.web.hints"]
    for name, told in figures.items():
        if told is not ours:
            print(f"ours against {name}: {ours['cpu_rate'] / told['cpu_rate']:.1f} times the texts a CPU second")
    _by_share(corpus, truth)
    if asked.keep:
        kept = {"method": similarity.METHOD, "measured_on": date.today().isoformat(), "texts": asked.texts,
                "seed": asked.seed, "recall": ours["recall"], "precision": ours["precision"]}  # fmt: skip
        asked.keep.write_text(json.dumps(kept, indent=1) + "\n")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--keep", type=Path)
    return parser.parse_args()


def _timed(name: str, find: Finder, corpus: Corpus, truth: np.ndarray) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = set(find(corpus))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    family = corpus.family
    hit = np.array([(source, copy) in found for copy, source in corpus.planted])
    right = sum(family.get(one, one) == family.get(other, other) for one, other in found)
    told = {
        "rate": len(corpus.texts) / wall, "cpu_rate": len(corpus.texts) / cpu,
        "recall": round(float(hit[truth >= similarity.NEAR].mean()), 4),
        "precision": round(right / max(1, len(found)), 4),
    }  # fmt: skip
    print(f"{name:24}{wall:8.2f}{cpu:8.2f}{told['rate']:10,.0f}{told['cpu_rate']:13,.0f}{told['recall']:9.4f}"
          f"{told['precision']:11.4f}", flush=True)  # fmt: skip
    return told


def _truth(corpus: Corpus) -> np.ndarray:
    """The exact share of each planted pair, by the sets the method compares."""
    step = max(1, len(corpus.texts) // similarity.SAMPLE)
    usual = similarity.usual(corpus.texts[::step], corpus.references)
    copies, sources = zip(*corpus.planted, strict=True)
    return similarity.jaccard([corpus.texts[one] for one in sources], [corpus.texts[one] for one in copies], usual)


def _by_share(corpus: Corpus, truth: np.ndarray) -> None:
    found = set(_ours(corpus))
    hit = np.array([(source, copy) in found for copy, source in corpus.planted])
    for low, high in ((0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 1.01)):
        some = (truth >= low) & (truth < high)
        print(f"planted, share {low} to {min(high, 1)}: {some.sum():,}, found {hit[some].mean():.4f}")
    print(f"planted, less than a half left in common or too short: {(truth < similarity.NEAR).sum():,}")
    family = corpus.family
    wrong = [one for one in found if family.get(one[0], one[0]) != family.get(one[1], one[1])]
    same = sum(corpus.branches[one] == corpus.branches[other] for one, other in wrong)
    print(f"found and not planted: {len(wrong):,}, of them {same:,} within one branch (the same agenda every month)")


def _ours(corpus: Corpus) -> list[tuple[int, int]]:
    return [(found.one, found.other) for found in _pairs(corpus)]


def _pairs(corpus: Corpus) -> list[Near]:
    return similarity.pairs(corpus.texts, corpus.branches, corpus.references)


def _datasketch(corpus: Corpus) -> list[tuple[int, int]]:
    from datasketch import MinHash, MinHashLSH

    index, found, sketches = MinHashLSH(num_perm=128, params=(32, 4)), [], []
    for at, text in enumerate(corpus.texts):
        sketch = MinHash(128)
        sketch.update_batch([text[k : k + 4].encode() for k in range(len(text) - 3)])
        sketches.append(sketch)
        found += [(other, at) for other in index.query(sketch) if sketch.jaccard(sketches[other]) >= similarity.NEAR]
        index.insert(at, sketch)
    return found


def _rensa(corpus: Corpus) -> list[tuple[int, int]]:
    from rensa import RMinHash, RMinHashLSH

    index, found, sketches = RMinHashLSH(similarity.NEAR, 128, 32), [], []
    for at, text in enumerate(corpus.texts):
        sketch = RMinHash(128, 42)
        sketch.update([text[k : k + 4] for k in range(len(text) - 3)])
        sketches.append(sketch)
        found += [(other, at) for other in index.query(sketch) if sketch.jaccard(sketches[other]) >= similarity.NEAR]
        index.insert(at, sketch)
    return found


if __name__ == "__main__":
    main()
