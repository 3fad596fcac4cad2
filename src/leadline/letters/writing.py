"""A letter as it is written, part by part, and the mail that it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup, escape

from leadline.dashboard import Texts
from leadline.mail import Mail
from leadline.text import CONTROL_CHARACTERS

_DOCUMENT = Markup(
    '<!DOCTYPE html>\n<html lang="{language}">'
    '<head><meta charset="utf-8"><title>{title}</title></head>\n'
    '<body style="font-family: sans-serif; max-width: 40em">\n{body}\n</body></html>\n'
)


class Cell(NamedTuple):
    """What a row of a table says, and the figure at its end."""

    label: str
    figure: str


@dataclass
class Letter:
    """Its parts are added in the order in which they are read. All of them are text, no markup."""

    texts: Texts
    subject: str
    _text: list[str] = field(default_factory=list, init=False)
    _html: list[Markup] = field(default_factory=list, init=False)

    def paragraph(self, text: str) -> None:
        self._text.append(text)
        self._html.append(Markup("<p>{}</p>").format(text))

    def link(self, text: str, address: str) -> None:
        self._text.append(f"{text}:\n{address}")
        self._html.append(Markup('<p><a href="{}">{}</a></p>').format(address, text))

    def table(self, title: str, rows: Sequence[Cell]) -> None:
        """Without any row it is left out."""
        if not rows:
            return
        lines = [f"{row.label}: {row.figure}" for row in rows]
        self._text.append("\n".join([title, *lines]))
        cells = Markup("\n").join(
            Markup(
                '<tr><td style="padding-right: 2em">{}</td><td align="right">{}</td></tr>'
            ).format(*row)
            for row in rows
        )
        self._html.append(Markup("<h2>{}</h2>\n<table>\n{}\n</table>").format(title, cells))

    def mail(self, to: str, unsubscribe: str | None = None) -> Mail:
        """What somebody has called a thing may hold what a subject may not: it is left out."""
        subject = CONTROL_CHARACTERS.sub(" ", self.subject)
        html = _DOCUMENT.format(
            language=self.texts.language, title=escape(subject), body=Markup("\n").join(self._html)
        )
        return Mail(to, subject, "\n\n".join(self._text) + "\n", str(html), unsubscribe)
