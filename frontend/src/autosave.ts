// Drafts go to the server while one types. What cannot be sent is kept on this device and sent when it can be.
import { announce } from "./announce";
import { clock, type Fields, fieldsOf, forget, keep, type Kept, recall } from "./kept";
import { all, button, make } from "./page";
import { refill } from "./refill";
import { SaveStatus } from "./save_status";
import { markSubmitted, settleSubmitted } from "./submitted";

const QUIET = 1200; // milliseconds without typing, then it is sent
const LONGEST = 2500; // and no later than this after the first unsent change
const RETRIES = [2000, 4000, 8000, 15_000, 30_000];
const KEEPALIVE_LIMIT = 60_000; // browsers refuse more than 64 kB once the page is going

/** One form that saves itself. */
class Autosave {
  readonly #form: HTMLFormElement;
  readonly #url: string;
  readonly #status: SaveStatus;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unsentSince = 0;
  #failures = 0;
  #isSending = false;
  #isLeaving = false;

  constructor(form: HTMLFormElement, url: string) {
    this.#form = form;
    this.#url = url;
    this.#status = new SaveStatus(form);
  }

  /** Begin to listen. */
  start(): void {
    this.#offerKept();
    this.#form.addEventListener("input", () => this.#changed());
    this.#form.addEventListener("change", () => this.#changed());
    this.#form.addEventListener("submit", () => this.#submitted());
    addEventListener("online", () => this.#unsentSince && void this.#send());
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.#leave());
  }

  #changed(): void {
    this.#isLeaving = false;
    this.#unsentSince ||= Date.now();
    if (this.#failures > 0) keep(this.#url, fieldsOf(this.#form));
    else this.#schedule(Math.max(0, Math.min(QUIET, this.#unsentSince + LONGEST - Date.now())));
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), delay);
  }

  #submitted(): void {
    clearTimeout(this.#timer);
    this.#isLeaving = true; // the answer to the form decides now; keep a copy in case none comes
    if (!this.#unsentSince) return;
    keep(this.#url, fieldsOf(this.#form));
    markSubmitted(this.#url);
  }

  #leave(): void {
    if (!this.#unsentSince || this.#isLeaving) return;
    keep(this.#url, fieldsOf(this.#form));
    void this.#send(true);
  }

  async #send(isLast = false): Promise<void> {
    if (this.#isSending && !isLast) return this.#schedule(300);
    clearTimeout(this.#timer);
    const since = this.#unsentSince;
    this.#unsentSince = 0;
    this.#isSending = true;
    const fields = fieldsOf(this.#form);
    if (this.#failures === 0) this.#status.show("saving", "Saving…");
    try {
      this.#saved(await post(this.#url, this.#body(fields), isLast));
    } catch (problem) {
      this.#unsentSince = since || Date.now();
      this.#failed(fields, problem instanceof Refused ? problem.message : "Not connected");
    } finally {
      this.#isSending = false;
    }
  }

  #body(fields: Fields): URLSearchParams {
    const token = this.#form.querySelector<HTMLInputElement>("input[name=csrf_token]");
    return new URLSearchParams(token ? [["csrf_token", token.value], ...fields] : fields);
  }

  #saved(time: string): void {
    this.#failures = 0;
    this.#status.show("saved", `Saved ${time}`);
    if (!this.#unsentSince) forget(this.#url);
  }

  #failed(fields: Fields, why: string): void {
    const isKept = keep(this.#url, fields);
    const place = isKept ? "kept on this device" : "copy your text somewhere safe";
    this.#status.show("away", `${why}: ${place}`);
    this.#schedule(RETRIES[Math.min(this.#failures, RETRIES.length - 1)] ?? 30_000);
    this.#failures += 1;
  }

  #offerKept(): void {
    const kept = recall(this.#url);
    if (!kept) return;
    const savedAt = Date.parse(this.#form.dataset["autosavedAt"] ?? "");
    if (kept.at < savedAt || isSame(this.#typed(kept.fields), this.#typed(fieldsOf(this.#form)))) return forget(this.#url);
    this.#form.prepend(this.#offer(kept));
  }

  /** The fields somebody typed or chose: hidden ones belong to the page. */
  #typed(fields: Fields): Fields {
    const hidden = new Set(all<HTMLInputElement>("input[type=hidden]", this.#form).map((field) => field.name));
    return fields.filter(([name]) => !hidden.has(name));
  }

  #offer(kept: Kept): HTMLElement {
    const words = make("p", {}, `Text kept on this device from ${clock(kept.at)} did not reach Braid.`);
    const close = (said: string): void => {
      notice.remove();
      forget(this.#url);
      announce(said);
      this.#form.querySelector<HTMLElement>("input:not([type=hidden]), textarea")?.focus();
    };
    const putBack = button("Put it back", "button ghost small", () => {
      refill(this.#form, kept.fields);
      close("Your text is back");
    });
    const throwAway = button("Throw it away", "button quiet small", () => close("Thrown away"));
    const choices = make("div", { class: "row" }, putBack, throwAway);
    const notice = make("div", { class: "notice warning", role: "region", "aria-label": "Kept text" }, make("div", { class: "row spread" }, words, choices));
    return notice;
  }
}

/** The server answered, and said no; the message says why. */
class Refused extends Error {}

/** Send fields and return the time that the server says it saved them at. */
async function post(url: string, body: URLSearchParams, isLast: boolean): Promise<string> {
  const keepalive = isLast && body.toString().length < KEEPALIVE_LIMIT;
  const answer = await fetch(url, { method: "POST", body, keepalive, headers: { Accept: "application/json" } });
  if (answer.redirected || answer.status === 401 || answer.status === 403) throw new Refused("You are signed out");
  if (answer.status === 413) throw new Refused("This is longer than Braid can save");
  if (!answer.ok) throw new Error(String(answer.status));
  return ((await answer.json()) as { saved: string }).saved;
}

/** Whether two sets of fields say the same; line ends differ between a page and what was typed. */
function isSame(one: Fields, other: Fields): boolean {
  const words = (fields: Fields): string => JSON.stringify(fields).replaceAll("\\r\\n", "\\n");
  return words(one) === words(other);
}

/** Start every form with data-autosave. */
export function startAutosave(): void {
  settleSubmitted();
  for (const form of all<HTMLFormElement>("form[data-autosave]")) {
    new Autosave(form, form.dataset["autosave"] ?? "").start();
  }
}
