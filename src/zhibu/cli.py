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

ENGINE = ("rules", "scheme", "procedures", "forms", "evaluate", "explain", "whatif")
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
    "account": "处理一个账号",
    "remind": "提醒要办的事，由定时任务运行",
    "remind-terms": "发出换届提醒",
    "terminals": "管理终端：列出、规定、取消网段",
    "keys": "密钥：列出、新增、更换、核对",
    "audit": "审计记录：校验、检查点、归档",
    "roles": "打印 PostgreSQL 角色的 SQL",
    "retention": "清理超过保存期限的资料",
    "tombstones": "删除清单：补写，或恢复备份以后再办一遍",
    "affected": "账号被冒用时，列出受影响的人",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8()
    try:
        if arguments and not arguments[0].startswith("-") and arguments[0] not in ENGINE:
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
            print(f"zhibu: 没有命令“{arguments[0]}”。可用：{'、'.join((*ENGINE, *WEB))}", file=sys.stderr)
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
    _scheme(commands.add_parser("scheme", help="检查考核办法"))
    _procedures(commands.add_parser("procedures", help="检查程序，或看一件事办到哪一步"))
    _forms(commands.add_parser("forms", help="检查要下发的表"))
    _evaluate(commands.add_parser("evaluate", help="按规则集评价一批事实"))
    _explain(commands.add_parser("explain", help="解释一条结论，或一个党组织的得分"))
    _whatif(commands.add_parser("whatif", help="试算：草案会使谁的得分、名次、档次怎样变"))
    return top


def _rules(command: argparse.ArgumentParser) -> None:
    check = command.add_subparsers(required=True, metavar="动作").add_parser("check", help="检查规则集、考核办法和样例")
    check.add_argument("paths", nargs="+", metavar="PATH", help="规则集文件或文件夹")
    _formalism(check)
    check.set_defaults(run=_run_check)


def _scheme(command: argparse.ArgumentParser) -> None:
    check = command.add_subparsers(required=True, metavar="动作").add_parser("check", help="只检查考核办法")
    check.add_argument("paths", nargs="+", metavar="PATH", help="考核办法文件或文件夹")
    check.add_argument("--rules", nargs="+", default=[], metavar="PATH", help="它计入的规则所在的文件或文件夹")
    _formalism(check)
    check.set_defaults(run=_run_scheme_check)


