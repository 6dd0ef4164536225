"""Show a folder of web pages on this machine until interrupted."""

import errno
import functools
import http.server
import sys
from pathlib import Path


def main(folder, port):
    """Serve ``folder`` on 127.0.0.1, on the next free port if ``port`` is taken."""
    if not (Path(folder) / "index.html").is_file():
        sys.exit(f"error: {folder}/index.html is not there; run make book first")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    for candidate in (port, 0):
        try:
            server = http.server.ThreadingHTTPServer(("127.0.0.1", candidate), handler)
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
