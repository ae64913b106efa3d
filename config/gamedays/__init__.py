from config.gamedays import data_recovery, database, energy_shortage, network, system_down

GAMEDAYS = {
    "data-recovery": data_recovery.play,
    "database": database.play,
    "energy-shortage": energy_shortage.play,
    "network": network.play,
    "system-down": system_down.play,
}
