from energy.services.telling import watch_the_watching
from energy.services.upkeep import prune
from energy.services.watching import watch

__all__ = ["prune", "watch", "watch_the_watching"]
