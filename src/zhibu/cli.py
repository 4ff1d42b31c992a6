"""The `zhibu` command. Engine commands run without Django; every other command is the web's.

Exit status: 0 good; 1 evaluated, but rows of facts were rejected; 2 errors, nothing written.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from zhibu import __version__
from zhibu.engine.arguments import Parser

WEB = {
    "serve": "启动网站",
    "migrate": "建立或升级数据库",
    "sample": "载入示例数据",
    "import": "从 Excel 导入",
    "facts": "从数据库导出事实",
    "publish": "发布规则集和考核办法",
    "refresh": "重新计算结论和得分",
    "worker": "只运行后台计算",
    "appoint": "开通账号并登记任职",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8()
    try:
        if arguments and not arguments[0].startswith("-") and arguments[0] not in ("rules", "evaluate"):
            return _web(arguments)
        return _guarded(parser().parse_args(arguments))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1


def _guarded(options: argparse.Namespace) -> int:
    """A fault of our own is told in one sentence; what went wrong where is for those who look for it."""
    try:
        return int(options.run(options))
    except BrokenPipeError:
        raise
    except Exception:
        print("zhibu: 程序内部出错，什么都没有写出。请把命令和数据交给维护人员", file=sys.stderr)
        if os.environ.get("ZHIBU_LOG", "").upper() == "DEBUG":
            traceback.print_exc()
        else:
            print("设 ZHIBU_LOG=DEBUG 再运行一次，可以看到出错的位置", file=sys.stderr)
        return 2


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _web(arguments: list[str]) -> int:
    """Whatever the engine does not know, the web's commands do; Django is loaded only here."""
    try:
        from zhibu.web.config.commands import main as web
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("zhibu"):
            print(f"zhibu: 没有命令“{arguments[0]}”。可用：rules、evaluate、{'、'.join(WEB)}", file=sys.stderr)
            return 2
        raise
    return int(web(arguments) or 0)


# --- arguments ----------------------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    others = "\n".join(f"  {name:<10}{text}" for name, text in WEB.items())
    top = Parser(prog="zhibu", description="支部工作平台：规则即数据，结论有依据。", epilog=f"网站的命令:\n{others}")
    top.add_argument("--version", action="version", version=f"zhibu {__version__}", help="显示版本")
    commands = top.add_subparsers(required=True, metavar="命令")
    _rules(commands.add_parser("rules", help="检查规则集"))
    _evaluate(commands.add_parser("evaluate", help="按规则集评价一批事实"))
    return top


def _rules(command: argparse.ArgumentParser) -> None:
    check = command.add_subparsers(required=True, metavar="动作").add_parser("check", help="检查规则集、考核办法和样例")
    check.add_argument("paths", nargs="+", metavar="PATH", help="规则集文件或文件夹")
    check.set_defaults(run=_run_check)


def _evaluate(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--rules", nargs="+", required=True, metavar="PATH", help="规则集文件或文件夹")
    add("--facts", required=True, type=_folder, metavar="DIR", help="事实文件夹（Parquet 或 CSV）")
    add("--year", type=_year, help="评价年度")
    add("--from", dest="first", type=_day, metavar="D", help="评价区间首日，默认年度首日")
    add("--to", dest="last", type=_day, metavar="D", help="评价区间末日，默认年度末日")
    add("--as-of", type=_day, default=date.today(), metavar="D", help="按哪一天所知评价，默认今天")
    add("--scheme", type=Path, metavar="FILE", help="考核办法")
    add("--holidays", type=Path, metavar="FILE", help="节假日表，默认用自带的")
    add("--backend", choices=("memory", "duckdb", "spark"), default="duckdb")
    add("--verdicts", choices=("all", "exceptions", "none"), default="all", help="写出哪些结论")
    add("--out", required=True, type=_folder, metavar="DIR", help="结果文件夹")
    command.set_defaults(run=_run_evaluate)


def _folder(text: str) -> Path | str:
    """An address such as hdfs://… stays text: a Path would lose one of its slashes."""
    return text if "://" in text else Path(text)


def _year(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 9999:
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}”不是年份，应如 2025")


def _day(text: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"“{text}”不是有效日期，应如 2025-01-31")


# --- commands -----------------------------------------------------------------------------------------------


def _run_check(options: argparse.Namespace) -> int:
    from zhibu.engine.command import check

    return check(options.paths)


def _run_evaluate(options: argparse.Namespace) -> int:
    from zhibu.engine.command import Request, evaluate

    first = options.first or (options.year and date(options.year, 1, 1))
    last = options.last or (options.year and date(options.year, 12, 31))
    if not first or not last:
        return _refuse("请给出 --year，或同时给出 --from 和 --to")
    if first > last:
        return _refuse(f"--from（{first}）晚于 --to（{last}）")
    return evaluate(
        Request(
            rules=tuple(options.rules),
            facts=options.facts,
            window=(first, last),
            as_of=options.as_of,
            scheme=options.scheme,
            holidays=options.holidays,
            backend=options.backend,
            verdicts=options.verdicts,
            out=options.out,
        )
    )


def _refuse(message: str) -> int:
    print(f"zhibu evaluate: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
