"""Reading what an export gave, with no code of the product: cells, and what a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import openpyxl

LETTERLIKE_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
DANGEROUS_PARTS = ("externalLinks/", "vbaProject", "connections.xml", "queryTables/", "embeddings/", "activeX/")


@dataclass
class Read:
    """Texts of the cells, and what is wrong with the file."""

    cells: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read(content: bytes) -> Read:
    return read_workbook(content) if content[:2] == b"PK" else read_csv(content)


def read_workbook(content: bytes) -> Read:
    found = Read()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            found.faults += [f"part {name}" for word in DANGEROUS_PARTS if word in name]
            if name.startswith("xl/worksheets/") and re.search(rb"<f[\s>/]|<hyperlink|t=\"str\"", parts.read(name)):
                found.faults.append(f"a formula or link in the XML of {name}")
        if b"<definedName" in (names := parts.read("xl/workbook.xml")):
            found.faults += [
                one for one in re.findall(r"<definedName.*?</definedName>", names.decode()) if not _ours(one)
            ]
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            if cell.data_type == "f" or cell.hyperlink:
                found.faults.append(f"{sheet.title}!{cell.coordinate}: {cell.value!r}")
            if cell.data_type == "s":
                found.cells.append(str(cell.value))
    return found


def _ours(name: str) -> bool:
    """Rows repeated on paper, and what is printed: cells of the same book."""
    return bool(re.search(r'name="_xlnm\.(Print_Titles|Print_Area|_FilterDatabase)"', name)) and "[" not in name


def read_csv(content: bytes) -> Read:
    text = content.decode("utf-8-sig")
    found = Read([cell for row in csv.reader(io.StringIO(text, newline=""), strict=True) for cell in row])
    found.faults = [repr(cell) for cell in found.cells if any(map(triggers, _lines(cell)))]
    return found


def _lines(cell: str) -> Iterator[str]:
    """What may begin a cell to a careless reader: each line, whatever ends one; numbers that we wrote are numbers."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", cell):
        yield cell
        yield from re.split(r"[\r\n]", cell)


def triggers(line: str) -> bool:
    """OWASP's list, and its looks-alikes, after anything that shows nothing."""
    if line[:1] in ("\t", "\r", "\n") and line:
        return True
    seen = "".join(one for one in line if unicodedata.category(one)[0] not in "ZCM" and one not in LETTERLIKE_BLANKS)
    return unicodedata.normalize("NFKC", seen[:1])[:1] in tuple("=+-@−")


def key(text: str) -> str:
    """What is left of a text whichever way it was cleaned: its letters, marks and numbers."""
    return "".join(one for one in text if unicodedata.category(one)[0] in "LNSP" and one not in "'\ufffd")
