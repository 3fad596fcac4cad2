"""Fathom's dialect, `/v1`."""

from leadline.faces.fathom.face import FathomFace

__all__ = ["FathomFace"]
