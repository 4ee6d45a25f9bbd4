"""From key press to changed picture: a benchmark, printed at the end of the run. No time can fail it."""

PRESSES = 24
WARM_UP = 4  # with the presses an even number, so that the control ends where it began

# From the key's own time stamp to the change of the document, and to the frame that first shows it.
STOPWATCH = """() => {
  const live = document.activeElement.closest('.course-exploration');
  const picture = live.querySelector('.widget-html');
  let pressed, finish;
  document.activeElement.addEventListener('keydown', event => { pressed = event.timeStamp; }, { capture: true });
  new MutationObserver(() => {
    const changed = performance.now() - pressed;
    requestAnimationFrame(() => setTimeout(() => finish?.([changed, performance.now() - pressed])));
  }).observe(picture, { childList: true, subtree: true });
  window.courseArm = () => { window.courseTime = new Promise(done => {
    finish = done;
    setTimeout(() => done(null), 5000);
  }); };
}"""


def test_key_press_to_changed_picture(lesson, times):
    for control in lesson.controls():
        state = lesson.reach(control)
        lesson.page.evaluate(STOPWATCH)
        keys = lesson.keys(state)
        samples = []
        for press in range(WARM_UP + PRESSES):
            lesson.page.evaluate("() => window.courseArm()")
            lesson.page.keyboard.press(keys[press % 2])
            samples.append(lesson.page.evaluate("() => window.courseTime"))
            assert samples[-1], f"{control['name']}: {keys[press % 2]} does not change the picture within 5 s"
        document, frame = zip(*samples[WARM_UP:], strict=True)
        assert all(0 < changed <= shown for changed, shown in zip(document, frame, strict=True))
        times.append((lesson.name.removesuffix(".ipynb"), control["name"], list(document), list(frame)))
