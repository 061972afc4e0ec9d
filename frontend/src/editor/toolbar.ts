// The toolbar: words with icons, one stop for Tab, arrow keys inside.
import { commandsCtx } from "@milkdown/kit/core";
import { addRowAfterCommand } from "@milkdown/kit/preset/gfm";
import type { EditorView } from "@milkdown/kit/prose/view";
import { announce } from "../announce";
import { all, make } from "../page";
import { linkForm } from "./links";
import { type Tool, tools } from "./tools";
import type { Writer } from "./writer";

const SPRITE = document.querySelector<SVGUseElement>("svg.icon use")?.getAttribute("href")?.split("#")[0];

/** An icon of the page's sprite, if the page shows any. */
function icon(name: string): SVGSVGElement | string {
  if (!SPRITE) return "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/** The bar above the page. */
export class Toolbar {
  readonly element = make("div", { class: "editor-head" });
  readonly #bar = make("div", { class: "editor-bar", role: "toolbar", "aria-label": "Formatting", "aria-orientation": "horizontal" });
  readonly #buttons = new Map<HTMLButtonElement, Tool>();
  readonly #plain: HTMLButtonElement;
  #writer: Writer | undefined;
  #isAsking = false;

  constructor(switchMode: () => void) {
    for (const tool of tools) this.#bar.append(this.#button(tool));
    this.#plain = make("button", { type: "button", class: "last", "aria-pressed": "false" }, "Plain text");
    this.#plain.addEventListener("click", switchMode);
    this.#bar.append(this.#plain);
    this.#bar.addEventListener("keydown", (event) => this.#walk(event));
    this.element.append(this.#bar);
    this.#rove(this.#shown()[0]);
  }

  /** Work for this writer, or for none when the text is plain. */
  serve(writer: Writer | undefined): void {
    this.#writer = writer;
    this.#plain.setAttribute("aria-pressed", String(!writer));
    for (const button of this.#buttons.keys()) button.hidden = !writer;
    if (writer) this.paint(writer.view);
    this.#rove(this.#shown()[0]);
  }

  /** Move the focus into the bar. */
  focus(): void {
    (this.#shown().find((button) => button.tabIndex === 0) ?? this.#plain).focus();
  }

  /** Show what the selection is, and the table's buttons when it is in a table. */
  paint(view: EditorView): void {
    if (!this.#writer) return;
    for (const [button, tool] of this.#buttons) {
      if (tool.isOn) button.setAttribute("aria-pressed", String(tool.isOn(view.state)));
      if (tool.isShown) button.hidden = !tool.isShown(view.state);
    }
    if (!this.#shown().some((button) => button.tabIndex === 0)) this.#rove(this.#shown()[0]);
  }

  #button(tool: Tool): HTMLButtonElement {
    const button = make("button", { type: "button" }, icon(tool.icon), make("span", {}, tool.words));
    if (tool.keys) button.title = `${tool.words} (${tool.keys})`;
    if (tool.begins) button.classList.add("begins");
    button.hidden = Boolean(tool.isShown);
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays where it is
    button.addEventListener("click", () => this.#use(tool));
    this.#buttons.set(button, tool);
    return button;
  }

  #use(tool: Tool): void {
    if (!this.#writer) return;
    const { view, ctx } = this.#writer;
    if (tool.act === "link") return this.#ask(view);
    const act = tool.act === "row" ? ctx.get(commandsCtx).get(addRowAfterCommand.key)() : tool.act;
    const isDone = act(view.state, view.dispatch, view);
    if (!isDone) announce(`${tool.words} does not fit here`);
    view.focus();
  }

  #ask(view: EditorView): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.element.append(linkForm(view, () => (this.#isAsking = false)));
  }

  #shown(): HTMLButtonElement[] {
    return all<HTMLButtonElement>("button", this.#bar).filter((button) => !button.hidden);
  }

  #rove(to: HTMLButtonElement | undefined): void {
    for (const button of all<HTMLButtonElement>("button", this.#bar)) button.tabIndex = button === to ? 0 : -1;
  }

  #walk(event: KeyboardEvent): void {
    const shown = this.#shown();
    const at = shown.indexOf(document.activeElement as HTMLButtonElement);
    if (event.key === "Escape") return this.#writer?.focus();
    const steps: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 };
    const step = steps[event.key];
    if (step === undefined) return;
    const next = shown[(step + shown.length) % shown.length];
    this.#rove(next);
    next?.focus();
    event.preventDefault();
  }
}
