"""Which kinds of pod can be made of software."""

from collections.abc import Callable
from typing import Final

from gaitlab.pod.virtual.generic import Generic
from gaitlab.pod.virtual.protocol import PodProtocol

PROTOCOLS: Final[dict[str, Callable[[], PodProtocol]]] = {"generic": Generic}
