"""`leadline`, in a process whose time of day is off by as many seconds as a file says just then."""

import time
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from leadline import clock


def arrange(file: Path) -> None:
    right = time.time

    def off() -> float:
        return float(file.read_text())

    class FalseDatetime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) + timedelta(seconds=off())

    module: Any = clock
    module.datetime = FalseDatetime
    time.time = lambda: right() + off()
