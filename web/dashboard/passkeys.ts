// A form that makes a passkey (`data-passkey="create"`) or asks for one (`"get"`), with the options of
// `data-options`, and sends what the browser says of it as `answer`. Where there are no passkeys it
// stays hidden, and what stands in its place (`data-no-passkeys`) is shown.

const CAN = "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
  form.hidden = !CAN;
}
if (CAN) {
  for (const note of document.querySelectorAll<HTMLElement>("[data-no-passkeys]")) note.hidden = true;
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const answer = form.elements.namedItem("answer");
  if (!form.dataset["passkey"] || !(answer instanceof HTMLInputElement) || answer.value) return;
  event.preventDefault();
  void ask(form, answer);
});

async function ask(form: HTMLFormElement, answer: HTMLInputElement): Promise<void> {
  const failed = form.querySelector<HTMLElement>("[data-failed]");
  const button = form.querySelector<HTMLButtonElement>("button");
  if (button) button.disabled = true;
  if (failed) failed.hidden = true;
  try {
    const credential = await credentialOf(form, JSON.parse(form.dataset["options"] ?? "{}"));
    answer.value = JSON.stringify(credential);
    form.submit();
  } catch {
    if (failed) failed.hidden = false; // nobody touched it, or it is not for this host
    if (button) button.disabled = false;
  }
}

async function credentialOf(form: HTMLFormElement, options: unknown): Promise<unknown> {
  if (form.dataset["passkey"] === "create") {
    const made = options as PublicKeyCredentialCreationOptionsJSON;
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(made);
    return navigator.credentials.create({ publicKey });
  }
  const asked = options as PublicKeyCredentialRequestOptionsJSON;
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
  return navigator.credentials.get({ publicKey });
}
