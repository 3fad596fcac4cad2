// A menu is a `details` of the class `menu`: it closes when something in it was chosen, at a click
// elsewhere and with Escape. A link or button that says `data-opens` opens the dialog it names.

document.addEventListener("click", (event) => {
  const clicked = event.target as Element;
  for (const menu of openMenus()) {
    if (!menu.contains(clicked) || clicked.closest("a")) menu.open = false;
  }
  const opener = clicked.closest<HTMLElement>("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset["opens"] ?? "");
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    dialog.showModal();
  } else if (clicked instanceof HTMLDialogElement) {
    clicked.close(); // what was clicked is around the dialog, which covers the rest of itself
  }
});

document.addEventListener("submit", (event) => {
  for (const menu of openMenus()) {
    if (menu.contains(event.target as Element)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = openMenus().pop();
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
});

function openMenus(): HTMLDetailsElement[] {
  return [...document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")];
}
