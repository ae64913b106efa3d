from core.registry import Registry
from energy.domain.market import EnergyProvider

providers = Registry[EnergyProvider]("energy.providers")
