"""The board in sentences: its conclusion, and the text to paste into a chat group. They read the same rows."""

from __future__ import annotations

from zhibu.web.dashboards.board_model import Board, Row

MOST = 20  # organisations in the text


def conclusion(board: Board) -> str:
    """64 个支部，7 个有逾期，共 11 项。逾期最多的是“主题党日”（5 项）；比 10 月少 4 项"""
    if not board.anything:
        return ""
    noun = "个支部" if board.all_branches else "个组织"
    if not board.organisations:
        return f"{f'共 {board.total.missed} 项逾期' if board.total.missed else '没有逾期'}{_compared(board)}"
    if not board.total.missed:
        return f"{board.organisations} {noun}都没有逾期{_compared(board)}"
    late = board.late_organisations
    words = f"{board.organisations} {noun}，{late} 个有逾期，共 {board.total.missed} 项"
    if board.own_late:
        words += f"（其中本级 {board.own_late} 项）"
    worst = board.worst
    words += f"。逾期最多的是“{worst.title}”（{worst.counts.missed} 项）" if worst else ""
    return words + _compared(board)


def _compared(board: Board) -> str:
    """Against what is now overdue of the month before."""
    if board.before is None:
        return ""
    month, change = board.asked.month.before.month, board.total.missed - board.before
    if not change:
        return f"；和 {month} 月一样多"
    return f"；比 {month} 月{'多' if change > 0 else '少'} {abs(change)} 项"


def group_text(board: Board, link: str) -> str:
    """Plain text with names, items, date and address; no names of persons."""
    area, month = board.asked.area, board.asked.month
    if not board.anything:
        return ""
    late = [row for row in board.rows if row.late]
    lines = [
        f"【{(area.short_name or area.name) if area else '联系点'} {month.words}组织生活进展】",
        f"{conclusion(board)}。",
        *(f"{number}. {_line(row)}" for number, row in enumerate(late[:MOST], 1)),
    ]
    more = board.late_organisations - len([row for row in late[:MOST] if not row.own])
    if more > 0:
        lines.append(f"……还有 {more} 个，见网页")
    query = f"?area={area.code}&period={month.label}" if area else f"?period={month.label}"
    lines += [f"数据截至 {board.evaluation.as_of.isoformat()}", f"{link}{query}"]
    return "\n".join(lines)


def _line(row: Row) -> str:
    cells = row.late_cells
    name = f"{row.organisation.short_name or row.organisation.name}{'本级' if row.own else ''}"
    if row.leads_deeper:
        return f"{name}：{row.late} 项，最多的是{cells[0].item.title}（{cells[0].late} 项）"
    return f"{name}：{'、'.join(cell.item.title for cell in cells)}"
