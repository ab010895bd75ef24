"use strict";
// A number in the words leads to its cell: what is folded around it opens first.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  let fold = target.closest("details");
  while (fold) {
    fold.open = true;
    fold = fold.parentElement.closest("details");
  }
  target.scrollIntoView({ block: "center" });
}
addEventListener("hashchange", reveal);
reveal();
