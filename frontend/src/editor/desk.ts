// The desk: toolbar, page and textarea together. The textarea stays the truth that the form sends.
import { announce } from "../announce";
import { make, tellChanged } from "../page";
import { REFILLED } from "../refill";
import { Toolbar } from "./toolbar";
import { type Writer, createWriter } from "./writer";

const KEPT_PLAIN =
  "This text holds something that the editor would change, so it is shown as plain text. Nothing is lost: write on as usual.";
const NO_EDITOR = "The editor could not start, so this is plain text. Write on as usual.";
const PAUSE = 250; // milliseconds from a change to the textarea, so that typing stays quick

/** One text and its two ways of writing it. */
export class Desk {
  readonly #textarea: HTMLTextAreaElement;
  readonly #frame = make("div", { class: "desk" });
  readonly #page = make("div", { class: "editor-page" });
  readonly #notice = make("p", { class: "editor-notice", hidden: "" });
  readonly #toolbar: Toolbar;
  #writer: Writer | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(textarea: HTMLTextAreaElement) {
    this.#textarea = textarea;
    this.#toolbar = new Toolbar(() => void this.#switch());
  }

  /** Put the desk around the textarea and open the text for writing. */
  async open(): Promise<void> {
    this.#textarea.before(this.#frame);
    this.#frame.append(this.#toolbar.element, this.#notice, this.#page, this.#textarea);
    this.#textarea.addEventListener(REFILLED, () => void this.#reopen());
    this.#textarea.form?.addEventListener("formdata", (event) => {
      this.#settle();
      if (this.#textarea.name) event.formData.set(this.#textarea.name, this.#textarea.value);
    });
    this.#label()?.addEventListener("click", () => this.focus());
    await this.#openRich();
  }

  /** Put the cursor into the text. */
  focus(): void {
    if (this.#writer) this.#writer.focus();
    else this.#textarea.focus();
  }

  #label(): HTMLLabelElement | undefined {
    return [...this.#textarea.labels][0];
  }

  /** Open the text in the editor; say whether it could be. */
  async #openRich(): Promise<boolean> {
    try {
      const writer = await createWriter(this.#page, this.#textarea, {
        changed: () => this.#changed(),
        moved: (view) => this.#toolbar.paint(view),
        wantsToolbar: () => this.#toolbar.focus(),
      });
      if (!writer.isFaithful) {
        await writer.close();
        this.#openPlain(KEPT_PLAIN);
        return false;
      }
      this.#writer = writer;
    } catch (problem) {
      console.error(problem);
      this.#openPlain(NO_EDITOR);
      return false;
    }
    this.#show(true);
    return true;
  }

  #openPlain(why = ""): void {
    this.#page.replaceChildren();
    this.#notice.textContent = why;
    this.#show(false);
    if (why) announce(why);
  }

  #show(isRich: boolean): void {
    this.#frame.classList.toggle("is-plain", !isRich);
    this.#page.hidden = !isRich;
    this.#textarea.hidden = isRich;
    this.#notice.hidden = isRich || !this.#notice.textContent;
    this.#toolbar.serve(this.#writer);
  }

  async #switch(): Promise<void> {
    if (this.#writer) {
      await this.#close();
      this.#openPlain();
      this.#textarea.focus();
      announce("Plain text");
    } else {
      this.#notice.textContent = "";
      if (!(await this.#openRich())) return;
      this.focus();
      announce("Formatted text");
    }
  }

  async #reopen(): Promise<void> {
    clearTimeout(this.#timer);
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.close();
    this.#page.replaceChildren();
    await this.#openRich();
  }

  async #close(): Promise<void> {
    this.#settle();
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.close();
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#settle();
      tellChanged(this.#textarea);
    }, PAUSE);
  }

  /** Bring the textarea up to what was written; an untouched text is left to the letter. */
  #settle(): void {
    clearTimeout(this.#timer);
    if (this.#writer?.isTouched) this.#textarea.value = this.#writer.text();
  }
}
