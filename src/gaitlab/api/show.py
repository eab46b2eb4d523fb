"""How results look at a prompt and in a notebook: the same facts as text and as HTML."""

from collections.abc import Sequence
from html import escape

Facts = Sequence[tuple[str, str]]


def facts_text(title: str, facts: Facts) -> str:
    """A title and aligned pairs of words.

    >>> print(facts_text("Run", [("athlete", "Ada"), ("n", "12")]))
    Run
      athlete  Ada
      n        12
    """
    width = max((len(name) for name, _ in facts), default=0)
    lines = [f"  {name:<{width}}  {_one_line(value)}" for name, value in facts]
    return "\n".join([_one_line(title), *lines])


def facts_html(title: str, facts: Facts) -> str:
    """The same as a table; whatever a file held is escaped.

    >>> "<script>" in facts_html("<script>", [("athlete", "<script>")])
    False
    """
    rows = "".join(
        f'<tr><th style="text-align:left">{escape(_one_line(name))}</th>'
        f'<td style="text-align:left">{escape(_one_line(value))}</td></tr>'
        for name, value in facts
    )
    return f"<table><caption><b>{escape(_one_line(title))}</b></caption>{rows}</table>"


def table_html(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], note: str) -> str:
    """A table with a head, under a title; everything is escaped."""
    top = "".join(f'<th style="text-align:left">{escape(_one_line(name))}</th>' for name in head)
    body = "".join(
        "<tr>"
        + "".join(f'<td style="text-align:left">{escape(_one_line(cell))}</td>' for cell in row)
        + "</tr>"
        for row in rows
    )
    below = f"<p>{escape(_one_line(note))}</p>" if note else ""
    name = f"<caption><b>{escape(_one_line(title))}</b></caption>"
    return f"<table>{name}<tr>{top}</tr>{body}</table>{below}"


def table_text(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], note: str) -> str:
    """The same as aligned columns.

    >>> print(table_text("Run", ["metric", "n"], [["speed", "12"]], "fine"))
    Run
      metric  n
      speed   12
    fine
    """
    cells = [[_one_line(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    lines = [
        "  " + "  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join([_one_line(title), *lines, *([_one_line(note)] if note else [])])


def _one_line(text: str) -> str:
    """Without line breaks and control characters, which could dress up a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
