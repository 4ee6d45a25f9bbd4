"""A class of students at a hub at once: each logs in, opens lesson 03 and runs it: `make bench-hub [STUDENTS=20]`.

A student does what the browser does: the form of the login, the page that waits for the server, the notebook read
and saved over HTTP, and its cells run one after the other over the kernel's websocket.
"""

import asyncio
import contextlib
import json
import sys
import tempfile
import time
import uuid
from statistics import median
from typing import NamedTuple
from urllib.parse import quote

import httpx  # comes with jupyterlab, as do psutil and tornado
import nbformat
import psutil
from nbformat.v4 import output_from_msg
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from helpers.classroom.execute import load
from helpers.classroom.hub import Hub
from helpers.classroom.serving import free_ports
from helpers.lessons import syllabus

LESSON = syllabus.notebook(3).name
FIRST = f"/lab/tree/{syllabus.notebook(0).name}"
OUTPUTS = ("stream", "display_data", "execute_result", "error")
PATIENCE = 60  # seconds for each student of a class: a machine of two cores serves one after the other


class Visit(NamedTuple):
    """What one student met: seconds from the login to a running server, and to the end of the lesson."""

    started: float
    finished: float
    cells: int


class Student:
    """A student in a browser without a screen. What goes wrong raises: RuntimeError, or httpx's own errors."""

    def __init__(self, address, name, patience):
        self.name, self.escaped = name, quote(name, safe="@~")  # as JupyterHub does in its own links
        self.user = f"/user/{self.escaped}"
        self.web = httpx.AsyncClient(base_url=address, follow_redirects=True, timeout=patience)

    async def visit(self, lesson=LESSON):
        """Log in, wait for the server, open the lesson, run it to its end, save it; returns the Visit."""
        async with self.web:
            begin = time.perf_counter()
            await self.log_in()
            started = time.perf_counter() - begin
            cells = await self.work_through(lesson)
            return Visit(started, time.perf_counter() - begin, cells)

    async def log_in(self):
        await self.ask("GET", "/hub/login")
        form = {"username": self.name, "password": "", "_xsrf": self.xsrf("/hub/")}
        await self.ask("POST", "/hub/login", data=form)
        progress = f"/hub/api/users/{self.escaped}/server/progress"
        async with self.web.stream("GET", progress, params={"_xsrf": self.xsrf("/hub/")}) as states:
            states.raise_for_status()
            async for line in states.aiter_lines():
                state = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if state.get("failed"):
                    raise RuntimeError(f"no server: {state['message']}")
                if state.get("ready"):
                    break
        page = await self.ask("GET", self.user)
        if not page.url.path.endswith(FIRST):
            raise RuntimeError(f"the server opens {page.url.path}, not {FIRST}")

    async def work_through(self, lesson):
        """Run every code cell of the lesson in the student's folder and save it; returns how many cells ran."""
        await self.ask("GET", f"{self.user}/lab/tree/{lesson}")
        model = (await self.ask("GET", f"{self.user}/api/contents/{lesson}")).json()
        notebook = load(json.dumps(model["content"]))
        asked = {"path": lesson, "name": lesson, "type": "notebook", "kernel": {"name": "python3"}}
        session = (await self.ask("POST", f"{self.user}/api/sessions", json=asked)).json()
        channels = f"{self.user}/api/kernels/{session['kernel']['id']}/channels"
        cookies = self.web.build_request("GET", channels).headers["Cookie"]
        url = str(self.web.base_url.join(channels)).replace("http", "ws", 1)
        kernel = await websocket_connect(HTTPRequest(url, headers={"Cookie": cookies}))
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        try:
            for count, cell in enumerate(code, start=1):
                cell.execution_count, cell.outputs = count, await run(kernel, cell.source)
                if wrong := [output for output in cell.outputs if output.output_type == "error"]:
                    raise RuntimeError(f"cell {count} of {lesson}: {wrong[0].ename}: {wrong[0].evalue}")
        finally:
            kernel.close()
        saved = {"type": "notebook", "format": "json", "content": notebook}
        await self.ask("PUT", f"{self.user}/api/contents/{lesson}", json=saved)
        return len(code)

    async def ask(self, method, path, **more):
        """The answer to a request. Raises httpx.HTTPStatusError where it is a refusal."""
        headers = {}
        if path.startswith(self.user + "/api/"):
            headers["X-XSRFToken"] = self.xsrf(self.user + "/")
        answer = await self.web.request(method, path, headers=headers, **more)
        answer.raise_for_status()
        return answer

    def xsrf(self, path):
        """The cookie against forged requests that belongs to a path."""
        return next(each.value for each in self.web.cookies.jar if each.name == "_xsrf" and each.path == path)


