// Asks before one leaves a form with unsent text. Forms that save themselves need no guard.
import { all } from "./page";

/** Guard every form with data-guard. */
export function guardForms(): void {
  const changed = new Set<HTMLFormElement>();
  for (const form of all<HTMLFormElement>("form[data-guard]")) {
    form.addEventListener("input", () => changed.add(form));
    form.addEventListener("submit", () => changed.delete(form));
  }
  addEventListener("beforeunload", (event) => {
    if (changed.size > 0) event.preventDefault();
  });
}
