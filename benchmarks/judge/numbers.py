"""Least squares and logistic regression, each with a ridge, in numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Named = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A weighted sum: `at_mean` where every feature has its mean, and what a step weighs."""

    at_mean: float
    steps: Array


def table(rows: Sequence[Named], names: Sequence[str]) -> Array:
    return np.array([[row[name] for name in names] for row in rows], dtype=np.float64)


def means(values: Array, weights: Array) -> tuple[Array, Array]:
    """Mean and deviation of each column; what is not known counts in neither."""
    known = ~np.isnan(values)
    shares = np.where(known, weights[:, None], 0.0)
    whole = np.maximum(shares.sum(axis=0), 1e-9)
    mean = (np.where(known, values, 0.0) * shares).sum(axis=0) / whole
    squares = np.where(known, (values - mean) ** 2, 0.0) * shares
    deviation = np.sqrt(squares.sum(axis=0) / whole)
    return mean, np.where(deviation > 1e-9, deviation, 1.0)


def bounds(column: Array, pieces: int) -> list[float]:
    """What cuts a feature's known values into so many pieces of one size, as far as they differ.

    Each stands half way between two values, so that a rounded number still tells them apart.
    """
    known = np.unique(column[~np.isnan(column)])
    if len(known) < 2:
        return []
    cuts = np.quantile(column[~np.isnan(column)], np.linspace(0, 1, pieces + 1)[1:-1])
    places = np.unique(np.searchsorted(known, cuts, side="right"))
    return [float(known[n - 1] + known[n]) / 2 for n in places if 0 < n < len(known)]


def in_steps(values: Array, at: Sequence[Sequence[float]]) -> Array:
    """A column for each bound of each feature: 1 where it is passed, unknown as it was."""
    columns = [
        np.where(np.isnan(values[:, place]), np.nan, values[:, place] > bound)
        for place, bounds_of in enumerate(at)
        for bound in bounds_of
    ]
    return np.column_stack(columns).astype(np.float64)


def _steps(values: Array, weights: Array, mean: Array) -> tuple[Array, Array]:
    """How far each value is from the mean, in deviations, 0 where it is not known."""
    scale = means(values, weights)[1]
    steps = np.where(np.isnan(values), 0.0, (values - mean) / scale)
    return np.column_stack([np.ones(len(values)), steps]), scale


def least_squares(
    values: Array, wanted: Array, weights: Array, mean: Array, *, ridge: float
) -> Fit:
    inner, scale = _steps(values, weights, mean)
    penalty = ridge * np.eye(inner.shape[1])
    penalty[0, 0] = 0.0
    found = np.linalg.solve((inner.T * weights) @ inner + penalty, (inner.T * weights) @ wanted)
    return Fit(at_mean=float(found[0]), steps=found[1:] / scale)


def logistic(values: Array, wanted: Array, weights: Array, mean: Array, *, ridge: float) -> Fit:
    """By Newton's method (iteratively reweighted least squares), damped."""
    inner, scale = _steps(values, weights, mean)
    penalty = ridge * np.eye(inner.shape[1])
    penalty[0, 0] = 0.0
    found = np.zeros(inner.shape[1])
    for _ in range(60):
        share = 1 / (1 + np.exp(-np.clip(inner @ found, -30, 30)))
        slope = inner.T @ (weights * (wanted - share)) - penalty @ found
        bend = (inner.T * (weights * share * (1 - share) + 1e-9)) @ inner + penalty
        step = np.linalg.solve(bend, slope)
        found += step * min(1.0, 3.0 / max(1e-9, float(np.abs(step).max())))
        if float(np.abs(step).max()) < 1e-6:
            break
    return Fit(at_mean=float(found[0]), steps=found[1:] / scale)
