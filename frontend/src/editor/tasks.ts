// Task boxes one can tick.
import type { Node } from "@milkdown/kit/prose/model";
import { Plugin } from "@milkdown/kit/prose/state";
import type { EditorView, NodeView } from "@milkdown/kit/prose/view";
import { $prose } from "@milkdown/kit/utils";
import { make } from "../page";

/** A list item that grows a box when it is a task. */
class TaskItem implements NodeView {
  readonly dom = make("li");
  readonly contentDOM = make("div");
  readonly #box = make("input", { type: "checkbox", "aria-label": "Done", contenteditable: "false" });

  constructor(node: Node, view: EditorView, position: () => number | undefined) {
    this.dom.append(this.contentDOM);
    this.#box.addEventListener("change", () => {
      const at = position();
      if (at !== undefined) view.dispatch(view.state.tr.setNodeAttribute(at, "checked", this.#box.checked));
    });
    this.update(node);
  }

  update(node: Node): boolean {
    if (node.type.name !== "list_item") return false;
    const checked = node.attrs["checked"] as boolean | null;
    this.dom.classList.toggle("task", checked !== null);
    if (checked === null) this.#box.remove();
    else this.dom.prepend(this.#box);
    this.#box.checked = checked === true;
    return true;
  }

  ignoreMutation(mutation: { type: string; target: globalThis.Node }): boolean {
    return mutation.target === this.#box || (mutation.type === "attributes" && mutation.target === this.dom);
  }

  stopEvent(event: Event): boolean {
    return event.target === this.#box;
  }
}

/** The plugin that draws list items. */
export const tasks = $prose(
  () => new Plugin({ props: { nodeViews: { list_item: (node, view, position) => new TaskItem(node, view, position) } } }),
);
