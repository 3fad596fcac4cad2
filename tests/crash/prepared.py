"""What servers are forked from: a process that has imported everything, and does nothing else."""

import leadline.app  # noqa: F401
import tests.crash.support  # noqa: F401
