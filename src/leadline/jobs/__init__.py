"""What runs by itself."""

from leadline.jobs.chores import (
    ClusterHits,
    EraseDeletedSites,
    FollowChanges,
    RotateSalts,
    SummariseHits,
    jobs_of_a_server,
)
from leadline.jobs.retention import ExpireHits, kept_since
from leadline.jobs.schedule import Job, Schedule

__all__ = [
    "ClusterHits",
    "EraseDeletedSites",
    "ExpireHits",
    "FollowChanges",
    "Job",
    "RotateSalts",
    "Schedule",
    "SummariseHits",
    "jobs_of_a_server",
    "kept_since",
]
