from config.gamedays import energy_shortage

GAMEDAYS = {"energy-shortage": energy_shortage.play}
