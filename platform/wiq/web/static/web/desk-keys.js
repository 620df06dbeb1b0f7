// Single keys of the desk. They move, choose and open, and change nothing; each account can switch
// them off, and nobody who types meets them (WCAG 2.2, 2.1.4).
const dialog = document.querySelector("#keys");
const isTyping = (target) => target.closest("input:not([type=checkbox]), textarea, select");
const line = () => document.activeElement.closest(".mailbox li");
const step = (by) => {
  const links = [...document.querySelectorAll(".mailbox li > a")];
  const at = links.indexOf(line()?.querySelector(":scope > a"));
  links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
};
// What a page marks with data-key: a link is followed, a field entered, a fold opened.
const use = (marked) => {
  if (marked.matches("a")) marked.click();
  if (marked.matches("summary")) marked.parentElement.open = true;
  marked.focus();
};
const acts = {
  j: () => step(1),
  k: () => step(-1),
  x: () => line()?.querySelector("input[type=checkbox]").click(),
  "?": () => dialog.showModal(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open) return;
  if (isTyping(event.target)) return;
  const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const act = acts[event.key] ?? (marked && (() => use(marked)));
  if (!act) return;
  event.preventDefault();
  act();
});
