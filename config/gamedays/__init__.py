from config.gamedays import energy_shortage, network, system_down

GAMEDAYS = {
    "energy-shortage": energy_shortage.play,
    "network": network.play,
    "system-down": system_down.play,
}
