// The proof of work of a form: ALTCHA's widget, its worker from our own host, our own words.
const place = document.getElementById("proof");
const form = place.closest("form");
const words = place.dataset;

globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(words.worker));
globalThis.$altcha.i18n.set(document.documentElement.lang, {
  label: words.label, verifying: words.verifying, verified: words.verified, error: words.error,
  expired: words.expired, waitAlert: words.verifying, loading: words.verifying,
  verificationRequired: words.label, verify: words.label, footer: "", ariaLinkLabel: "",
});

const widget = document.createElement("altcha-widget");
let isWaiting = false;
let isDone = false;
widget.addEventListener("statechange", (event) => {
  isDone = event.detail.state === "verified";
  if (isDone && isWaiting) form.requestSubmit();
});
form.addEventListener("submit", (event) => {
  if (isDone) return;
  event.preventDefault();
  isWaiting = true;
});
widget.setAttribute("challenge", document.getElementById("proof-task").textContent);
widget.setAttribute("auto", "onload");
widget.setAttribute("language", document.documentElement.lang);
widget.setAttribute("configuration", JSON.stringify({
  hideFooter: true, hideLogo: true, humanInteractionSignature: false, minDuration: 0,
}));
place.append(widget);
