"""Apache and nginx for tests: the programs themselves, each on a free port of 127.0.0.1."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving import Server

_MODULES = Path("/usr/lib/apache2/modules")
_LOADED = ("mpm_event", "authz_core", "dir", "mime", "headers", "rewrite", "filter", "deflate")
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
daemon off;
{user}
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    {temporary}
    {maps}
    server {{
        listen 127.0.0.1:{port};
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


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


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


@contextmanager
def apache(root: Path, folder: Path) -> Iterator[Server]:
    """Serve a folder with Apache, with the .htaccess that are in it."""
    port = _free_port()
    modules = "\n".join(f"LoadModule {name}_module {_MODULES}/mod_{name}.so" for name in _LOADED)
    config = folder / "apache.conf"
    config.write_text(_APACHE.format(folder=folder, port=port, root=root, modules=modules))
    with _running(["apache2", "-f", str(config), "-DFOREGROUND"], port, folder) as server:
        yield server


@contextmanager
def nginx(root: Path, folder: Path, rules: str) -> Iterator[Server]:
    """Serve a folder with nginx, by rules in two parts: of the http block, of the server block."""
    port = _free_port()
    maps, comment, location = rules.partition("# In the server block")
    temporary = "\n".join(f"{name}_temp_path {folder}/{name};" for name in _TEMPORARY)
    user = "user root;" if os.geteuid() == 0 else ""
    text = _NGINX.format(
        folder=folder, port=port, root=root, maps=maps, location=comment + location,
        temporary=temporary, user=user,
    )  # fmt: skip
    config = folder / "nginx.conf"
    config.write_text(text)
    checked = subprocess.run(
        ["nginx", "-t", "-e", f"{folder}/error.log", "-c", str(config)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    command = ["nginx", "-e", f"{folder}/error.log", "-c", str(config)]
    with _running(command, port, folder) as server:
        yield server
