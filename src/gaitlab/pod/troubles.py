"""What can go wrong with pods, each as one clear error: what, why, what to do."""

from collections.abc import Sequence

from gaitlab.model.errors import DeviceError


class BluetoothError(DeviceError):
    """This computer's Bluetooth is missing, off, forbidden or broken: no pod can be reached."""


class PodNotFoundError(DeviceError):
    """The pod did not show itself."""


class PodBusyError(DeviceError):
    """The pod shows itself but does not let us in."""


class WrongPodError(DeviceError):
    """The pod is reached but is not of the kind it was taken for, or refuses its settings."""


def no_adapter(reason: str) -> DeviceError:
    """This computer has no Bluetooth that programs can use."""
    return BluetoothError(
        "no Bluetooth adapter",
        reason or "this computer shows no Bluetooth Low Energy radio",
        "plug in or enable an adapter (on Linux also: is the bluetooth service running?); "
        "without one, `gaitlab record --virtual 2` shows how it works",
    )


def bluetooth_off(reason: str) -> DeviceError:
    """There is an adapter, but it is switched off."""
    return BluetoothError(
        "Bluetooth is switched off",
        reason or "the adapter has no power",
        "switch Bluetooth on in the system settings (on Linux: `bluetoothctl power on`)",
    )


def not_allowed(reason: str) -> DeviceError:
    """The system does not let this program use Bluetooth."""
    return BluetoothError(
        "no permission to use Bluetooth",
        reason or "the system refused",
        "allow Bluetooth for your terminal in the privacy settings (on Linux: join the group "
        "that may use it, often `bluetooth`, and log in again)",
    )


def adapter_busy(reason: str) -> DeviceError:
    """The adapter is occupied, usually by another program that scans."""
    return BluetoothError(
        "the Bluetooth adapter is busy",
        reason,
        "close other programs that use Bluetooth pods and try again",
    )


def package_problem(reason: str) -> DeviceError:
    """Something below us failed in a way that has no name."""
    return BluetoothError(
        "Bluetooth does not work here",
        reason,
        "switch Bluetooth off and on; if that does not help, run again with --debug and "
        "send us what it prints",
    )


def pod_not_found(pod: str, seconds: float) -> DeviceError:
    """The pod did not advertise while we listened."""
    return PodNotFoundError(
        f"pod {pod} not found",
        f"it did not show itself within {seconds:g} s",
        "wake it up (move it, or press its button), bring it near, check its battery",
    )


def pod_busy(pod: str, reason: str) -> DeviceError:
    """The pod advertises, but connecting fails."""
    return PodBusyError(
        f"pod {pod} cannot be connected",
        reason or "it shows itself but does not answer",
        "close the phone app or other program that holds it, then switch the pod off and on",
    )


def wrong_pod(pod: str, title: str, missing: Sequence[str]) -> DeviceError:
    """The pod lacks what its profile needs."""
    return WrongPodError(
        f"pod {pod} is not a {title}",
        f"it does not offer {', '.join(missing)}",
        "choose another pod, or name its kind with --profile",
    )


def refused(pod: str, reason: str) -> DeviceError:
    """The pod is connected but does not accept what we ask."""
    return WrongPodError(
        f"pod {pod} refuses its settings",
        reason,
        "switch the pod off and on; if that does not help, update its firmware",
    )


def named(error: Exception, pod: str, seconds: float) -> DeviceError:
    """Our error for what the Bluetooth package raised, told by names so that this needs no radio.

    pod : the pod that was talked to, empty while only listening
    seconds : how long was searched
    """
    names = {base.__name__ for base in type(error).__mro__}
    text = " ".join(str(error).split())[:200]
    if "BleakBluetoothNotAvailableError" in names:
        return _not_available(error, str(error.args[0]) if error.args else "")
    if "BleakDBusError" in names and (dbus := _dbus(error, text)) is not None:
        return dbus
    if "BleakDeviceNotFoundError" in names:
        return pod_not_found(pod, seconds)
    if names & {"BleakCharacteristicNotFoundError", "BleakGATTProtocolError"}:
        return refused(pod, text)
    if "PermissionError" in names:
        return not_allowed(text)
    if names & {"FileNotFoundError", "ConnectionRefusedError"}:
        return no_adapter(f"no Bluetooth service is running ({text})")
    if pod:
        return pod_busy(pod, text)
    return package_problem(f"{type(error).__name__}: {text}" if text else type(error).__name__)


def _not_available(error: Exception, text: str) -> DeviceError:
    reason = getattr(getattr(error, "reason", None), "name", "UNKNOWN")
    if reason == "POWERED_OFF":
        return bluetooth_off(text)
    if reason.startswith("DENIED"):
        return not_allowed(text)
    if reason in ("NO_BLUETOOTH", "NO_BLE_CENTRAL_ROLE"):
        return no_adapter(text)
    return package_problem(text)


def _dbus(error: Exception, text: str) -> DeviceError | None:
    """Errors of the Linux Bluetooth service that are about this computer, not about one pod."""
    kind = str(error.args[0]).rsplit(".", 1)[-1]
    if kind in ("AccessDenied", "NotAuthorized", "NotPermitted"):
        return not_allowed(text)
    if kind in ("ServiceUnknown", "NameHasNoOwner", "NoSuchAdapter"):
        return no_adapter(text)
    if kind == "NotReady":
        return bluetooth_off(text)
    return adapter_busy(text) if kind == "InProgress" else None
