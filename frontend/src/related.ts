// Beside a form in which somebody writes a post: earlier posts like it, asked for when they pause.
import { all } from "./page";

const PAUSE = 1500; // milliseconds
const MOST = 1500; // characters of the text; an address has its limits

function startOne(place: HTMLElement): void {
  const title = document.querySelector<HTMLInputElement>("form[data-autosave] [name=title]");
  const form = title?.form;
  if (!title || !form) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let request: AbortController | undefined;
  let asked = "";

  const ask = async (): Promise<void> => {
    const text = String(new FormData(form).get("body") ?? "").slice(0, MOST);
    const query = new URLSearchParams({ title: title.value, text, besides: place.dataset["besides"] ?? "" }).toString();
    if (query === asked) return;
    asked = query;
    request?.abort();
    request = new AbortController();
    try {
      const answer = await fetch(`${place.dataset["related"]}?${query}`, { signal: request.signal });
      if (!answer.ok || answer.redirected) return;
      const html = (await answer.text()).trim();
      if (html && html !== place.innerHTML) place.innerHTML = html; // our own server’s words, escaped there
    } catch {
      asked = ""; // no connection, or a newer question: writing goes on
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), PAUSE);
  });
  if (title.value) void ask();
}

/** Fill every place that names an address for earlier posts. */
export function startRelated(): void {
  for (const place of all("[data-related]")) startOne(place);
}
