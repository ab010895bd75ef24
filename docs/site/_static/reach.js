// Whoever has no mouse can scroll only what takes the focus: what is wider than its place does.
function reach() {
  for (const each of document.querySelectorAll("pre, .table-wrapper, .cell_output, .container")) {
    if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
    else each.removeAttribute("tabindex");
  }
}
addEventListener("load", reach);
addEventListener("resize", reach);
