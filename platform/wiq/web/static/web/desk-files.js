// Shows the name of a chosen file beside its button. Unfold's own script writes it into the first
// text field it finds, which on a form without Unfold's widget is the district's name. It passes
// over inputs that have a listener already, so every file input says that it has one.
Object.defineProperty(HTMLInputElement.prototype, "hasChangeListener", {
  configurable: true,
  get() { return this.type === "file"; },
  set() {},
});
document.addEventListener("change", ({ target }) => {
  if (target.type !== "file" || !target.id) return;
  const shown = document.querySelector(`label[for="${CSS.escape(target.id)}"] input[type=text]:disabled:not([name])`);
  if (shown) shown.value = Array.from(target.files, (file) => file.name).join(", ");
});
