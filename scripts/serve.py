"""Show a folder of web pages on this machine until interrupted."""

import errno
import functools
import http.server
import sys
from pathlib import Path
from urllib.parse import urlsplit

import yaml

CONFIG = Path(__file__).resolve().parents[1] / "_config.yml"
#: Where the published site lies at its address; the 404 page links to there.
PREFIX = urlsplit(yaml.safe_load(CONFIG.read_text())["html"]["baseurl"]).path


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serve a site at the root and at the path of its address, with its own page for errors."""

    def translate_path(self, path):
        """Find the file, with or without the path of the site's address."""
        if path == PREFIX or path.startswith(PREFIX + "/"):
            path = path[len(PREFIX) :] or "/"
        return super().translate_path(path)

    def send_error(self, code, message=None, explain=None):
        """Answer that a page is not there with the site's own page, if it has one."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def make_server(folder, port, handler=Handler):
    """Return a server of ``folder`` on 127.0.0.1; port 0 takes a free one."""
    handler = functools.partial(handler, directory=str(folder))
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)


def main(folder, port):
    """Serve ``folder`` on 127.0.0.1, on the next free port if ``port`` is taken."""
    if not (Path(folder) / "index.html").is_file():
        sys.exit(f"error: {folder}/index.html is not there; run make book first")
    for candidate in (port, 0):
        try:
            server = make_server(folder, candidate)
            break
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            print(f"port {port} is taken; looking for a free one")
    print(f"the course is at http://127.0.0.1:{server.server_port}/  (Ctrl-C stops)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("stopped")
    finally:
        server.server_close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
