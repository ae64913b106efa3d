from maintenance.services.foreseeing import forecast_due, foresee

__all__ = ["forecast_due", "foresee"]
