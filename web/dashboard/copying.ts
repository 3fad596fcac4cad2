// A button that copies the text of the element it names, and says so for a moment.

const COPIED_FOR = 2000;

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("button[data-copies]");
  const source = button && document.getElementById(button.dataset["copies"] ?? "");
  if (button && source) void copy(button, source);
});

async function copy(button: HTMLButtonElement, source: HTMLElement): Promise<void> {
  const text = source.textContent?.trim() ?? "";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (!copySelected(source)) return; // it stays selected, for the keyboard
  }
  const said = [...button.childNodes];
  button.replaceChildren(button.dataset["copied"] ?? "");
  button.disabled = true;
  setTimeout(() => {
    button.replaceChildren(...said);
    button.disabled = false;
  }, COPIED_FOR);
}

// Where there is no clipboard: on a page that came without TLS, from another machine.
function copySelected(source: HTMLElement): boolean {
  getSelection()?.selectAllChildren(source);
  return document.execCommand("copy");
}
