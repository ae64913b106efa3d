from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Things that add themselves: one file each, found by importing every module of a package.

    A taken name is refused, so two files can never silently fight over it.
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._things: dict[str, T] = {}

    def register(self, name: str) -> Callable[[type[T]], type[T]]:
        def add(kind: type[T]) -> type[T]:
            if name in self._things:
                raise ValueError(f"{self._package}: the name {name!r} is already taken")
            self._things[name] = kind()
            return kind

        return add

    def discover(self, package: str = "") -> None:
        """By default its own package; another app's, where that app extends it."""
        name = package or self._package
        for module in iter_modules(import_module(name).__path__):
            import_module(f"{name}.{module.name}")

    def __getitem__(self, name: str) -> T:
        return self._things[name]

    def get(self, name: str) -> T | None:
        return self._things.get(name)

    def __contains__(self, name: object) -> bool:
        return name in self._things

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._things))

    def choices(self) -> list[tuple[str, str]]:
        return [(name, name) for name in self]
