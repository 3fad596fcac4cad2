"""What has no place in a text that is stored: it cannot be seen, and some stores refuse it."""

import re

CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Control characters, line and paragraph separators, halves of surrogate pairs."""
