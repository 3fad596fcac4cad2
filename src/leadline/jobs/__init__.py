"""What runs by itself."""

from leadline.jobs.chores import DisposeSalts, EraseDeletedSites, FollowChanges, jobs_of_a_server
from leadline.jobs.schedule import Job, Schedule

__all__ = [
    "DisposeSalts",
    "EraseDeletedSites",
    "FollowChanges",
    "Job",
    "Schedule",
    "jobs_of_a_server",
]
