"""Metrics as they run: hourly readings of so many days, with noise."""

from datetime import UTC, datetime, timedelta

import numpy as np

START = datetime(2026, 3, 2, tzinfo=UTC)


def hours(days):
    return np.arange(days * 24)


def readings(values, noise=0.3, seed=1, start=START):
    values = np.asarray(values, float)
    moments = [start + timedelta(hours=hour) for hour in range(len(values))]
    return moments, values + np.random.default_rng(seed).normal(0, noise, len(values))


def line(days=90, base=40.0, a_day=0.3):
    return base + a_day * hours(days) / 24


def by_day(days=90, base=40.0, swing=6.0):
    return base + swing * np.sin(2 * np.pi * hours(days) / 24)


def cleaned_up(days=90, ago=10, fell=15.0):
    return line(days) - fell * (hours(days) >= (days - ago) * 24)


def bent(days=90, ago=20, a_day=0.1, then=0.8):
    since = np.maximum(0, hours(days) / 24 - (days - ago))
    return line(days, a_day=a_day) + (then - a_day) * since


def saturating(days=90, most=60.0):
    return most - 25 * np.exp(-hours(days) / (24 * days * 0.2))


def restarted(days=90, every=6, leaks=20.0):
    return 40 + leaks * (hours(days) % (every * 24)) / (every * 24)


def in_bursts(days=500, seed=3):
    """Daily: nothing on most days, and then a lot."""
    chance = np.random.default_rng(seed)
    more = chance.exponential(4.0, days) * (chance.random(days) < 0.3)
    moments = [START + timedelta(days=day) for day in range(days)]
    return moments, more.cumsum()
