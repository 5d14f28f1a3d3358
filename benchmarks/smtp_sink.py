"""The plainest mail server there is: says yes to everything and keeps nothing. For notices.py."""

import socketserver
import sys


class Sink(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        for line in self.rfile:
            if line[:4].upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() not in {b".\r\n", b""}:
                    pass
            if line[:4].upper() == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 2.0.0 Ok: queued as 4F7B2C1A\r\n")


if __name__ == "__main__":
    with socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Sink) as server:
        server.serve_forever()
