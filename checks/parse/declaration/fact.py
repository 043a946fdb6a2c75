from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from bs4 import Tag

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """What was read, in which words, and in which element of the page."""

    value: T
    text: str
    element: Tag
