"""A photo made anew from its pixels, in a process of its own: `python -m zhibu.web.files.pixels FILE > photo.jpg`.

Decoders are C code fed by strangers: the child has a limit on memory and processor, opens nothing but the file, and
hands over a JPEG that holds pixels and nothing else. Saving with Pillow alone keeps the JPEG comment, so the picture is
built again from bare bytes. Exit status 0, or 3 when the picture cannot be read.
"""

from __future__ import annotations

import io
import resource
import sys

from zhibu.web.core.uploads import TABLE

PHOTOS = TABLE["attachments"]["photos"]
UNREADABLE = 3
_STEPS = ((85, 1.0), (75, 1.0), (65, 1.0), (70, 0.75), (60, 0.75), (65, 0.5), (50, 0.5), (40, 0.35))  # quality, size


def main(path: str) -> int:
    _fence()
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # the header was read and judged before
    try:
        with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as picture:
            content = rebuilt(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, MemoryError, EOFError, IndexError, KeyError):
        return UNREADABLE
    sys.stdout.buffer.write(content)
    return 0


def _fence() -> None:
    memory, seconds = PHOTOS["memory_mb"] << 20, PHOTOS["seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def rebuilt(picture) -> bytes:
    """The picture upright, on white where it was transparent, within the size of the table."""
    from PIL import Image, ImageOps

    longest = PHOTOS["longest"]
    picture.draft("RGB", (longest, longest))  # a JPEG is decoded small
    if picture.mode == "P":
        picture = picture.convert("RGBA")
    picture.thumbnail((longest, longest))
    upright = ImageOps.exif_transpose(picture)
    if "A" in upright.getbands() or "transparency" in upright.info:
        colours = upright.convert("RGBA")
        flat = Image.new("RGB", colours.size, "white")
        flat.paste(colours, mask=colours.getchannel("A"))
    else:
        flat = upright.convert("RGB")
    return _small(Image.frombytes("RGB", flat.size, flat.tobytes()))


def _small(bare) -> bytes:
    content = b""
    for quality, scale in _STEPS:
        size = (max(1, round(bare.width * scale)), max(1, round(bare.height * scale)))
        out = io.BytesIO()
        (bare if scale == 1 else bare.resize(size)).save(out, "JPEG", quality=quality, optimize=True)
        content = out.getvalue()
        if len(content) <= PHOTOS["kb"] << 10:
            break
    return content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
