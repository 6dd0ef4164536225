/* What is too wide for the page scrolls by itself; the keyboard must reach it to scroll it. */
function letKeyboardScroll() {
  const wide = "pre, .output, .pst-scrollable-table-container, .math, mjx-container";
  for (const element of document.querySelectorAll(wide)) {
    const scrolls = /auto|scroll/.test(getComputedStyle(element).overflowX);
    if (scrolls && element.scrollWidth > element.clientWidth) {
      element.tabIndex = 0;
    } else if (element.getAttribute("tabindex") === "0" && element.tagName !== "MJX-CONTAINER") {
      element.removeAttribute("tabindex");
    }
  }
}

/* The arrows of the contents have no text of their own. */
function nameArrows() {
  for (const summary of document.querySelectorAll(".bd-sidenav summary")) {
    const page = summary.closest("li").querySelector("a").textContent.trim();
    summary.setAttribute("aria-label", `Pages below ${page}`);
  }
}

document.addEventListener("DOMContentLoaded", nameArrows);
window.addEventListener("load", () => {
  const ready = window.MathJax?.startup?.promise ?? Promise.resolve();
  ready.then(() => {
    letKeyboardScroll();
    new ResizeObserver(letKeyboardScroll).observe(document.body);
  });
});
