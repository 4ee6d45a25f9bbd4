"""One notebook open in JupyterLab, driven as a reader would: open, run all, look, press keys."""

import json
from contextlib import contextmanager, suppress

from playwright.sync_api import TimeoutError

WIDTH, HEIGHT = 1280, 1000  # of the window
IN_CELL = 40  # Tab presses after which a control counts as out of reach

# What JupyterLab itself writes to the console as an error, by how it begins. None at present.
JUPYTERLAB_SAYS = ()

READY = """() => {
  const session = window.jupyterapp?.shell.currentWidget?.sessionContext;
  const kernel = session?.session?.kernel;
  return session?.isReady && kernel?.connectionStatus === 'connected' && kernel.status === 'idle'
    && !document.querySelector('.jp-Dialog');
}"""
# The promise is kept, not awaited: it never settles while a dialog is open.
RUN_ALL = """() => {
  window.courseRun = null;
  jupyterapp.commands.execute('notebook:run-all-cells').then(() => { window.courseRun = 'done'; });
}"""
ERRORS = """() => [...jupyterapp.shell.currentWidget.content.widgets].flatMap((cell, place) =>
  (cell.model.type === 'code' ? cell.model.sharedModel.getOutputs() : [])
    .filter(output => output.output_type === 'error' || output.name === 'stderr')
    .map(output => `cell ${place}: ${output.ename ?? output.name}: ${output.evalue ?? output.text}`))"""
PICTURES = """() => [...document.querySelectorAll('.jp-OutputArea-output img')].map(e => ({
  kind: e.closest('.course-exploration') ? 'live' : e.closest('.course-stored') ? 'start' : 'still',
  area: [...document.querySelectorAll('.jp-OutputArea')].indexOf(e.closest('.jp-OutputArea')),
  alt: e.alt,
  caption: e.closest('figure')?.querySelector('figcaption')?.textContent ?? '',
  visible: e.checkVisibility() && e.getBoundingClientRect().width > 0,
  drawn: e.complete && e.naturalWidth > 0,
}))"""
FOCUS_CELL = """place => {
  const notebook = jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = place;
  notebook.mode = 'command';
  notebook.activate();
  notebook.activeCell.node.focus();
}"""
# What ipywidgets lets the keyboard reach; a number beside a slider, which can be typed over, is no control of its own.
CONTROLS = """() => jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, place) =>
  [...cell.node.querySelectorAll('.course-exploration :is(.noUi-handle, select, input, textarea, button)')]
  .map((e, number) => {
    e.dataset.control = `${place}.${number}`;
    const name = e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.title || e.textContent;
    return { id: e.dataset.control, cell: place, name: name.trim() };
  }))"""
# The control that has the focus, and the picture that belongs to it.
STATE = """() => {
  const e = document.activeElement, live = e.closest('.course-exploration'), img = live?.querySelector('img');
  const outline = getComputedStyle(e), handle = e.matches('.noUi-handle'), list = e.tagName === 'SELECT';
  const now = handle ? e.getAttribute('aria-valuenow') : e.type === 'checkbox' ? String(e.checked) : e.value;
  const said = handle && e.getAttribute('aria-valuetext') || now;  // valuenow has one decimal only
  return live && {
    id: e.dataset.control, value: said, toggles: !handle && !list && e.type !== 'text', typed: e.type === 'text',
    last: handle ? Number(now) >= Number(e.getAttribute('aria-valuemax')) : list && e.selectedIndex === e.length - 1,
    outlined: outline.outlineStyle !== 'none' && parseFloat(outline.outlineWidth) > 0,
    picture: img?.src ?? '', label: img?.alt ?? '',
    caption: live.querySelector('figcaption')?.textContent ?? '',
    alert: live.querySelector('[role=alert]')?.textContent ?? '',
  };
}"""


