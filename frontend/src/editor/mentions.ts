// Type @ and a few letters: people, practices and indicators, each inserted as an ordinary link.
import { Plugin } from "@milkdown/kit/prose/state";
import type { EditorView } from "@milkdown/kit/prose/view";
import { $prose } from "@milkdown/kit/utils";
import { announce } from "../announce";
import { make } from "../page";

/** What GET /mentions answers, one by one. */
interface Mention {
  label: string;
  detail: string;
  href: string;
  kind: string;
}

const AFTER_AT = /(?:^|[\s(“"'–—/])@((?:[^\s@][^@\n\ufffc]{0,40})?)$/;
const PAUSE = 120; // milliseconds between the last letter and the question to the server

/** The menu under the cursor. */
class Menu {
  readonly #list = make("ul", { class: "mention-menu", role: "listbox", id: "mention-menu", "aria-label": "Mention", hidden: "" });
  readonly #view: EditorView;
  readonly #url: string;
  #found: Mention[] = [];
  #chosen = 0;
  #asked = "";
  #dismissed: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;

  constructor(view: EditorView, url: string) {
    this.#view = view;
    this.#url = url;
    document.body.append(this.#list);
  }

  get isOpen(): boolean {
    return !this.#list.hidden;
  }

  /** Follow the cursor: ask when it stands after an @, close when it does not. */
  update(): void {
    const typed = this.#typed();
    if (typed === undefined) this.#dismissed = undefined;
    if (typed === undefined || typed === this.#dismissed) return this.close();
    if (typed === this.#asked) return;
    this.#asked = typed;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(typed), PAUSE);
  }

  /** Use the keys that a menu uses; say whether this one was. */
  key(event: KeyboardEvent): boolean {
    if (!this.isOpen) return false;
    const count = this.#found.length;
    if (event.key === "ArrowDown") this.#choose((this.#chosen + 1) % count);
    else if (event.key === "ArrowUp") this.#choose((this.#chosen + count - 1) % count);
    else if (event.key === "Enter" || event.key === "Tab") this.#insert(this.#chosen);
    else if (event.key === "Escape") this.#dismiss();
    else return false;
    return true;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#asked = "";
    this.#list.hidden = true;
    this.#view.dom.removeAttribute("aria-activedescendant");
    this.#view.dom.removeAttribute("aria-controls");
  }

  destroy(): void {
    this.close();
    this.#list.remove();
  }

  #typed(): string | undefined {
    const { $from, empty } = this.#view.state.selection;
    if (!empty || $from.parent.type.spec.code || !this.#view.hasFocus()) return undefined;
    return AFTER_AT.exec($from.parent.textBetween(0, $from.parentOffset, null, "\ufffc"))?.[1];
  }

  #dismiss(): void {
    this.#dismissed = this.#typed();
    this.close();
  }

  async #ask(typed: string): Promise<void> {
    this.#request?.abort();
    this.#request = new AbortController();
    try {
      const answer = await fetch(`${this.#url}?q=${encodeURIComponent(typed)}`, {
        signal: this.#request.signal,
        headers: { Accept: "application/json" },
      });
      const found = answer.ok && !answer.redirected ? ((await answer.json()) as Mention[]) : [];
      if (this.#typed() === typed) this.#show(found);
    } catch {
      this.#list.hidden = true; // no connection, or a newer question: writing goes on
    }
  }

  #show(found: Mention[]): void {
    this.#found = found;
    this.#list.replaceChildren(...found.map((mention, index) => this.#option(mention, index)));
    this.#list.hidden = found.length === 0;
    if (found.length === 0) return;
    this.#place();
    this.#choose(0);
    this.#view.dom.setAttribute("aria-controls", this.#list.id);
    announce(found.length === 1 ? "1 suggestion" : `${found.length} suggestions`);
  }

  #option(mention: Mention, index: number): HTMLElement {
    const option = make("li", { role: "option", id: `mention-${index}` }, mention.label, make("small", {}, mention.detail));
    option.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the text keeps the focus
      this.#insert(index);
    });
    return option;
  }

  #place(): void {
    const cursor = this.#view.coordsAtPos(this.#view.state.selection.from);
    const width = this.#list.offsetWidth;
    const left = Math.max(8, Math.min(cursor.left, document.documentElement.clientWidth - width - 8));
    const isLow = cursor.bottom + this.#list.offsetHeight > window.innerHeight - 70;
    const top = isLow ? cursor.top - this.#list.offsetHeight - 4 : cursor.bottom + 4;
    this.#list.style.left = `${left + scrollX}px`;
    this.#list.style.top = `${top + scrollY}px`;
  }

  #choose(index: number): void {
    this.#chosen = index;
    [...this.#list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    this.#list.children[index]?.scrollIntoView({ block: "nearest" });
    this.#view.dom.setAttribute("aria-activedescendant", `mention-${index}`);
  }

  #insert(index: number): void {
    const mention = this.#found[index];
    const typed = this.#typed();
    const link = this.#view.state.schema.marks["link"];
    this.close();
    if (!mention || typed === undefined || !link) return;
    const { state } = this.#view;
    const to = state.selection.from;
    const words = state.schema.text(`@${mention.label}`, [link.create({ href: mention.href })]);
    const tr = state.tr.replaceWith(to - typed.length - 1, to, [words, state.schema.text(" ")]);
    this.#view.dispatch(tr.removeStoredMark(link).scrollIntoView());
    this.#view.focus();
  }
}

/** The plugin; without an address to ask it does nothing. */
export function mentions(url: string) {
  return $prose(() => {
    let menu: Menu | undefined;
    if (!url) return new Plugin({});
    return new Plugin({
      props: {
        handleKeyDown: (_, event) => menu?.key(event) ?? false,
        handleDOMEvents: {
          blur: () => {
            menu?.close();
            return false;
          },
        },
      },
      view: (view) => {
        const made = new Menu(view, url);
        menu = made;
        return { update: () => made.update(), destroy: () => made.destroy() };
      },
    });
  });
}
