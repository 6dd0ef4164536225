/* What is too wide for the page scrolls by itself; the keyboard must reach it to scroll it. */
function letKeyboardScroll() {
  const wide = "pre, .output, .pst-scrollable-table-container, div.math, mjx-container";
  for (const element of document.querySelectorAll(wide)) {
    const scrolls = /auto|scroll/.test(getComputedStyle(element).overflowX);
    if (scrolls && element.scrollWidth > element.clientWidth) {
      element.tabIndex = 0;
    } else if (element.getAttribute("tabindex") === "0" && element.tagName !== "MJX-CONTAINER") {
      element.removeAttribute("tabindex");
    }
  }
}

window.addEventListener("load", () => {
  const ready = window.MathJax?.startup?.promise ?? Promise.resolve();
  ready.then(() => {
    letKeyboardScroll();
    new ResizeObserver(letKeyboardScroll).observe(document.body);
  });
});
