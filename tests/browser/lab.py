"""A JupyterLab server of its own and a Chromium: nothing of the user's configuration is read or changed."""

import json
import os
import secrets
import shutil
import subprocess
import sys

from helpers.classroom.serving import answers, free_ports
from helpers.lessons.syllabus import ROOT

START = ROOT / "helpers" / "classroom" / "lab.py"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NO_BROWSER = f"no browser: set CHROMIUM to one, or install Chromium (looked for {', '.join(NAMES)} on the PATH)"
CHROMIUM_ARGS = (
    "--no-sandbox",  # it runs as root in containers, and opens nothing but this server
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
SETTINGS = {
    # Off-screen cells are not in the page by default; a test reads the whole notebook.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # A saved notebook could differ from the copy that the test compares with.
    "docmanager-extension/plugin": {"autosave": False},
}
STARTS_WITHIN = 60  # seconds


def chromium():
    """The path of the browser to use, or None. CHROMIUM in the environment wins, and must then exist."""
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise FileNotFoundError(f"CHROMIUM={named} is not a program; name a Chromium, or unset it")
        return found
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Lab:
    """A running JupyterLab that serves `folder`; its settings, kernels' files and log lie in `private`."""

    def __init__(self, folder, private):
        self.folder, self.log = folder, private / "server.log"
        for name, settings in SETTINGS.items():
            file = private / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(settings))
        [port] = free_ports(1)
        self.token = secrets.token_hex(16)
        self.address = f"http://127.0.0.1:{port}"
        env = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "JPY_"))}
        env |= {
            "JUPYTER_CONFIG_DIR": str(private / "config"),
            "JUPYTER_DATA_DIR": str(private / "data"),
            "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(private / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(private / "workspaces"),
            "IPYTHONDIR": str(private / "ipython"),
        }
        command = [
            sys.executable, str(START), "--no-browser", "--allow-root", "--expose-app-in-browser",
            f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}",
            f"--IdentityProvider.token={self.token}", "--LabApp.extension_manager=readonly",
        ]  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, env=env, cwd=folder, stdout=log, stderr=log)

    def wait(self):
        """Return when the server answers. Raises RuntimeError with its log when it ends or does not answer."""
        if answers(f"{self.address}/api?token={self.token}", self.process, STARTS_WITHIN):
            return
        raise RuntimeError(f"JupyterLab did not start within {STARTS_WITHIN} s:\n{self.log.read_text()[-3000:]}")

    def stop(self):
        """End the server, and with it the kernels."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def link(self, path):
        """The address that opens the notebook at `path` (relative to the folder) in a fresh workspace."""
        return f"{self.address}/lab/tree/{path}?reset&token={self.token}"
