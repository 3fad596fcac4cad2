// A key does what a click on the element with that `data-key` does, or puts the focus into it if it is a
// field. The checkbox `data-shortcuts` turns that off, in this browser.

const STORED = "leadline.shortcuts";
const FIELDS = "input, select, textarea, [contenteditable]";
const SCROLLS = "[tabindex='0']"; // arrow keys are its own

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.isComposing || document.querySelector("dialog:modal") || areOff()) return;
  const target = event.target as Element;
  if (target.closest(event.key.startsWith("Arrow") ? `${FIELDS}, ${SCROLLS}` : FIELDS)) return;
  const element = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
  if (!element) return;
  event.preventDefault();
  if (element.matches(`${FIELDS}, summary`)) element.focus();
  if (!element.matches(FIELDS)) element.click();
});

document.addEventListener("change", (event) => {
  const box = event.target as HTMLInputElement;
  if (!box.matches("[data-shortcuts]")) return;
  try {
    localStorage.setItem(STORED, box.checked ? "on" : "off");
  } catch {
    box.checked = true; // nothing can be kept here
  }
});

for (const box of document.querySelectorAll<HTMLInputElement>("[data-shortcuts]")) {
  box.checked = !areOff();
}

function areOff(): boolean {
  try {
    return localStorage.getItem(STORED) === "off";
  } catch {
    return false;
  }
}
