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
// Worked out, or given up: without an answer the message is kept for somebody to look at.
let isDone = false;
widget.addEventListener("statechange", (event) => {
  isDone = ["verified", "error"].includes(event.detail.state);
  // A moment later: the widget has written its answer into the form by then.
  if (isDone && isWaiting) setTimeout(() => form.requestSubmit(), 0);
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
document.getElementById("proof-with-scripts").hidden = false;
document.getElementById("proof-without-scripts").hidden = true;
