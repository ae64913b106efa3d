"""TRON, the signer, the energy markets and the wallet service."""

from config.settings.environment import BONGSU_HOME, PRODUCTION, SANDBOX, env

# The chain: the sandbox's until a real node is named. Keys are the signer's alone and never a setting
TRON_NODE_URL = env("TRON_NODE_URL", default="") or f"{SANDBOX}/tron/"
TRON_SOLIDITY_URL = env("TRON_SOLIDITY_URL", default="")  # where /walletsolidity/ is elsewhere
TRON_API_KEY = env("TRON_API_KEY", default="")
TRON_SECOND_NODE_URL = env(
    "TRON_SECOND_NODE_URL",
    default="" if env("TRON_NODE_URL", default="") else f"{SANDBOX}/tron2/",
)
TRON_SECOND_API_KEY = env("TRON_SECOND_API_KEY", default="")
TRON_TIMEOUT = env.float("TRON_TIMEOUT", default=5.0)
# Of one wallet at one node, a second: what wallets in trouble may take besides their usual readings
ENERGY_HASTY_READINGS = env.float("ENERGY_HASTY_READINGS", default=10.0)
TRON_PERMISSION_ID = env.int("TRON_PERMISSION_ID", default=2)
TRON_SIGNER_SOCKET = env("TRON_SIGNER_SOCKET", default=str(BONGSU_HOME / "run" / "signer.sock"))

# The signer: what it signs, whatever the portal asks for. The sandbox's accounts on the sandbox's chain only
_sandbox_accounts = {
    "treasury": "TW6Ha3yYTZvXJYmQNFGQnUoob9k2vQVzVV",
    "hot": "TW2qKfAwhUZCZwud7mfKHQWxGaJ7VDdEvm",
    "spare": "TTEFrXqFTSmBZrPKSKHLnMnRKQ1AZWTZNL",
}
TRON_SANDBOX = {} if PRODUCTION or env("TRON_NODE_URL", default="") else _sandbox_accounts
TRON_KEY_FILE = env("TRON_KEY_FILE", default="")
TRON_SIGNER_LEDGER = env("TRON_SIGNER_LEDGER", default=str(BONGSU_HOME / "signer.ledger"))
TRON_SIGNER_OWNERS = env.list("TRON_SIGNER_OWNERS", default=list(TRON_SANDBOX.values()))
TRON_SIGNER_RECEIVERS = env.list("TRON_SIGNER_RECEIVERS", default=TRON_SIGNER_OWNERS)
TRON_SIGNER_TYPES = env.list("TRON_SIGNER_TYPES", cast=int, default=[54, 57, 58, 59])
TRON_SIGNER_MAX_SUN = env.int("TRON_SIGNER_MAX_SUN", default=1_000_000 * 1_000_000)
TRON_SIGNER_DAY_SUN = env.int("TRON_SIGNER_DAY_SUN", default=1_000_000 * 1_000_000)
# What the chain lets the keys do may change while it runs; both in seconds.
TRON_SIGNER_LOOK_EVERY = env.float("TRON_SIGNER_LOOK_EVERY", default=60.0)
TRON_SIGNER_UNSEEN_AFTER = env.float("TRON_SIGNER_UNSEEN_AFTER", default=600.0)
TRON_SIGNER_DAY_COUNT = env.int("TRON_SIGNER_DAY_COUNT", default=50)

# Who sells energy, and who sends withdrawals; in production only those that are named. An empty address switches one off
TRADERS = "" if PRODUCTION else SANDBOX
TRONSAVE_URL = env("TRONSAVE_URL", default=TRADERS and f"{TRADERS}/markets/tronsave").rstrip("/")
TRONSAVE_API_KEY = env("TRONSAVE_API_KEY", default="sandbox")
CATFEE_URL = env("CATFEE_URL", default=TRADERS and f"{TRADERS}/markets/catfee").rstrip("/")
CATFEE_KEY = env("CATFEE_KEY", default="sandbox")
CATFEE_SECRET = env("CATFEE_SECRET", default="sandbox")
# Its own pages disagree whether the signature covers the query
CATFEE_SIGN_QUERY = env.bool("CATFEE_SIGN_QUERY", default=True)
TRONZAP_URL = env("TRONZAP_URL", default=TRADERS and f"{TRADERS}/markets/tronzap").rstrip("/")
TRONZAP_TOKEN = env("TRONZAP_TOKEN", default="sandbox")
TRONZAP_SECRET = env("TRONZAP_SECRET", default="sandbox")
MARKET_TIMEOUT = env.float("MARKET_TIMEOUT", default=10.0)
WALLET_SERVICE_URL = env(
    "WALLET_SERVICE_URL", default=TRADERS and f"{TRADERS}/wallet-service"
).rstrip("/")
WALLET_SERVICE_TOKEN = env("WALLET_SERVICE_TOKEN", default="sandbox")
WALLET_SERVICE_TIMEOUT = env.float("WALLET_SERVICE_TIMEOUT", default=5.0)
