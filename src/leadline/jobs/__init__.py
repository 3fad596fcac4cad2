"""What runs by itself."""

from leadline.jobs.chores import (
    Chores,
    ClusterHits,
    EraseDeletedSites,
    FollowChanges,
    ForgetAuditEntries,
    RotateSalts,
    SummariseHits,
    jobs_of_a_server,
)
from leadline.jobs.exporting import MakeExports
from leadline.jobs.retention import ExpireHits, kept_since
from leadline.jobs.schedule import Job, Schedule

__all__ = [
    "Chores",
    "ClusterHits",
    "EraseDeletedSites",
    "ExpireHits",
    "FollowChanges",
    "ForgetAuditEntries",
    "Job",
    "MakeExports",
    "RotateSalts",
    "Schedule",
    "SummariseHits",
    "jobs_of_a_server",
    "kept_since",
]
