"""SealMetrics' dialect, `/api/v1`."""

from leadline.faces.seal.face import SealFace

__all__ = ["SealFace"]
