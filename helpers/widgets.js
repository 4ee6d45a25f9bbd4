// The page's side of explore(): the browser's own controls, and the picture that Python draws for their values.

const PAUSE = 500; // ms without a change before the description is read out

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function slider({ low, high, step }, value) {
  const input = element("input", { type: "range", min: low, max: high, step });
  input.value = value; // after its limits, or the browser would cut it to 0..100
  return input;
}

function choice({ options }, value) {
  const select = element("select", {}, ...options.map((text) => element("option", { value: text }, text)));
  select.value = value;
  return select;
}

function row(name, control, model) {
  const isChoice = "options" in control;
  const input = (isChoice ? choice : slider)(control, model.get("values")[name]);
  // The arrow keys are the control's: JupyterLab would move to another cell.
  input.setAttribute("data-lm-suppress-shortcuts", "true");
  // The slider itself tells its value to a screen reader.
  const shown = element("span", { className: "course-value", ariaHidden: "true" });
  const show = () => (shown.textContent = isChoice ? "" : input.value.replace("-", "\u2212"));
  show();
  input.addEventListener("input", () => {
    show();
    const value = isChoice ? input.value : input.valueAsNumber;
    // While Python is drawing, the widget manager keeps back all but the latest values.
    model.set("values", { ...model.get("values"), [name]: value });
    model.save_changes();
  });
  return element("label", {}, element("span", {}, control.label), input, shown);
}

function render({ model, el }) {
  const rows = Object.entries(model.get("controls")).map(([name, control]) => row(name, control, model));
  const controls = element("div", { className: "course-controls" }, ...rows);
  const picture = element("div", { className: "course-picture" });
  const status = element("div", { className: "course-status", role: "status" });
  let timer;
  const draw = () => (picture.innerHTML = model.get("picture"));
  const redraw = () => {
    draw();
    clearTimeout(timer);
    timer = setTimeout(() => (status.textContent = picture.querySelector("figcaption")?.textContent ?? ""), PAUSE);
  };
  draw();
  model.on("change:picture", redraw);
  el.append(element("div", { className: "course-live" }, controls, picture, status));
  return () => {
    clearTimeout(timer);
    model.off("change:picture", redraw);
  };
}

export default { render };
