"""The same photo told again: how far its shape moves when it is saved anew, and how near two photos of one room come.

    python benchmarks/same_photo.py --scenes 400 --seed 5 [--keep FILE]

Made-up rooms: wall, banner, windows, a table, people. The same photo: saved at another quality, shrunk, brightened, cut
by 2 %, with the date written into a corner. Another photo: the same room from nearly the same place, other people and
light. `--keep` writes what the product reads as its last measurement.
"""

from __future__ import annotations

import argparse
import io
import json
import random
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

from zhibu.web.hints import photos

SIZE, VISITS = (800, 600), 3


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenes", type=int, default=400)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    dice = random.Random(asked.seed)
    same, other, shapes = [], [], []
    for _ in range(asked.scenes):
        room = _room(dice)
        visits = [_visit(dice, room) for _ in range(VISITS)]
        marks = [_shape(one) for one in visits]
        shapes += marks
        same += [_apart(marks[0], _shape(again)) for again in _again(dice, visits[0])]
        other += [_apart(one, two) for one, two in combinations(marks, 2)]
    far = [int(photos.apart(one, shapes[at + VISITS :]).min(initial=256)) for at, one in enumerate(shapes) if one]
    print(f"{asked.scenes} rooms of {VISITS} visits, seed {asked.seed}")
    print(f"{'bits apart':>12}{'same photo':>12}{'same room':>12}{'other room':>12}{'precision':>11}")
    for bound in (8, 16, 20, 24, 28, 32, 40, 56):
        print(f"{bound:>12}{_share(same, bound):>12.4f}{_share(other, bound):>12.4f}{_share(far, bound):>12.4f}"
              f"{_precision(same, other, far, bound):>11.4f}")  # fmt: skip
    if asked.keep:
        kept = {"method": photos.METHOD, "measured_on": date.today().isoformat(), "photos": len(shapes),
                "seed": asked.seed, "recall": round(_share(same, photos.APART), 4),
                "precision": round(_precision(same, other, far, photos.APART), 4)}  # fmt: skip
        asked.keep.write_text(json.dumps(kept, indent=1) + "\n")


def _share(bits: list[int], bound: int) -> float:
    return float((np.array(bits) <= bound).mean())


def _precision(same: list[int], other: list[int], far: list[int], bound: int) -> float:
    """Of the pairs within the bound: each photo came again in five ways, was one of three visits, and met all rooms."""
    right, wrong = (np.array(same) <= bound).sum(), (np.array([*other, *far]) <= bound).sum()
    return float(right / max(1, right + wrong))


def _shape(picture: Image.Image) -> bytes:
    return photos.mark(_saved(picture, 85)).shape


def _apart(one: bytes, other: bytes) -> int:
    return int(photos.apart(one, [other])[0]) if one and other else 256


def _saved(picture: Image.Image, quality: int) -> io.BytesIO:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    out.seek(0)
    return out


def _room(dice: random.Random) -> dict[str, object]:
    tint = lambda low, high: tuple(dice.randint(low, high) for _ in range(3))  # noqa: E731
    return {
        "wall": tint(120, 240), "floor": tint(60, 150), "table": tint(60, 200),
        "banner": (dice.randint(150, 230), 20, 20),
        "line": dice.randint(300, 420), "windows": [dice.randint(20, 700) for _ in range(dice.randint(0, 4))],
        "boards": [(dice.randint(0, 700), dice.randint(40, 200), tint(20, 250)) for _ in range(dice.randint(1, 5))],
        "left": dice.randint(40, 250), "right": dice.randint(500, 760),
    }  # fmt: skip


def _visit(dice: random.Random, room: dict) -> Image.Image:
    """A meeting there: the camera a little aside, the light of the hour, other people on other chairs."""
    picture = Image.new("RGB", SIZE, room["wall"])
    draw, aside = ImageDraw.Draw(picture), dice.randint(-12, 12)
    draw.rectangle((0, room["line"], *SIZE), fill=room["floor"])
    draw.rectangle((150 + aside, 20, 650 + aside, 70), fill=room["banner"])
    for left in room["windows"]:
        draw.rectangle((left + aside, 90, left + 80 + aside, 260), fill=(225, 235, 245))
    for left, top, colour in room["boards"]:
        draw.rectangle((left + aside, top, left + 60 + aside, top + 50), fill=colour)
    draw.rectangle(
        (room["left"] + aside, room["line"] - 20, room["right"] + aside, room["line"] + 80), fill=room["table"]
    )
    for _ in range(dice.randint(4, 14)):
        at, top, big = dice.randint(0, 760), dice.randint(220, 440), dice.randint(24, 44)
        coat = tuple(dice.randint(10, 200) for _ in range(3))
        draw.rectangle((at - big, top + big, at + big * 2, top + big * 5), fill=coat)
        draw.ellipse((at, top, at + big, top + big * 1.3), fill=(205, 165, 140))
    noise = np.random.default_rng(dice.randrange(2**32)).normal(0, 5, (SIZE[1], SIZE[0], 1))
    grained = np.clip(np.asarray(picture, np.float32) + noise, 0, 255).astype(np.uint8)
    return ImageEnhance.Brightness(Image.fromarray(grained)).enhance(dice.uniform(0.85, 1.15))


def _again(dice: random.Random, picture: Image.Image) -> list[Image.Image]:
    wide, high = picture.size
    small = picture.resize((round(wide * dice.uniform(0.4, 0.8)), round(high * dice.uniform(0.4, 0.8))))
    cut = picture.crop((round(wide * 0.02), round(high * 0.02), round(wide * 0.98), round(high * 0.98)))
    dated = picture.copy()
    ImageDraw.Draw(dated).text((wide - 160, high - 30), "2026-03-05 19:30", fill=(255, 200, 0))
    poor = Image.open(_saved(picture, dice.randint(30, 60)))
    return [small, cut, dated, poor, ImageEnhance.Brightness(picture).enhance(dice.uniform(0.8, 1.2))]


if __name__ == "__main__":
    main()
