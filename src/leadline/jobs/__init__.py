"""What runs by itself."""

from leadline.jobs.chores import (
    EraseDeletedSites,
    FollowChanges,
    RotateSalts,
    SummariseHits,
    jobs_of_a_server,
)
from leadline.jobs.schedule import Job, Schedule

__all__ = [
    "EraseDeletedSites",
    "FollowChanges",
    "Job",
    "RotateSalts",
    "Schedule",
    "SummariseHits",
    "jobs_of_a_server",
]
