// A page with several forms: a button sends its own alone. Asks before what was typed in another
// one is lost.
const acts = document.getElementById("acts");
const isChanged = (field) => {
  if (field.type === "hidden" || field.type === "submit") return false;
  if (field.type === "checkbox" || field.type === "radio") {
    return field.checked !== field.defaultChecked;
  }
  if (field.options) {
    const options = [...field.options];
    // Without a chosen option a browser shows the first one.
    const usual = options.some((option) => option.defaultSelected);
    return options.some((option, number) => option.selected
      !== (usual || field.multiple ? option.defaultSelected : number === 0));
  }
  return field.value !== field.defaultValue;
};
const holdsTyped = (form) =>
  "typed" in form.dataset || [...form.elements].some((field) => field.name && isChanged(field));
// Whoever was refused sees and hears why first.
document.querySelector("#acts [data-refused], #acts [data-typed] [aria-invalid=true]")?.focus();
document.addEventListener("submit", (event) => {
  const forms = document.querySelectorAll("#content-main form");
  const others = [...forms].filter((form) => form !== event.target && holdsTyped(form));
  if (others.length > 0 && !confirm(acts.dataset.unsaved)) event.preventDefault();
});
