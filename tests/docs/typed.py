"""What documents say to type, held against the commands that there are."""

import shlex

from cyclopts import App

from leadline.cli import cli


def options(app: App) -> list[str]:
    if app.default_command is None:
        return []
    return [name for each in app.assemble_argument_collection() for name in each.names]


def unknown_in(command: str) -> str | None:
    """The first word after `leadline` that is no command and no option, if there is one."""
    app: App = cli
    for word in shlex.split(command, comments=True):
        if word.startswith("-"):
            known = (*options(app), *app.help_flags, *app.version_flags)
            if word.partition("=")[0] not in known:
                return word
        elif word in app:
            app = app[word]
        elif app.default_command is None:
            return word
    return None