def _procedures(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(required=True, metavar="动作")
    check = actions.add_parser("check", help="检查程序和样例")
    check.add_argument("paths", nargs="+", metavar="PATH", help="程序文件或文件夹")
    check.set_defaults(run=_run_procedures_check)
    stand = actions.add_parser("stand", help="看样例里的事到某一天办到哪一步")
    stand.add_argument("paths", nargs="+", metavar="PATH", help="程序文件或文件夹")
    stand.add_argument("--case", required=True, type=Path, metavar="FILE", help="样例文件")
    stand.add_argument("--on", type=_day, default=date.today(), metavar="D", help="哪一天，默认今天")
    stand.add_argument("--procedure", metavar="ID", help="哪个程序；只有一个时不用写")
    stand.set_defaults(run=_run_procedures_stand)


def _forms(command: argparse.ArgumentParser) -> None:
    check = command.add_subparsers(required=True, metavar="动作").add_parser("check", help="看表里有没有平台已有的事")
    check.add_argument("paths", nargs="+", metavar="FILE", help="表的文件或文件夹")
    check.add_argument("--held", type=Path, metavar="FILE", help="已有事实表，默认用自带的")
    _formalism(check)
    check.set_defaults(run=_run_forms_check)


def _formalism(check: argparse.ArgumentParser) -> None:
    check.add_argument("--as-of", type=_day, default=date.today(), metavar="D", help="按哪一天的规定检查，默认今天")
    check.add_argument("--formalism", type=Path, metavar="FILE", help="形式主义对照表，默认用自带的")


def _evaluate(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    _question(command)
    add("--backend", choices=("memory", "duckdb", "spark"), default="duckdb")
    add("--verdicts", choices=("all", "exceptions", "none"), default="all", help="写出哪些结论")
    add("--out", required=True, type=_folder, metavar="DIR", help="结果文件夹")
    command.set_defaults(run=_run_evaluate)


def _explain(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    _question(command)
    add("--subject", required=True, metavar="ID", help="党组织、党员或单位的编号")
    add("--rule", metavar="RULEBOOK/RULE", help="哪条规则；不写就解释全年得分")
    add("--period", metavar="LABEL", help="哪一期，如 2025Q2")
    add("--words", type=Path, metavar="FILE", help="用词表，把编号说成中文")
    add("--results", type=Path, metavar="DIR", help="evaluate 的结果文件夹，从中取名次和等次")
    add("--no-rank", dest="ranked", action="store_false", help="不说名次和等次，免得评价全部组织")
    add("--json", dest="as_json", action="store_true", help="输出 JSON")
    command.set_defaults(run=_run_explain)


def _whatif(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    _question(command)
    add("--draft-rules", nargs="+", default=[], metavar="PATH", help="草案的全部规则集；不写就和 --rules 一样")
    add("--draft-scheme", type=Path, metavar="FILE", help="草案的考核办法；不写就和 --scheme 一样")
    add("--words", type=Path, metavar="FILE", help="用词表，把编号说成中文")
    add("--top", type=_count, default=10, metavar="N", help="变差的、变好的各列几个，默认 10")
    add("--out", type=Path, metavar="DIR", help="结果文件夹：每个组织、每条原因")
    add("--json", dest="as_json", action="store_true", help="输出 JSON")
    command.set_defaults(run=_run_whatif)


def _question(command: argparse.ArgumentParser) -> None:
    """The arguments that say what is evaluated."""
    add = command.add_argument
    add("--rules", nargs="+", required=True, metavar="PATH", help="规则集文件或文件夹")
    add("--facts", required=True, type=_folder, metavar="DIR", help="事实文件夹（Parquet 或 CSV）")
    add("--year", type=_year, help="评价年度")
    add("--from", dest="first", type=_day, metavar="D", help="评价区间首日，默认年度首日")
    add("--to", dest="last", type=_day, metavar="D", help="评价区间末日，默认年度末日")
    add("--as-of", type=_day, default=date.today(), metavar="D", help="按哪一天所知评价，默认今天")
    add("--scheme", type=Path, metavar="FILE", help="考核办法")
    add("--holidays", type=Path, metavar="FILE", help="节假日表，默认用自带的")


def _folder(text: str) -> Path | str:
    """An address such as hdfs://… stays text: a Path would lose one of its slashes."""
    return text if "://" in text else Path(text)


def _year(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 9999:
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}”不是年份，应如 2025")


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 10**9:
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}”不是个数，应如 10")


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

    return check(options.paths, on=options.as_of, formalism=options.formalism)


def _run_scheme_check(options: argparse.Namespace) -> int:
    from zhibu.engine.command import check_schemes

    return check_schemes(options.paths, options.rules, on=options.as_of, formalism=options.formalism)


def _run_procedures_check(options: argparse.Namespace) -> int:
    from zhibu.engine.procedures.command import check

    return check(options.paths)


def _run_procedures_stand(options: argparse.Namespace) -> int:
    from zhibu.engine.procedures.command import stand

    return stand(options.paths, options.case, options.on, options.procedure)


def _run_forms_check(options: argparse.Namespace) -> int:
    from zhibu.engine.forms.command import check

    return check(options.paths, on=options.as_of, held=options.held, formalism=options.formalism)


def _run_evaluate(options: argparse.Namespace) -> int:
    from zhibu.engine.command import Request, evaluate

    window = _window(options)
    if isinstance(window, str):
        return _refuse("evaluate", window)
    return evaluate(
        Request(
            rules=tuple(options.rules),
            facts=options.facts,
            window=window,
            as_of=options.as_of,
            scheme=options.scheme,
            holidays=options.holidays,
            backend=options.backend,
            verdicts=options.verdicts,
            out=options.out,
        )
    )


def _run_explain(options: argparse.Namespace) -> int:
    from zhibu.engine.trace.command import Question, run

    window = _window(options)
    if isinstance(window, str):
        return _refuse("explain", window)
    if options.period is not None and options.rule is None:
        return _refuse("explain", "给了 --period，也要给 --rule")
    if options.rule is None and options.scheme is None:
        return _refuse("explain", "请给出 --rule 和 --period，解释一条结论；或给出 --scheme，解释全年得分")
    return run(
        Question(
            rules=tuple(options.rules),
            facts=Path(options.facts),
            subject=options.subject,
            rule=options.rule,
            period=options.period,
            window=window,
            as_of=options.as_of,
            scheme=options.scheme,
            holidays=options.holidays,
            words=options.words,
            results=options.results,
            ranked=options.ranked,
            as_json=options.as_json,
        )
    )


def _run_whatif(options: argparse.Namespace) -> int:
    from zhibu.engine.whatif.command import Trial, run

    window = _window(options)
    if isinstance(window, str):
        return _refuse("whatif", window)
    if options.scheme is None:
        return _refuse("whatif", "请给出 --scheme：已发布的考核办法，草案跟它比")
    if not options.draft_rules and options.draft_scheme is None:
        return _refuse("whatif", "请给出 --draft-rules 或 --draft-scheme：要试的草案")
    if not isinstance(options.facts, Path):
        return _refuse("whatif", "--facts 要给本机的文件夹")
    return run(
        Trial(
            rules=tuple(options.rules),
            scheme=options.scheme,
            draft_rules=tuple(options.draft_rules),
            draft_scheme=options.draft_scheme,
            facts=options.facts,
            window=window,
            as_of=options.as_of,
            holidays=options.holidays,
            words=options.words,
            top=options.top,
            out=options.out,
            as_json=options.as_json,
        )
    )


def _window(options: argparse.Namespace) -> tuple[date, date] | str:
    """The first and the last day, or what is wrong with them."""
    first = options.first or (options.year and date(options.year, 1, 1))
    last = options.last or (options.year and date(options.year, 12, 31))
    if not first or not last:
        return "请给出 --year，或同时给出 --from 和 --to"
    return (first, last) if first <= last else f"--from（{first}）晚于 --to（{last}）"


def _refuse(command: str, message: str) -> int:
    print(f"zhibu {command}: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
