// What the controls of an exploration lack on the page: a slider's handle has no name for a screen reader, letters
// typed on a control reach JupyterLab, which would delete or insert cells, and nothing is said of a changed picture.

const PAUSE = 500; // ms without a change before the description is read out
const PLAY = ["Play or pause", "Stop", "Repeat"]; // its buttons show signs only
const CONTROLS = ".noUi-handle, input, select, textarea, button, [tabindex]";
const LABELLED = ":is(.widget-inline-hbox, .widget-inline-vbox):has(> .widget-label)";

function teach(box) {
  for (const control of box.querySelectorAll(CONTROLS)) {
    control.setAttribute("data-lm-suppress-shortcuts", "true");
    const label = control.closest(LABELLED)?.querySelector(".widget-label");
    // A handle, and a second field beside the one that the label is tied to, as in a choice of colours.
    if (control.matches(".noUi-handle, input, select, textarea") && !control.labels?.length)
      control.setAttribute("aria-label", label?.textContent ?? "");
  }
  for (const play of box.querySelectorAll(".widget-play"))
    play.querySelectorAll("button").forEach((button, k) => button.setAttribute("aria-label", PLAY[k]));
}

function leave(event) {
  if (event.key === "Escape") event.target.closest(".jp-Cell")?.focus();
}

function render({ el }) {
  const status = document.createElement("div");
  status.className = "course-status";
  status.setAttribute("role", "status");
  el.append(status);
  let box, timer;
  const seen = new MutationObserver(() => {
    teach(box);
    const caption = box.querySelector("figcaption")?.textContent ?? "";
    clearTimeout(timer);
    if (caption !== status.textContent) timer = setTimeout(() => (status.textContent = caption), PAUSE);
  });
  // This view is made before it is put among its neighbours.
  const found = setInterval(() => {
    box = el.closest(".course-exploration");
    if (!box) return;
    clearInterval(found);
    teach(box);
    seen.observe(box, { childList: true, subtree: true });
    box.addEventListener("keydown", leave);
  }, 20);
  return () => {
    clearInterval(found);
    clearTimeout(timer);
    seen.disconnect();
    box?.removeEventListener("keydown", leave);
  };
}

export default { render };
