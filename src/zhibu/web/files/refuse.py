"""A file that is not taken: one sentence for the reader."""

from __future__ import annotations


class Refused(ValueError):
    """`str()` says what is wrong with the file and what would be right. Nothing of it was kept."""


WANTED = "可以传照片（JPEG、PNG、WebP）、PDF、Word（.docx）和 Excel（.xlsx）"
BROKEN = "文件损坏或不完整。在自己的电脑或手机上打开看看，另存后再传"
