// The line beside the buttons: "Saved 10:42". Seen on every change, read out only when its kind changes.
import { make } from "./page";

/** What the line can say. */
export type Kind = "saved" | "saving" | "away";

/** The line of one form. */
export class SaveStatus {
  readonly #line: HTMLElement | null;
  readonly #seen = make("span", { "aria-hidden": "true" });
  readonly #heard = make("span", { class: "vh" });
  #kind: Kind | undefined;

  /** Find the form's line, inside it or anywhere on the page. */
  constructor(form: HTMLFormElement) {
    const selector = "[data-autosave-status]";
    this.#line = form.querySelector<HTMLElement>(selector) ?? document.querySelector<HTMLElement>(selector);
    this.#line?.append(this.#seen, this.#heard);
  }

  /** Show `words`; have them read out if the kind is new ("saving" never is). */
  show(kind: Kind, words: string): void {
    this.#seen.textContent = words;
    this.#line?.classList.toggle("is-away", kind === "away");
    if (kind === "saving" || kind === this.#kind) return;
    this.#kind = kind;
    this.#heard.textContent = kind === "saved" ? "Saved" : words;
  }
}
