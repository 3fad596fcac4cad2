"""SealMetrics' dialect, `/api/v1`."""

from leadline.faces.seal.exports import content_of, said_of
from leadline.faces.seal.face import SealFace

__all__ = ["SealFace", "content_of", "said_of"]
