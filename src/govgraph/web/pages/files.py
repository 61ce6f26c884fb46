"""The fixed files of the site, and the policies that say what pages may load: nothing inline."""

from functools import cache
from importlib.resources import files

from govgraph.network.files import explorer
from govgraph.resources import built_file
from govgraph.web.pages.network_data import has_explorer


@cache
def static_files() -> dict[str, bytes]:
    """Return the files of the package's folder `static` by name."""
    folder = files("govgraph.web") / "static"
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@cache
def editor_files() -> dict[str, bytes]:
    """Return the files of the SPARQL editor by name; none where npm has not built them."""
    built = {name: built_file("editor", name) for name in ("editor.css", "editor.js")}
    return {name: content for name, content in built.items() if content is not None}


def page_policy(name: str, endpoint: str = "'self'") -> str:
    """Return the Content-Security-Policy of a page, such as "sparql" or "network/actors/explorer".

    A page runs the one script of the site, for its search field. `endpoint` is the source that
    forms and the SPARQL editor may ask, "'none'" where there is none.
    """
    asked = "" if endpoint in ("'self'", "'none'") else f" {endpoint}"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        f" form-action 'self'{asked}; base-uri 'none'; frame-ancestors 'none'"
    )
    if name == "sparql" and endpoint != "'none'":
        return f"connect-src {endpoint}; {policy}"
    if name.endswith("/explorer") and has_explorer():
        return f"{explorer.policy()}; frame-ancestors 'none'"
    return policy