async def run(kernel, source):
    """The outputs of some code, run over a kernel's websocket. Returns when the kernel is idle again."""
    id, answered, idle, outputs = uuid.uuid4().hex, False, False, []
    header = {"msg_id": id, "msg_type": "execute_request", "username": "", "session": id, "date": "", "version": "5.3"}
    content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    request = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
    await kernel.write_message(json.dumps(request))
    while not (answered and idle):
        text = await kernel.read_message()
        if text is None:
            raise RuntimeError("the kernel's connection was closed")
        message = json.loads(text) if isinstance(text, str) else {}  # bytes carry a widget's buffers
        if message.get("parent_header", {}).get("msg_id") != id:
            continue
        kind = message["header"]["msg_type"]
        answered |= kind == "execute_reply"
        idle |= kind == "status" and message["content"]["execution_state"] == "idle"
        if kind in OUTPUTS:
            outputs.append(output_from_msg(nbformat.from_dict(message)))
    return outputs


async def attend(address, names):
    """{name: its Visit, or the exception that ended it}, of students who all log in at once."""
    patience = PATIENCE * (1 + len(names))
    visits = (asyncio.wait_for(Student(address, name, patience).visit(), patience) for name in names)
    return dict(zip(names, await asyncio.gather(*visits, return_exceptions=True), strict=True))


def memory(hub, name):
    """(bytes of a student's server, bytes of its kernels), what processes share being divided among them."""
    server = kernels = 0
    for process in psutil.Process(hub.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it has ended meanwhile
            if process.environ().get("JUPYTERHUB_USER") != name:
                continue
            used = process.memory_full_info()
            used = getattr(used, "pss", used.uss)
            if "ipykernel_launcher" in " ".join(process.cmdline()):
                kernels += used
            else:
                server += used
    return server, kernels


def main(students):
    """Print the figures of a class; returns an exit code."""
    with tempfile.TemporaryDirectory(prefix="hub-") as folder:
        hub = Hub(folder, free_ports(1)[0], as_root=True)
        try:
            hub.wait()
            names = [f"student{k:02}" for k in range(1, students + 1)]
            visits = asyncio.run(attend(hub.address, names))
            used = [memory(hub, name) for name in names]
        finally:
            hub.stop()
    failed = {name: visit for name, visit in visits.items() if not isinstance(visit, Visit)}
    for name, error in failed.items():
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
    if failed:
        print(f"{len(failed)} of {students} did not get through the lesson.", file=sys.stderr)
        return 1
    cells = {visit.cells for visit in visits.values()}
    print(f"{students} students at once, each runs {LESSON} ({', '.join(map(str, cells))} cells) to its end")
    print(f"{'':<34}{'median':>8}{'largest':>9}")
    rows = {
        "login to a running server, s": [visit.started for visit in visits.values()],
        "login to the end of the lesson, s": [visit.finished for visit in visits.values()],
        "memory of the server, MB": [server / 1e6 for server, _ in used],
        "memory of the kernel, MB": [kernels / 1e6 for _, kernels in used],
    }
    for what, values in rows.items():
        print(f"{what:<34}{median(values):>8.1f}{max(values):>9.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
