"""The runner as a mass on a spring: forces, stiffness and rise from times alone.

The vertical force over a contact is taken as half a sine wave whose impulse carries the body's
weight over the step. Everything follows from contact time, flight time and, for the leg, speed
and leg length. Every function is closed form, works on (k,) arrays and gives NaN where it does
not hold. **Level ground and steady speed only**: :mod:`gaitlab.metrics.mechanics` sees to that.

Source: Morin 2005, J Appl Biomech 21:167, doi 10.1123/jab.21.2.167: 0.67 to 6.93 % below force
plates from 3.33 m/s to maximal speed. Not valid on slopes: Meyer 2023, doi 10.1055/a-2044-4805;
nor while accelerating: Haugen 2019, doi 10.1007/s00421-019-04139-0.
"""

import numpy as np

from gaitlab.model.units import SECONDS_PER_MINUTE, STANDARD_GRAVITY_MPS2, Floats

G = STANDARD_GRAVITY_MPS2
LEG_SHARE_OF_HEIGHT = 0.53  # Morin 2005, from Winter's body segments


def flight_ratio(contact_time_s: Floats, flight_time_s: Floats) -> Floats:
    """(k,) flight over contact time, called RSI_f where jumps are counted so; any activity."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = flight_time_s / contact_time_s
    return np.where(contact_time_s > 0.0, ratio, np.nan)


def mean_force_bw(contact_time_s: Floats, flight_time_s: Floats) -> Floats:
    """(k,) mean vertical force on the ground, in body weights: step time over contact time.

    Newton's second law over one step of steady running, no model.
    """
    return np.asarray(1.0 + _positive(flight_ratio(contact_time_s, flight_time_s)))


def peak_force_bw(contact_time_s: Floats, flight_time_s: Floats) -> Floats:
    """(k,) highest vertical force of the half sine wave, in body weights.

    NaN without flight: a foot that never leaves both of them is no spring.

    >>> peak_force_bw(np.array([0.086]), np.array([0.145])).round(2).tolist()  # Bolt 2011
    [4.22]
    """
    return np.asarray(0.5 * np.pi * mean_force_bw(contact_time_s, flight_time_s))


def drop_m(contact_time_s: Floats, flight_time_s: Floats) -> Floats:
    """(k,) how far the body sinks during contact, m; no mass is needed."""
    flight_s = _positive(flight_time_s)
    step_s = contact_time_s + flight_s
    return np.asarray(G * contact_time_s * (step_s / (2.0 * np.pi) - contact_time_s / 8.0))


def flight_rise_m(flight_time_s: Floats) -> Floats:
    """(k,) how far the body rises in flight, m, landing as high as it took off.

    >>> flight_rise_m(np.array([0.5])).round(3).tolist()  # a hop of half a second
    [0.306]
    """
    return np.asarray(G * _positive(flight_time_s) ** 2 / 8.0)


def vertical_oscillation_m(contact_time_s: Floats, flight_time_s: Floats) -> Floats:
    """(k,) lowest to highest point of the body within a step, m.

    >>> vertical_oscillation_m(np.array([0.086]), np.array([0.145])).round(3).tolist()
    [0.048]
    """
    return drop_m(contact_time_s, flight_time_s) + flight_rise_m(flight_time_s)


def vertical_stiffness_n_per_m_per_kg(contact_time_s: Floats, flight_time_s: Floats) -> Floats:
    """(k,) peak force over drop, N/m for each kg of the body.

    The same as Dalleau's for hops, pi (t_f + t_c) / (t_c^2 ((t_f + t_c) / pi - t_c / 4)).
    """
    peak_n_per_kg = G * peak_force_bw(contact_time_s, flight_time_s)
    return _quotient(peak_n_per_kg, drop_m(contact_time_s, flight_time_s))


def leg_compression_m(
    contact_time_s: Floats, flight_time_s: Floats, speed_mps: Floats, leg_length_m: float
) -> Floats:
    """(k,) how much shorter the leg gets, m: the arc it sweeps and the drop of the body.

    NaN where half the contact length is not shorter than the leg.
    """
    half_m = 0.5 * contact_length_m(contact_time_s, speed_mps)
    square = leg_length_m**2 - half_m**2
    arc_m = leg_length_m - np.sqrt(_positive(square))
    return np.asarray(arc_m + drop_m(contact_time_s, flight_time_s))


def leg_stiffness_n_per_m_per_kg(
    contact_time_s: Floats, flight_time_s: Floats, speed_mps: Floats, leg_length_m: float
) -> Floats:
    """(k,) peak force over the shortening of the leg, N/m for each kg of the body."""
    shorter_m = leg_compression_m(contact_time_s, flight_time_s, speed_mps, leg_length_m)
    return _quotient(G * peak_force_bw(contact_time_s, flight_time_s), shorter_m)


def dimensionless_stiffness(stiffness_n_per_m_per_kg: Floats, leg_length_m: float) -> Floats:
    """(k,) stiffness k L / (m g): body weights for a shortening by the whole leg."""
    return stiffness_n_per_m_per_kg * leg_length_m / G


def contact_length_m(contact_time_s: Floats, speed_mps: Floats) -> Floats:
    """(k,) how far the body travels over one contact, m.

    With it Weyand's relation is an identity: speed = steps per second x mean force in body
    weights x contact length (Weyand 2000, J Appl Physiol 89:1991; quoted, only the abstract read).
    """
    return np.asarray(speed_mps * contact_time_s)


def froude(speed_mps: Floats, leg_length_m: float) -> Floats:
    """(k,) speed squared over g times leg length: equal in runners of any size who run alike."""
    return np.asarray(speed_mps**2 / (G * leg_length_m))


def step_rate_for_leg(cadence_spm: Floats, leg_length_m: float) -> Floats:
    """(k,) steps in the time sqrt(L / g): cadence as if all legs were of one length."""
    return np.asarray(cadence_spm / SECONDS_PER_MINUTE * np.sqrt(leg_length_m / G))


def _positive(values: Floats) -> Floats:
    """``values`` where above zero, else NaN."""
    with np.errstate(invalid="ignore"):
        return np.where(values > 0.0, values, np.nan)


def _quotient(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / _positive(below))
