// Things of a line or two.
import { announce } from "./announce";
import { all } from "./page";

function copyWords(button: HTMLButtonElement): void {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
    announce("Copied");
  });
}

/** Ticking a box sends the form, and so does a list chosen from with a pointer. With keys it does not: arrow keys pass
 * through every one of its values, and the button is one step on. */
function submitOnChange(form: HTMLFormElement): void {
  let byPointer = false;
  form.addEventListener("pointerdown", () => (byPointer = true));
  form.addEventListener("keydown", () => (byPointer = false));
  form.addEventListener("change", ({ target }) => {
    const isTicked = target instanceof HTMLInputElement && ["checkbox", "radio"].includes(target.type);
    if (isTicked || (byPointer && target instanceof HTMLSelectElement)) form.requestSubmit();
  });
}

/** Show what needs script, focus what needs attention, and wire copy, print and submit-on-change. */
export function startSmallThings(): void {
  for (const element of all("[data-needs-script]")) element.hidden = false;
  for (const element of all("[data-focus]")) element.focus();
  for (const button of all<HTMLButtonElement>("button[data-copy]")) copyWords(button);
  for (const button of all("[data-print]")) button.addEventListener("click", () => print());
  for (const form of all<HTMLFormElement>("form[data-submit-on-change]")) submitOnChange(form);
}
