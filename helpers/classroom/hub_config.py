"""JupyterHub for the course: each student gets JupyterLab at lesson 00, in a folder with notebooks of their own.

`make hub` starts it on this machine. Settings of your own load this file and say what differs: see README.md,
"For a class on a hub". Whatever the hub keeps lies in the folder that it is started in: what students write in
students/NAME, and the hub's own list of users.
"""

import os
import sys
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from jupyterhub.auth import DummyAuthenticator
from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Bool, default

from helpers.classroom.hub import folder_name, hand_out, proxy
from helpers.lessons import syllabus

HOUR, MINUTE = 3600, 60  # seconds


class OwnFolder(SimpleLocalProcessSpawner):
    """A student's server: a process of the account that runs the hub, whose home is the student's folder."""

    as_root = Bool(False, config=True, help="let students' servers run as root, as in a container of one's own")

    @default("home_dir")
    def _default_home_dir(self):
        return str(Path.cwd() / "students" / folder_name(self.user.name))

    def template_namespace(self):
        return super().template_namespace() | {"home": self.home_dir}

    def get_args(self):
        return [*super().get_args(), *(["--allow-root"] if self.as_root else [])]

    async def start(self):
        hand_out(Path(self.home_dir) / "notebooks")
        return await super().start()


class OnThisMachine(DummyAuthenticator):
    """Lets everybody in, under any name and without a password, and therefore only where no other machine reaches."""

    def __init__(self, **arguments):
        super().__init__(**arguments)
        host = urlsplit(self.parent.bind_url).hostname or ""
        if host != "localhost" and not _is_loopback(host):
            sys.exit(
                f"Without an authenticator the hub would let everybody in at {self.parent.bind_url}. "
                "Set c.JupyterHub.authenticator_class, or bind to 127.0.0.1."
            )


def _is_loopback(host):
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


# The hub's database and keys, and what the students write, are not for other accounts of the machine.
os.umask(0o077)

c = get_config()  # noqa: F821, JupyterHub defines it

c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.authenticator_class = OnThisMachine
c.JupyterHub.spawner_class = OwnFolder
c.ConfigurableHTTPProxy.command = [proxy() or "configurable-http-proxy"]

c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.notebook_dir = "{home}/notebooks"
c.Spawner.default_url = f"/lab/tree/{syllabus.notebook(0).name}"
# A whole class begins at the same minute, and a server then takes longer than the half minute that it has by default.
c.Spawner.start_timeout = c.Spawner.http_timeout = 2 * MINUTE
c.Spawner.environment = {
    # The threads of one student's linear algebra would only wait for another student's cores.
    "OPENBLAS_NUM_THREADS": "1",
    # Students have no use for nbgrader, which an instructor has in the same environment, nor for Jupyter's news.
    "JUPYTER_CONFIG_PATH": str(Path(__file__).parent / "hub_settings"),
}
c.Spawner.args = [
    "--ServerApp.kernel_websocket_connection_class=helpers.classroom.lab.PromptConnection",
    # All students share one environment: nobody changes it by a click.
    "--LabApp.extension_manager=readonly",
    # A kernel whose page is closed gives its memory back after a while, and so does a server without a kernel.
    f"--MappingKernelManager.cull_idle_timeout={HOUR}",
    f"--ServerApp.shutdown_no_activity_timeout={HOUR}",
]
