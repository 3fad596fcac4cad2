// Forms that lead to an address: fields that say nothing are left out of it (`data-tidy`), and a choice
// sends the form it belongs to (`data-submits`).

document.addEventListener("formdata", (event) => {
  if (!(event.target as Element).matches("[data-tidy]")) return;
  for (const [name, value] of [...event.formData]) {
    if (value === "") event.formData.delete(name);
  }
});

document.addEventListener("change", (event) => {
  const field = event.target as HTMLSelectElement;
  if (field.matches("select[data-submits]")) field.form?.requestSubmit();
});
