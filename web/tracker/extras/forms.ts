import { silent } from "../core";
import type { Extra } from "./extra";

/** Forms that are sent: which, and on which page, but nothing of what is in them. */
export const forms: Extra = (track) => {
  const listener = silent((event: SubmitEvent) => {
    const form = event.target as HTMLFormElement;
    // Not `form.id`: that may be the field of this name.
    const name = form.getAttribute("id") || form.getAttribute("name");
    track("Form: Submission", { path: location.pathname, ...(name && { form: name }) });
  });
  document.addEventListener("submit", listener, true);
};
