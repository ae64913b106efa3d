from rest_framework.routers import SimpleRouter

from energy.api import EnergyResponseViewSet, ReadingViewSet, WalletViewSet

router = SimpleRouter()
router.register("energy/wallets", WalletViewSet, basename="wallet")
router.register("energy/readings", ReadingViewSet, basename="energy-reading")
router.register("energy/responses", EnergyResponseViewSet, basename="energy-response")

urlpatterns = router.urls
