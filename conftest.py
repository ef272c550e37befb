"""Load the plugin from the checkout, installed or not."""

pytest_plugins = ["layerclaims.plugin"]
