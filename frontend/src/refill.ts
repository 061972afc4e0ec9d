// Puts kept fields back into a form.
import type { Fields } from "./kept";
import { tellChanged } from "./page";
import { growRows } from "./rows";

/** Told to a text box whose value was replaced, so that the editor shows the new text. */
export const REFILLED = "braid:refilled";

function fill(element: Element, values: string[]): void {
  if (element instanceof HTMLInputElement && ["checkbox", "radio"].includes(element.type)) {
    element.checked = values.includes(element.value);
  } else if (element instanceof HTMLSelectElement) {
    for (const option of element.options) option.selected = values.includes(option.value);
  } else if (element instanceof HTMLInputElement && ["hidden", "file", "submit"].includes(element.type)) {
    return; // hidden fields say which version the page was made from: they are the page's own
  } else if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    element.value = values.shift() ?? "";
    element.dispatchEvent(new CustomEvent(REFILLED));
  }
}

/** Put `fields` back, adding rows where there are too few. */
export function refill(form: HTMLFormElement, fields: Fields): void {
  const byName = new Map<string, string[]>();
  for (const [name, value] of fields) byName.set(name, [...(byName.get(name) ?? []), value]);
  growRows(form, byName.keys());
  for (const element of form.elements) {
    const name = element.getAttribute("name");
    if (name && name !== "csrf_token") fill(element, byName.get(name) ?? []);
  }
  tellChanged(form);
}
