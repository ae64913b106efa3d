"""Columns of many rows at once, as the database keeps them: Python makes nothing of each value."""

from typing import Final

import numpy as np
from django.db.models import Aggregate, BinaryField

from postmortems.domain.figures.cases import Flags, Ints, Moments, Words

Bytes = bytes | memoryview | None
# PostgreSQL counts microseconds from 2000.
BEGINNING: Final = np.timedelta64(946_684_800_000_000, "us")  # of which NumPy counts from 1970


class Packed(Aggregate):
    """One after the other. All that are packed in one query have their values in the same order."""

    template = "string_agg(%(function)s(%(expressions)s), ''::bytea)"
    output_field = BinaryField()


class Numbers(Packed):
    function = "int8send"


class Flagged(Packed):
    function = "boolsend"


class TwoLetters(Packed):
    function = "textsend"


class Times(Packed):
    """What is unknown comes as the lowest of numbers, which is NumPy's for it as well."""

    template = "string_agg(timestamptz_send(coalesce(%(expressions)s, '-infinity')), ''::bytea)"


def numbers(said: Bytes) -> Ints:
    return np.frombuffer(said or b"", ">i8").astype(np.int64)


def flags(said: Bytes) -> Flags:
    return np.frombuffer(said or b"", np.bool_)


def two_letters(said: Bytes) -> Words:
    return np.frombuffer(said or b"", "S2").astype("U2").astype(object)


def moments(said: Bytes) -> Moments:
    since_2000: Moments = numbers(said).view("M8[us]")
    return since_2000 + BEGINNING
