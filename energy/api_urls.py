from rest_framework.routers import SimpleRouter

from energy.api import ReadingViewSet, WalletViewSet

router = SimpleRouter()
router.register("energy/wallets", WalletViewSet, basename="wallet")
router.register("energy/readings", ReadingViewSet, basename="energy-reading")

urlpatterns = router.urls
