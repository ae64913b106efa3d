from config.gamedays import (
    alert_storm,
    data_recovery,
    database,
    energy_shortage,
    network,
    paging_provider_down,
    rolling_recovery,
    site_loss,
    system_down,
)

GAMEDAYS = {
    "alert-storm": alert_storm.play,
    "data-recovery": data_recovery.play,
    "database": database.play,
    "energy-shortage": energy_shortage.play,
    "network": network.play,
    "paging-provider-down": paging_provider_down.play,
    "rolling-recovery": rolling_recovery.play,
    "site-loss": site_loss.play,
    "system-down": system_down.play,
}
