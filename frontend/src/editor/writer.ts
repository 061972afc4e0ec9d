// Milkdown, kept lean: no theme, no toolbar of its own, and a text that comes out as it went in.
import { Editor, defaultValueCtx, editorViewCtx, editorViewOptionsCtx, remarkStringifyOptionsCtx, rootCtx, serializerCtx } from "@milkdown/kit/core";
import type { Ctx } from "@milkdown/kit/ctx";
import { clipboard } from "@milkdown/kit/plugin/clipboard";
import { history } from "@milkdown/kit/plugin/history";
import { commonmark, remarkPreserveEmptyLinePlugin, syncHeadingIdPlugin } from "@milkdown/kit/preset/commonmark";
import { gfm } from "@milkdown/kit/preset/gfm";
import { Plugin } from "@milkdown/kit/prose/state";
import type { EditorView } from "@milkdown/kit/prose/view";
import { $prose } from "@milkdown/kit/utils";
import { mentions } from "./mentions";
import { cleanPasted } from "./paste";
import { makeRoom, prompts } from "./prompts";
import { isSameText } from "./round_trip";
import { plainHeading, plainImage } from "./schema";
import { tasks } from "./tasks";

/** What the desk wants to know. */
export interface Listener {
  changed: () => void;
  moved: (view: EditorView) => void;
  wantsToolbar: () => void;
}

/** A text open for writing. */
export interface Writer {
  /** Whether the text survives being opened and written out again. */
  readonly isFaithful: boolean;
  /** Whether somebody changed it. */
  readonly isTouched: boolean;
  readonly ctx: Ctx;
  readonly view: EditorView;
  text: () => string;
  focus: () => void;
  close: () => Promise<void>;
}

const dropped = new Set([...remarkPreserveEmptyLinePlugin, syncHeadingIdPlugin]); // "<br />" lines; ids that could clash

/** The hand the text is written in: "- " for bullets, "---" for rules. */
const WRITTEN = { bullet: "-", rule: "-", listItemIndent: "one" } as const;

/** Open the text of `textarea` for writing inside `place`. */
export async function createWriter(place: HTMLElement, textarea: HTMLTextAreaElement, listener: Listener): Promise<Writer> {
  let isTouched = false;
  const watch = $prose(
    () =>
      new Plugin({
        view: () => ({
          update: (view, before) => {
            listener.moved(view);
            if (isOpen && !view.state.doc.eq(before.doc)) {
              isTouched = true;
              listener.changed();
            }
          },
        }),
        props: { handleKeyDown: (_, event) => event.altKey && event.key === "F10" && (listener.wantsToolbar(), true) },
      }),
  );
  let isOpen = false;
  const asked = promptsOf(textarea);
  const editor = await Editor.make()
    .config((ctx) => {
      ctx.set(rootCtx, place);
      ctx.set(defaultValueCtx, textarea.value);
      ctx.update(editorViewOptionsCtx, (options) => ({ ...options, attributes: attributesOf(textarea), transformPastedHTML: cleanPasted }));
      ctx.update(remarkStringifyOptionsCtx, (options) => ({ ...options, ...WRITTEN }));
    })
    .use(commonmark.filter((plugin) => !dropped.has(plugin)))
    .use([plainImage, plainHeading].flat())
    .use(gfm)
    .use(history)
    .use(tasks)
    .use(prompts(asked, textarea.placeholder))
    .use(mentions(textarea.dataset["mentions"] ?? ""))
    .use(clipboard)
    .use(watch)
    .create();
  const ctx = editor.ctx;
  const view = ctx.get(editorViewCtx);
  const text = (): string => ctx.get(serializerCtx)(view.state.doc).replace(/\n+$/, "");
  const isFaithful = isSameText(ctx, textarea.value, text());
  makeRoom(view, asked);
  isOpen = true;
  return {
    isFaithful,
    get isTouched() {
      return isTouched;
    },
    ctx,
    view,
    text,
    focus: () => view.focus(),
    close: async () => void (await editor.destroy()),
  };
}

/** The questions to show in grey, by heading. */
function promptsOf(textarea: HTMLTextAreaElement): Record<string, string> {
  try {
    return JSON.parse(textarea.dataset["prompts"] ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}

/** What the textarea says about itself, for the page that stands in for it. */
function attributesOf(textarea: HTMLTextAreaElement): Record<string, string> {
  const attributes: Record<string, string> = {
    class: "prose",
    role: "textbox",
    "aria-multiline": "true",
    "aria-label": textarea.labels[0]?.textContent?.trim() ?? "Text",
  };
  for (const name of ["aria-describedby", "aria-invalid"]) {
    const value = textarea.getAttribute(name);
    if (value) attributes[name] = value;
  }
  return attributes;
}
