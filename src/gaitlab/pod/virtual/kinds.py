"""Which kinds of pod can be made of software."""

from collections.abc import Callable
from typing import Final

from gaitlab.pod.virtual.generic import Generic
from gaitlab.pod.virtual.metamotion import MetaMotion
from gaitlab.pod.virtual.movesense import Movesense
from gaitlab.pod.virtual.polar import Polar
from gaitlab.pod.virtual.protocol import PodProtocol
from gaitlab.pod.virtual.rsc import Rsc
from gaitlab.pod.virtual.witmotion import WitMotion

PROTOCOLS: Final[dict[str, Callable[[], PodProtocol]]] = {
    kind.name: kind for kind in (Generic, Rsc, Polar, Movesense, WitMotion, MetaMotion)
}
