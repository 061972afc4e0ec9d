// Grey questions under the headings of a template. They vanish as one types and are never part of the text.
import type { Node } from "@milkdown/kit/prose/model";
import { Plugin } from "@milkdown/kit/prose/state";
import { Decoration, DecorationSet, type EditorView } from "@milkdown/kit/prose/view";
import { $prose } from "@milkdown/kit/utils";

const BEGIN = "Write here, or paste from Word or Google Docs. Type @ to name a person, a practice or an indicator.";

/** Questions by the words of their heading. */
export type Prompts = Record<string, string>;

/** The plugin that shows each question in the empty paragraph under its heading. */
export function prompts(asked: Prompts, begin: string) {
  return $prose(() => new Plugin({ props: { decorations: ({ doc }) => DecorationSet.create(doc, decorate(doc, asked, begin || BEGIN)) } }));
}

function decorate(doc: Node, asked: Prompts, begin: string): Decoration[] {
  if (doc.childCount === 1 && isEmptyParagraph(doc.firstChild)) return [prompt(0, 2, begin)];
  const found: Decoration[] = [];
  doc.forEach((node, offset, index) => {
    const question = asked[doc.maybeChild(index - 1)?.textContent.trim() ?? ""];
    const isUnderHeading = doc.maybeChild(index - 1)?.type.name === "heading";
    if (question && isUnderHeading && isEmptyParagraph(node)) found.push(prompt(offset, offset + node.nodeSize, question));
  });
  return found;
}

function prompt(from: number, to: number, question: string): Decoration {
  return Decoration.node(from, to, { class: "prompt", "data-prompt": question });
}

function isEmptyParagraph(node: Node | null): boolean {
  return node?.type.name === "paragraph" && node.content.size === 0;
}

/** Put an empty paragraph under each asked heading that has nothing under it, so that there is somewhere to write. */
export function makeRoom(view: EditorView, asked: Prompts): void {
  const { doc, schema, tr } = view.state;
  const places: number[] = [];
  doc.forEach((node, offset, index) => {
    const next = doc.maybeChild(index + 1);
    const isBare = !next || next.type.name === "heading";
    if (node.type.name === "heading" && isBare && asked[node.textContent.trim()]) places.push(offset + node.nodeSize);
  });
  const paragraph = schema.nodes["paragraph"];
  if (!paragraph || places.length === 0) return;
  for (const place of places.reverse()) tr.insert(place, paragraph.create());
  view.dispatch(tr.setMeta("addToHistory", false));
}
