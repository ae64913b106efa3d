"""Everything from the environment or `.env`; `.env.example` lists it all."""

from config.branding import UNFOLD
from config.settings.api import *
from config.settings.chain import *
from config.settings.engines import *
from config.settings.environment import *
from config.settings.framework import *
from config.settings.safety import *
from config.settings.sight import *
from config.settings.voices import *

__all__ = ["UNFOLD"]
