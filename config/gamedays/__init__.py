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

# What the next one does first, where one was killed in the middle. A killed energy shortage leaves its kinds of action
# switched on, as nobody knows any more how they were.
PUT_BACK = {
    "alert-storm": alert_storm.put_back,
    "data-recovery": data_recovery.put_back,
    "database": database.put_back,
    "energy-shortage": energy_shortage.put_back,
    "network": network.put_back,
    "paging-provider-down": paging_provider_down.put_back,
    "rolling-recovery": rolling_recovery.put_back,
    "site-loss": site_loss.put_back,
    "system-down": system_down.put_back,
}
