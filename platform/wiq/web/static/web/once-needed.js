// Loads a larger script when somebody begins to use what it is for, and not before. What was typed
// or ticked meanwhile is told to it as one change once it is there.
const { script, for: used } = document.currentScript.dataset;
const place = document.querySelector(used);
let missed = null;
const note = (event) => { missed = event.target; };
let begun = false;
const load = () => {
  if (begun) return;
  begun = true;
  const element = document.createElement("script");
  element.src = script;
  element.onload = () => setTimeout(() => {
    for (const type of ["input", "change"]) place.removeEventListener(type, note);
    missed?.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.head.append(element);
};
for (const event of ["focusin", "pointerover", "pointerdown"]) {
  place?.addEventListener(event, load, { once: true });
}
for (const type of ["input", "change"]) place?.addEventListener(type, note);
