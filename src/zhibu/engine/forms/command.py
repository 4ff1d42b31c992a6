"""What `zhibu forms check` does, and says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from zhibu.engine import formalism as lists
from zhibu.engine.command import complain, warn
from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.forms.held import official, read_held
from zhibu.engine.forms.judge import judge, refused, warned
from zhibu.engine.forms.model import Form
from zhibu.engine.forms.read import read


def check(paths: list[str], *, on: date, held: Path | None = None, formalism: Path | None = None) -> int:
    """0 when every form under the paths may be sent, else 2 with one fault a line on stderr; warnings do not count."""
    try:
        facts = read_held(held) if held else official()
        catalogue = lists.read(formalism) if formalism else lists.official()
        forms = _forms(paths)
    except EngineError as error:
        return complain(error.faults)
    found = judge(forms, on=on, held=facts, catalogue=catalogue)
    warn(warned(found))
    if faults := refused(found):
        return complain(tuple(faults))
    print(f"没有发现错误：{len(forms)} 张表\n" + "\n".join(map(_line, forms)))
    return 0


def _line(form: Form) -> str:
    known = len(form.fields) - len(form.open_fields)
    filled = f"，平台填好 {known} 项" if known else ""
    return f"{form.title}：要填 {len(form.open_fields)} 项{filled}，每次约 {form.minutes} 分钟，到 {form.until} 为止"


def _within(folder: Path) -> list[Path]:
    """Every YAML file but that of the minutes of rules, which lies beside the forms."""
    return sorted(file for kind in ("*.yaml", "*.yml") for file in folder.rglob(kind) if file.name != "minutes.yaml")


def _forms(paths: list[str]) -> list[Form]:
    """Every form in the files and folders given. Raises EngineError with the faults of all of them."""
    forms, faults = list[Form](), list[Fault]()
    for path in map(Path, paths):
        files = _within(path) if path.is_dir() else [path]
        if not files:
            faults.append(Fault(Place(str(path), 1), "这里没有表", "表是含 form 和 fields 的 .yaml 文件"))
        for file in files:
            try:
                forms.append(read(file))
            except EngineError as error:
                faults += error.faults
    if faults:
        raise EngineError(faults)
    return forms
