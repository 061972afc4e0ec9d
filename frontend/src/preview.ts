// Shows the text as others will read it, rendered and made safe by the server.
import { announce } from "./announce";
import { all } from "./page";

const SORRY = "The preview could not be made just now. Your text is still here. Try again in a moment.";

async function rendered(button: HTMLButtonElement): Promise<string> {
  const form = button.form;
  const text = document.getElementById(button.dataset["previewOf"] ?? "");
  const typed = form ? new FormData(form) : new FormData(); // asks the editor for what was typed last
  const body = new FormData();
  body.set("csrf_token", String(typed.get("csrf_token") ?? ""));
  body.set("text", text instanceof HTMLTextAreaElement ? text.value : "");
  const answer = await fetch(button.dataset["preview"] ?? "", { method: "POST", body });
  const isSentence = answer.status === 422; // says why such a text could not be saved either
  if (!(answer.ok || isSentence) || answer.redirected) throw new Error(String(answer.status));
  return answer.text();
}

async function show(button: HTMLButtonElement, pane: HTMLElement): Promise<void> {
  try {
    pane.innerHTML = await rendered(button);
    announce("Preview ready");
  } catch {
    pane.textContent = SORRY;
  }
  pane.hidden = false;
  pane.focus();
}

/** Wire every button with data-preview to the pane beside it. */
export function startPreviews(): void {
  for (const button of all<HTMLButtonElement>("button[data-preview]")) {
    const near = button.closest(".preview") ?? document;
    const pane = near.querySelector<HTMLElement>("[data-preview-pane]");
    if (pane) button.addEventListener("click", () => void show(button, pane));
  }
}
