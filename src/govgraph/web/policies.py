"""Content-Security-Policies of pages, on a server as on a static host: nothing inline."""

from __future__ import annotations

from govgraph.network.files import explorer
from govgraph.web.pages.network_data import has_explorer


def page_policy(name: str, endpoint: str = "'self'") -> str:
    """Return the policy of a page by its name, such as "sparql" or "network/actors/explorer".

    `endpoint` is the source that forms and the SPARQL editor may ask, "'none'" where there is none.
    """
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self';"
        f" form-action {endpoint}; base-uri 'none'; frame-ancestors 'none'"
    )
    if name == "sparql" and endpoint != "'none'":
        return f"script-src 'self'; connect-src {endpoint}; {policy}"
    if name.endswith("/explorer") and has_explorer():
        return f"{explorer.policy()}; frame-ancestors 'none'"
    return policy
