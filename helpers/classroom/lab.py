"""JupyterLab as `make lab` starts it: it passes a kernel's answers on at once.

Run as a file, with JupyterLab's arguments. It imports nothing of the course, so that JupyterLab still starts while
a helper is broken.
"""

import sys

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyterlab.labapp import main


class PromptConnection(ZMQChannelsWebsocketConnection):
    """A kernel's connection to the page, without Nagle's algorithm.

    A kernel answers a moved slider with three small messages. By default the second waits until the browser has
    acknowledged the first, which Linux puts off by 40 ms: measured from the key press to the changed picture,
    50 ms instead of 14.
    """

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


if __name__ == "__main__":
    sys.exit(main(["--ServerApp.kernel_websocket_connection_class=__main__.PromptConnection", *sys.argv[1:]]))
