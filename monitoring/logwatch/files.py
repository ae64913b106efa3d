"""Files by path or pattern, through rotation by renaming, by copying and truncating, and restarts."""

import glob
import os
from collections.abc import Iterable, Sequence
from typing import Final

from monitoring.domain.logs.reading import Position, Reading
from monitoring.logwatch.feed import Feed, Trouble
from monitoring.logwatch.opened import NoFile, Opened, Overwritten, siblings

SCAN_EVERY: Final = 1.0  # seconds
LINGER: Final = 30.0  # a writer may write on into a file that was renamed under it
MOST: Final = 200  # files of one log
PACKED: Final = (".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip")


class Files(Feed):
    def __init__(
        self,
        reading: Reading,
        place: str,
        *,
        at: float,
        known: Iterable[Position] = (),
        from_start: bool = True,
    ) -> None:
        """`known`: how far an earlier life has read. `from_start`: also what is there already."""
        super().__init__(reading, at=at)
        self.place = place
        self.files: dict[tuple[int, int], Opened] = {}
        self._known = {(one.device, one.inode): one for one in known}
        self._scanned_at = float("-inf")
        self._skip = not from_start and not self._known
        self._gone_cut = 0
        self._resume(at)

    def step(self, at: float) -> bool:
        if at - self._scanned_at >= SCAN_EVERY:
            self._scan(at)
        more = False
        for file in list(self.files.values()):
            more |= self._read(file, at)
        self.cut = self._gone_cut + sum(file.cut for file in self.files.values())
        return self._ended(at=at, more=more)

    def unread(self) -> int:
        return sum(file.unread for file in self.files.values())

    def positions(self) -> Sequence[Position]:
        return [file.position() for file in self.files.values()]

    def close(self) -> None:
        for file in self.files.values():
            file.close()
        self.files.clear()

    def _read(self, file: Opened, at: float) -> bool:
        try:
            return file.read(self.reading, at=at)
        except Overwritten:
            copied_at = self._copied(file, at)
            file.finish(self.reading, at=at)
            file.begin(0)
            if copied_at is not None:
                self._take_between(file.path, copied_at, at)
            return True
        except OSError as fault:
            self.trouble = Trouble("unreadable", f"{file.path}: {fault.strerror}")
            self._drop(file)
            return False

    def _copied(self, file: Opened, at: float) -> int | None:
        """It was copied and truncated: what we had not read yet stands in the copy. When that was."""
        place, wanted = file.splitter.read, file.tail
        for path in siblings(file.path):
            copy = _open(path, at)
            if copy is None:
                continue
            try:
                if copy.identity in self.files or copy.size < place or copy.before(place) != wanted:
                    continue
                copy.splitter, copy.joiner, copy.around = file.splitter, file.joiner, file.around
                copy.tail = wanted
                while copy.read(self.reading, at=at):
                    pass
            except (OSError, Overwritten):
                pass
            else:
                return copy.modified
            finally:
                copy.close()
        return None

    def _take_between(self, path: str, since: int, at: float) -> None:
        """What began and was rotated away again while nobody looked, the oldest first."""
        for name in reversed(siblings(path)):
            file = _open(name, at)
            if file is None:
                continue
            if file.identity in self.files or file.modified <= since:
                file.close()
                continue
            known = self._known.get(file.identity)
            left = known.position if known and file.fits(known.position, known.mark) else None
            file.begin(self._copy_of(file) if left is None else left)
            self.files[file.identity] = file

    def _scan(self, at: float) -> None:
        self._scanned_at = at
        paths, self.trouble = self._paths(), None
        present = set()
        for path in paths[:MOST]:
            identity = self._see(path, at)
            if identity:
                present.add(identity)
        if len(paths) > MOST:
            self.trouble = Trouble("too_many", str(MOST))
        if not paths and self.trouble is None:
            self.trouble = Trouble("missing", self.place)
        self._skip, self._known = False, {}
        for identity, file in list(self.files.items()):
            if identity not in present and at - file.last_at >= LINGER and not file.unread:
                file.finish(self.reading, at=at)
                self._drop(file)

    def _paths(self) -> list[str]:
        if not glob.has_magic(self.place):
            return [self.place] if os.path.lexists(self.place) else []
        found = [path for path in glob.glob(self.place) if not path.endswith(PACKED)]
        return sorted(found, key=_age, reverse=True)

    def _see(self, path: str, at: float) -> tuple[int, int] | None:
        try:
            about = os.stat(path)
            identity = about.st_dev, about.st_ino
            if identity in self.files:
                self.files[identity].path = path
                return identity
            self._begin(Opened(path, at=at), at)
        except FileNotFoundError:
            return None
        except NoFile:
            self.trouble = Trouble("no_file", path)
            return None
        except OSError as fault:
            word = "refused" if isinstance(fault, PermissionError) else "unreadable"
            self.trouble = Trouble(word, path)
            return None
        return identity

    def _begin(self, file: Opened, at: float) -> None:
        if olds := [one.modified for one in self.files.values() if one.path == file.path]:
            self._take_between(file.path, max(olds), at)
        if self._skip:
            file.begin(file.size)
        elif (known := self._known.pop(file.identity, None)) and file.fits(
            known.position, known.mark
        ):
            file.begin(known.position)
        else:
            file.begin(self._copy_of(file))
        self.files[file.identity] = file

    def _copy_of(self, file: Opened) -> int:
        """How much of a new file we have read already, under the name of the one it was copied from."""
        for other in self.files.values():
            place = other.splitter.read
            if (
                place
                and other.path != file.path
                and file.size >= place
                and file.before(place) == other.tail
            ):
                return place
        return 0

    def _resume(self, at: float) -> None:
        """Files that were renamed or copied while nobody looked: what was left of them comes first."""
        for known in list(self._known.values()):
            if file := self._left_of(known, at):
                file.begin(known.position)
                if file.path != known.path:
                    self._take_between(known.path, file.modified, at)
                self.files[file.identity] = file

    def _left_of(self, known: Position, at: float) -> Opened | None:
        copy: Opened | None = None
        for path in [known.path, *siblings(known.path)]:
            file = _open(path, at)
            if file is None:
                continue
            if file.fits(known.position, known.mark) and file.identity not in self.files:
                if file.identity == (known.device, known.inode):
                    if copy:
                        copy.close()
                    return file
                if copy is None and known.position and path != known.path:
                    copy = file
                    continue
            file.close()
        return copy

    def _drop(self, file: Opened) -> None:
        self._gone_cut += file.cut
        file.close()
        self.files.pop(file.identity, None)


def _open(path: str, at: float) -> Opened | None:
    try:
        return Opened(path, at=at)
    except (OSError, NoFile):
        return None


def _age(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0
