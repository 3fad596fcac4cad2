"""Leadline: a self-hosted, privacy-first web analytics server."""

__version__ = "0.2.0"
