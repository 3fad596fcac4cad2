"""Migrations of the metadata database, applied when it is opened."""

HEAD = "0014"
"""The revision that this code expects; a test holds it against the newest script."""
