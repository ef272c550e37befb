"""How often rules that count clusters err, and how often they find what is there."""
