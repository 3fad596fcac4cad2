# Webhooks of a site.

webhooks = Webhooks
