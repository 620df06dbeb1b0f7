// SimpleBar makes a region of every box that scrolls, all of one English name: landmarks that lead
// nowhere. Such a box is none; it can still be reached and scrolled by keys.
const noRegions = () => {
  for (const box of document.querySelectorAll(".simplebar-content-wrapper[role=region]")) {
    box.removeAttribute("role");
    box.removeAttribute("aria-label");
  }
};
window.addEventListener("load", () => {
  noRegions();
  new MutationObserver(noRegions).observe(document.body, {
    subtree: true, childList: true, attributeFilter: ["role"],
  });
});
