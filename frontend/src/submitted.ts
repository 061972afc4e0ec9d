// A form that was sent keeps a copy of its text until the next page shows that the server took it.
import { forget } from "./kept";
import { all } from "./page";

const NAME = "braid:submitted";

/** Remember that the form of this key is on its way. */
export function markSubmitted(key: string): void {
  try {
    sessionStorage.setItem(NAME, key);
  } catch {
    // storage is switched off: there is no copy either
  }
}

/** Forget the copy if this page is the answer to a form that was taken: no error, no sign-in, not the form again. */
export function settleSubmitted(): void {
  try {
    const key = sessionStorage.getItem(NAME);
    if (key === null) return;
    sessionStorage.removeItem(NAME);
    const isBack = all<HTMLFormElement>("form[data-autosave]").some((form) => form.dataset["autosave"] === key);
    if (!isBack && wasTaken()) forget(key);
  } catch {
    // storage is switched off: there is nothing to settle
  }
}

function wasTaken(): boolean {
  const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const status = visit?.responseStatus ?? 0;
  return status < 400 && !document.querySelector("input[type=password]");
}
