// Suggestions under a search box: the combobox of the ARIA practices guide, a list to choose from by hand.
// Enter with nothing chosen searches, as without script; the letters typed are never changed.
import { announce } from "./announce";
import { all, make } from "./page";

interface Option {
  label: string;
  detail: string;
  href: string;
}

interface Group {
  label: string;
  options: Option[];
}

const PAUSE = 120; // milliseconds between the last letter and the question to the server
let made = 0;

/** One search box with its list. */
class Combobox {
  readonly #input: HTMLInputElement;
  readonly #url: string;
  readonly #list: HTMLElement;
  #options: HTMLElement[] = [];
  #active = -1;
  #shown: string | undefined; // what was typed when the list was filled
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;

  constructor(input: HTMLInputElement, url: string) {
    this.#input = input;
    this.#url = url;
    const id = `suggestions-${++made}`;
    this.#list = make("div", { class: "suggestions", role: "listbox", id, "aria-label": "Suggestions", hidden: "" });
    const holder = make("div", { class: "suggesting" });
    input.replaceWith(holder);
    holder.append(input, this.#list);
    this.#dress(id);
    this.#listen();
  }

  get #isOpen(): boolean {
    return !this.#list.hidden;
  }

  #dress(id: string): void {
    this.#input.type = "text"; // a search field may not be a combobox
    this.#input.setAttribute("enterkeyhint", "search");
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
    for (const [name, value] of Object.entries(attributes)) this.#input.setAttribute(name, value);
  }

  #listen(): void {
    this.#input.addEventListener("input", () => this.#later());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("blur", () => this.#close());
    this.#input.addEventListener("click", () => this.#open());
    this.#list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    this.#list.addEventListener("click", (event) => {
      const chosen = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
      if (chosen) this.#follow(chosen);
    });
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Enter") return this.#enter(event);
    if (event.key === "Escape") return this.#escape(event);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.#isOpen && !event.altKey) this.#step(event.key === "ArrowDown" ? 1 : -1);
      else if (event.altKey && event.key === "ArrowUp") this.#close();
      else this.#open();
      return;
    }
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) this.#mark(-1);
  }

  #enter(event: KeyboardEvent): void {
    const chosen = this.#isOpen ? this.#options[this.#active] : undefined;
    if (!chosen) return this.#close(); // and the form searches
    event.preventDefault();
    this.#follow(chosen);
  }

  #escape(event: KeyboardEvent): void {
    if (!this.#isOpen && !this.#input.value) return;
    event.preventDefault();
    if (this.#isOpen) return this.#close();
    this.#input.value = "";
    this.#shown = undefined;
  }

  #step(by: number): void {
    const places = this.#options.length + 1; // the box itself is one of them
    const next = (this.#active + 1 + by + places) % places;
    this.#mark(next - 1);
  }

  #mark(index: number): void {
    this.#active = index;
    this.#options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.#options[index];
    if (option) this.#input.setAttribute("aria-activedescendant", option.id);
    else this.#input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  #follow(option: HTMLElement): void {
    this.#close();
    const href = option.dataset["href"];
    if (href) location.assign(href);
  }

  #open(): void {
    if (this.#shown === this.#input.value.trim() && this.#options.length > 0) this.#reveal();
    else void this.#ask();
  }

  #reveal(): void {
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#mark(-1);
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#request?.abort(); // its answer would come too late
    this.#mark(-1);
    this.#timer = setTimeout(() => void this.#ask(), PAUSE);
  }

  async #ask(): Promise<void> {
    const typed = this.#input.value.trim();
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    try {
      const answer = await fetch(`${this.#url}?q=${encodeURIComponent(typed)}`, {
        signal: request.signal,
        headers: { Accept: "application/json" },
      });
      const groups = answer.ok && !answer.redirected ? ((await answer.json()) as { groups: Group[] }).groups : [];
      if (!request.signal.aborted && this.#input.value.trim() === typed) this.#show(typed, groups);
    } catch {
      if (!request.signal.aborted) this.#close(); // no connection: searching goes on without suggestions
    }
  }

  #show(typed: string, groups: Group[]): void {
    this.#shown = typed;
    this.#options = [];
    this.#list.replaceChildren(...groups.map((group, index) => this.#group(group, index)));
    if (this.#options.length === 0 || document.activeElement !== this.#input) return this.#close();
    this.#reveal();
    this.#mark(-1);
    announce(this.#options.length === 1 ? "1 suggestion" : `${this.#options.length} suggestions`);
  }

  #group(group: Group, index: number): HTMLElement {
    const id = `${this.#list.id}-group-${index}`;
    const heading = make("div", { class: "suggestions-group", id, role: "presentation" }, group.label);
    return make("div", { role: "group", "aria-labelledby": id }, heading, ...group.options.map((one) => this.#option(one)));
  }

  #option(one: Option): HTMLElement {
    const id = `${this.#list.id}-${this.#options.length}`;
    const option = make("div", { role: "option", id, "aria-selected": "false", "data-href": one.href }, one.label);
    if (one.detail) option.append(make("small", {}, ` ${one.detail}`));
    this.#options.push(option);
    return option;
  }
}

/** Give every box that names an address for suggestions its list. */
export function startSuggestions(): void {
  for (const input of all<HTMLInputElement>("input[data-suggestions]")) {
    new Combobox(input, input.dataset["suggestions"] ?? "");
  }
}
