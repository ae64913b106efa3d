"""An account, and the arithmetic by which its energy is used and comes back."""

from dataclasses import dataclass, field

from sandbox.chain.permissions import Permission

SUN = 1_000_000
SLOT = 3_000  # milliseconds
DAY = 28_800  # slots
WINDOW = 1_000  # parts of a slot in which a window is kept
TOTAL_ENERGY = 180_000_000_000
MOST_UNSTAKES = 32
FREE_NET = 600  # bytes a day


@dataclass
class Unstaking:
    sun: int
    ends: int  # ms


@dataclass
class Account:
    address: str  # hex
    balance: int = 0
    staked: int = 0  # sun for energy, net of what is delegated out
    staked_bandwidth: int = 0
    delegated: dict[str, int] = field(default_factory=dict)  # receiver → sun
    locked: dict[str, int] = field(default_factory=dict)  # receiver → ms until when
    acquired: int = 0  # sun that others delegated to it
    unstaking: list[Unstaking] = field(default_factory=list)
    used: int = 0  # energy, as of `consumed`
    window: int = DAY * WINDOW
    consumed: int = 0  # slot
    net_used: int = 0  # bandwidth of the free 600 bytes, as of `net_at`
    net_at: int = 0
    permissions: dict[int, Permission] = field(default_factory=dict)
    created: int = 0

    def usage(self, slot: int) -> int:
        """What is left of its use: it comes back in a straight line over its own window."""
        left = self.window - (slot - self.consumed) * WINDOW
        return self.used * left // self.window if left > 0 and self.used else 0

    def window_left(self, slot: int) -> int:
        left = self.window - (slot - self.consumed) * WINDOW
        return left if left > 0 and self.used else DAY * WINDOW

    def use(self, energy: int, slot: int) -> None:
        """Java-tron's `increaseV2`: new use moves the window towards a day by its weight."""
        old, left = self.usage(slot), self.window_left(slot)
        both = old + energy
        if energy and both:
            left = min(DAY * WINDOW, (old * left + energy * DAY * WINDOW + both - 1) // both)
        self.used, self.window, self.consumed = both, left, slot

    def give_back(self, energy: int, slot: int) -> None:
        """A part of what was used leaves with the stake that served it."""
        self.used, self.window, self.consumed = (
            max(0, self.usage(slot) - energy), self.window_left(slot), slot
        )  # fmt: skip

    def net_used_now(self, slot: int) -> int:
        left = DAY - (slot - self.net_at)
        return self.net_used * left // DAY if left > 0 else 0

    def free_bandwidth(self, slot: int) -> int:
        return FREE_NET - self.net_used_now(slot)

    @property
    def stake(self) -> int:
        """Sun whose energy this account may use."""
        return self.staked + self.acquired
