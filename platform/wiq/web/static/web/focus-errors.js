// Whoever sent a form with a mistake hears and sees the list of mistakes first.
document.querySelector("#errors, #thanks")?.focus();