class Lesson:
    """A notebook that JupyterLab has opened and run. `before` holds its pictures as they were before the run."""

    def __init__(self, browser, lab, path):
        self.name = path.name
        self.stored = json.loads((lab.folder / path).read_text(encoding="utf-8"))
        self.console = []
        self.page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        self.page.on("console", lambda said: self._hear(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self._hear(str(error)))
        self.page.goto(lab.link(path.as_posix()))
        self._until(READY, 60, "the notebook is open and its kernel ready")
        self.before = self.pictures()
        self.page.evaluate(RUN_ALL)
        self._until("() => window.courseRun", 120, "all cells have run")
        self._settle()

    def _hear(self, text):
        if not text.startswith(JUPYTERLAB_SAYS):
            self.console.append(text)

    def _until(self, condition, seconds, what):
        """Wait for a condition. Raises RuntimeError with what JupyterLab asks when it does not come true."""
        try:
            self.page.wait_for_function(condition, timeout=1000 * seconds)
        except TimeoutError:
            dialogs = self.page.locator(".jp-Dialog-content").all_inner_texts()
            raise RuntimeError(f"{self.name}: not within {seconds} s: {what} ({dialogs or 'no dialog'})") from None

    def _settle(self):
        """Wait until nothing has changed in the notebook for 300 ms: mathematics and widgets come late."""
        self.page.evaluate("""() => new Promise(done => {
          let timer = setTimeout(done, 300);
          new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, 300); }).observe(
            document.querySelector('.jp-Notebook'), { subtree: true, childList: true, characterData: true });
          setTimeout(done, 10000);
        })""")

    def close(self):
        """Close the page and end its kernel."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.page.close()

    def errors(self):
        """What cells raised or wrote to stderr."""
        return self.page.evaluate(ERRORS)

    def pictures(self):
        """Every image in the outputs: kind (still, start or live), alt, caption, visible, drawn."""
        return self.page.evaluate(PICTURES)

    def theme(self, name):
        """Change JupyterLab's theme: "Light" or "Dark"."""
        self.page.evaluate(
            "name => jupyterapp.commands.execute('apputils:change-theme', { theme: name })", f"JupyterLab {name}"
        )
        # A splash screen covers the page while the theme is loaded.
        self._until(
            f"() => document.body.dataset.jpThemeName === 'JupyterLab {name}' && "
            "!document.getElementById('jupyterlab-splash')",
            20,
            f"the theme is {name}",
        )

    @contextmanager
    def all_in_view(self):
        """Make the window as high as the notebook: axe checks no contrast of what is scrolled out of sight.

        Nor of anything in a body that is 0 pixels high and hides what overflows, as JupyterLab's is.
        """
        self.page.add_style_tag(content="html, body { height: 100vh !important }")
        height = self.page.evaluate("() => document.querySelector('.jp-WindowedPanel-inner').scrollHeight")
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT + height})
        self._until(f"() => document.querySelector('.jp-WindowedPanel-outer').clientHeight >= {height}", 10, "resized")
        yield
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})

    def controls(self):
        """The controls of all explorations: id, cell (its place) and name, which is the label's text."""
        return self.page.evaluate(CONTROLS)

    def keys(self, state):
        """The key that moves a control in this state to another value, and the one that leads back."""
        if state["toggles"]:
            return "Space", "Space"
        if state["typed"]:  # the field's text is selected, so that a letter takes its place
            return "x", "Control+z"
        return ("ArrowLeft", "ArrowRight") if state["last"] else ("ArrowRight", "ArrowLeft")

    def state(self):
        """The control that has the focus with its picture, or None."""
        return self.page.evaluate(STATE)

    def reach(self, control):
        """Tab from the control's cell to the control. Raises LookupError when that does not get there."""
        self.page.evaluate(FOCUS_CELL, control["cell"])
        for _ in range(IN_CELL):
            self.page.keyboard.press("Tab")
            state = self.state()
            if state and state["id"] == control["id"]:
                return state
        raise LookupError(f"{control['name']}: not reached by {IN_CELL} presses of Tab from its cell")

    def press(self, key, seconds=3):
        """Press a key and return the state once its picture has changed, or after some seconds unchanged."""
        before = self.state()
        self.page.keyboard.press(key)
        with suppress(TimeoutError):
            self.page.wait_for_function(
                """before => {
                  const live = document.activeElement.closest('.course-exploration');
                  return live && (live.querySelector('img')?.src ?? '') !== before;
                }""",
                arg=before["picture"],
                timeout=seconds * 1000,
            )
        return self.state()
