"""Start a hub for a class on this machine: `python -m helpers.classroom.hub [--port 8000] [--into hub]`.

How the hub serves the course is in hub_config.py. This module imports nothing of JupyterHub's, so that it can say
what is missing.
"""

import argparse
import contextlib
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from helpers.classroom.serving import answers, free_ports
from helpers.lessons import syllabus

CONFIG = Path(__file__).with_name("hub_config.py")
PROXY = "configurable-http-proxy"
NO_PROXY = (
    f"JupyterHub's proxy, {PROXY}, is not here. It needs Node.js: install nodejs and npm (https://nodejs.org), "
    "then run this again."
)
STARTS_WITHIN = STOPS_WITHIN = 60  # seconds


def proxy():
    """The path of the hub's proxy, where `make hub-env` puts it or on the PATH; None where node or it is lacking."""
    if shutil.which("node") is None:
        return None
    return shutil.which(PROXY, path=Path(sys.prefix) / "proxy" / "node_modules" / ".bin") or shutil.which(PROXY)


def folder_name(student):
    """The name of a student's folder: the student's, where a file may be called so and is not hidden by it."""
    return re.sub(r"^\.|[^\w .@'-]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), student)


def hand_out(folder):
    """Copy into a student's folder the lessons that it lacks. One that is there is the student's, and stays."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for lesson in map(syllabus.notebook, syllabus.written()):
        if os.path.lexists(folder / lesson.name):
            continue
        # Under its own name a copy is complete at once, and replaces nothing that has come there meanwhile.
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", suffix=".copy") as copy:
            copy.write(lesson.read_bytes())
            copy.flush()
            with contextlib.suppress(FileExistsError):
                os.link(copy.name, folder / lesson.name)


class Hub:
    """A JupyterHub that runs in `folder`, where it keeps everything, and answers at `address`, on this machine only.

    as_root:  let the students' servers run as root, where the hub does.
    config:   hub_config.py, or a file that loads it.
    Raises RuntimeError, with what to do, where it cannot be started.
    """

    def __init__(self, folder, port, as_root=False, config=CONFIG):
        if importlib.util.find_spec("jupyterhub") is None:
            raise RuntimeError("JupyterHub is not here; `make hub-env` adds it.")
        if proxy() is None:
            raise RuntimeError(NO_PROXY)
        if os.geteuid() == 0 and not as_root:
            raise RuntimeError(
                "You are root, and so would be every student. Start the hub from another account; "
                "in a container of its own, `make hub ARGS=--as-root`."
            )
        if not Path(config).is_file():
            raise RuntimeError(f"There is no file {config}.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise RuntimeError(f"Port {port} is taken: choose another, as in `make hub PORT={port + 1}`.")
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.log = self.folder / "hub.log"
        self.address = f"http://127.0.0.1:{port}"
        for_hub, for_proxy = free_ports(2)
        command = [
            sys.executable, "-m", "jupyterhub", "--config", str(Path(config).resolve()),
            f"--JupyterHub.bind_url={self.address}",
            f"--JupyterHub.hub_bind_url=http://127.0.0.1:{for_hub}",
            f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{for_proxy}",
            f"--OwnFolder.as_root={as_root}",
        ]  # fmt: skip
        with self.log.open("wb") as log:
            # In a session of its own, so that Ctrl-C reaches it once and it ends its servers in peace.
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )

    def wait(self):
        """Return when the hub answers. Raises RuntimeError with the end of its log where it does not."""
        if answers(f"{self.address}/hub/api", self.process, STARTS_WITHIN):
            return
        raise RuntimeError(f"The hub did not start. The end of {self.log}:\n{self.log.read_text()[-3000:]}")

    def stop(self):
        """End the hub, its proxy and all servers."""
        self.process.terminate()
        try:
            self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def main(arguments=None):
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m helpers.classroom.hub", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8000, help="of this machine")
    parser.add_argument("--into", default="hub", help="the folder for the students' work and the hub's own files")
    parser.add_argument("--as-root", action="store_true", help="let the students' servers run as root")
    parser.add_argument("--config", default=CONFIG, help="settings of your own, which load hub_config.py")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended as by Ctrl-C
    try:
        hub = Hub(given.into, given.port, given.as_root, given.config)
    except (RuntimeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    try:
        hub.wait()
        print(f"The course is at {hub.address}. Ctrl-C ends it; its log is {hub.log}.", flush=True)
        if given.config == CONFIG:
            print("A student logs in under any name, without a password.", flush=True)
        hub.process.wait()
        print(f"The hub has ended; {hub.log} says why.", file=sys.stderr)
        return 1
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Ending the hub and the students' servers.", flush=True)
        return 0
    finally:
        hub.stop()


if __name__ == "__main__":
    sys.exit(main())
