// One polite live region for what changes on a page without a new page.
import { make } from "./page";

let region: HTMLElement | undefined;

/** Have `words` read out when the reader is next silent. */
export function announce(words: string): void {
  if (!region) {
    region = make("div", { class: "vh", "aria-live": "polite" });
    document.body.append(region);
  }
  const said = region;
  said.textContent = "";
  setTimeout(() => (said.textContent = words), 80); // a fresh region is only heard when it changes after being there
}
