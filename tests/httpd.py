"""Apache and nginx for tests: the programs themselves, each on a free port of 127.0.0.1.

`apache` and `nginx` serve a folder by the rules in it; `apache_with` and `nginx_with` run a whole
configuration, such as docs/serving.md has.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from servers import free_port
from serving import Server

_MODULES = Path("/usr/lib/apache2/modules")
_ALWAYS = ("mpm_event", "authz_core", "dir", "mime")
_APACHE = """
ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/error.log
User www-data
Group www-data
{modules}
TypesConfig /dev/null
{rest}
"""
_FOLDER = """
AddType text/html .html
AddType text/css .css
DocumentRoot {root}
<Directory {root}>
AllowOverride FileInfo Indexes Options=FollowSymLinks
Options SymLinksIfOwnerMatch
Require all granted
</Directory>
"""
_NGINX = """
user www-data;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
events {{}}
http {{
    access_log off;
    {maps}
    server {{
        listen 80;
        root {root};
        {location}
    }}
}}
"""
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def missing() -> str | None:
    """Return why they cannot be run here, with the command that mends it; or None."""
    if shutil.which("apache2") is None or not (_MODULES / "mod_rewrite.so").is_file():
        return "no apache2 (apt-get install apache2-bin)"
    if shutil.which("nginx") is None:
        return "no nginx (apt-get install nginx-light)"
    return None


@contextmanager
def _running(command: list[str], port: int, folder: Path) -> Iterator[Server]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    server = Server(f"http://127.0.0.1:{port}/", process.pid)
    try:
        end = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError):
                server.ask("/")
                break
            log = folder / "error.log"
            told = log.read_text() if log.is_file() else ""
            assert process.poll() is None, f"{command[0]}: {told}"
            assert time.monotonic() < end, f"{command[0]} does not answer: {told}"
            time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(20)
        assert process.stderr is not None
        process.stderr.close()


def apache(root: Path, folder: Path) -> AbstractContextManager[Server]:
    """Serve a folder with Apache, with the .htaccess that are in it."""
    modules = ("alias", "headers", "rewrite", "filter", "deflate")
    return _apache(_FOLDER.format(root=root), modules, folder)


def apache_with(site: str, folder: Path) -> AbstractContextManager[Server]:
    """Run Apache with a file of sites-available, which names its modules after "a2enmod"."""
    named = re.search(r"a2enmod ([a-z_ ]+)", site)
    assert named is not None
    cache = folder / "cache"
    cache.mkdir()
    shutil.chown(cache, "www-data") if os.geteuid() == 0 else None
    site = re.sub(r"(CacheRoot) \S+", rf"\1 {cache}", site)
    return _apache(site, tuple(named[1].split()), folder)


@contextmanager
def _apache(rest: str, modules: tuple[str, ...], folder: Path) -> Iterator[Server]:
    port = free_port()
    loaded = "\n".join(
        f"LoadModule {name}_module {_MODULES}/mod_{name}.so" for name in (*_ALWAYS, *modules)
    )
    rest = rest.replace("*:80", f"127.0.0.1:{port}")
    config = folder / "apache.conf"
    config.write_text(_APACHE.format(folder=folder, port=port, modules=loaded, rest=rest))
    with _running(["apache2", "-f", str(config), "-DFOREGROUND"], port, folder) as server:
        yield server


def nginx(root: Path, folder: Path, rules: str) -> AbstractContextManager[Server]:
    """Serve a folder with nginx, by rules in two parts: of the http block, of the server block."""
    maps, comment, location = rules.partition("# In the server block")
    text = _NGINX.format(root=root, maps=maps, location=comment + location)
    return nginx_with(text.replace("user www-data;", "user root;"), folder)


@contextmanager
def nginx_with(text: str, folder: Path) -> Iterator[Server]:
    """Run nginx with a whole nginx.conf, but for the paths and the port, which are of the test."""
    port = free_port()
    temporary = "".join(f"    {name}_temp_path {folder}/{name};\n" for name in _TEMPORARY)
    for pattern, replacement in (
        (r"(?m)^user .*\n", lambda found: found[0] if os.geteuid() == 0 else ""),
        (r"/run/nginx\.pid", f"{folder}/pid"),
        (r"/var/log/nginx", str(folder)),
        (r"/var/cache/nginx", str(folder)),
        (r"listen 80;", f"listen 127.0.0.1:{port};"),
        (r"(?m)^http \{\n", f"http {{\n{temporary}"),
    ):
        text = re.sub(pattern, replacement, text)
    config = folder / "nginx.conf"
    config.write_text(f"daemon off;\n{text}")
    options = ["-e", f"{folder}/error.log", "-c", str(config)]
    checked = subprocess.run(["nginx", "-t", *options], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    with _running(["nginx", *options], port, folder) as server:
        yield server
