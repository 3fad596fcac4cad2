"""The watch over all rules: what is found is written down first, and told after."""

from collections.abc import Callable
from contextlib import suppress

from leadline.alerts.errors import AlertNotFound
from leadline.alerts.history import History
from leadline.alerts.judging import Judgement
from leadline.alerts.measuring import measure
from leadline.alerts.model import Alert, Rule
from leadline.alerts.rules import Rules
from leadline.reports import Reports

Tell = Callable[[Rule, Alert], tuple[tuple[str, ...], str | None]]
"""Tells people and programs of an alert, that it began or that it is over: by which channels, and
what was wrong. It may be called again for the same alert after a crash."""


class Watch:
    def __init__(self, rules: Rules, history: History, reports: Reports, tell: Tell) -> None:
        self._rules = rules
        self._history = history
        self._reports = reports
        self._tell = tell

    def run(self) -> None:
        """Judge every active rule, once. Raises `HitsUnavailable`."""
        for rule in self._rules.active():
            found = self.judge(rule)
            if found is not None:
                self._history.note(rule, found, self._reports.now())
        for site, alert in self._history.untold():
            with suppress(AlertNotFound):  # its rule was deleted meanwhile
                rule = self._rules.get(site, alert.rule)
                channels, error = self._tell(rule, alert)
                self._history.told(alert, channels, error)

    def judge(self, rule: Rule) -> Judgement | None:
        """What a rule finds now; nothing is written. Raises `HitsUnavailable`."""
        return measure(self._reports, rule, self._reports.now())
