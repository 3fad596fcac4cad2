"""Migrations of the metadata database, applied when it is opened."""

HEAD = "0015"
"""The revision that this code expects; a test holds it against the newest script."""
