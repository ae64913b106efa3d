from config.gamedays import (
    data_recovery,
    database,
    energy_shortage,
    network,
    rolling_recovery,
    site_loss,
    system_down,
)

GAMEDAYS = {
    "data-recovery": data_recovery.play,
    "database": database.play,
    "energy-shortage": energy_shortage.play,
    "network": network.play,
    "rolling-recovery": rolling_recovery.play,
    "site-loss": site_loss.play,
    "system-down": system_down.play,
}
