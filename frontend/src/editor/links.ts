// Links: the small form that asks where to, and the change it makes.
import type { EditorState, Transaction } from "@milkdown/kit/prose/state";
import type { EditorView } from "@milkdown/kit/prose/view";
import { button, make } from "../page";

/** The address of the link at the selection, or "". */
export function linkAt(state: EditorState): string {
  const { from, to, empty, $from } = state.selection;
  const type = state.schema.marks["link"];
  if (!type) return "";
  if (empty) return String(type.isInSet($from.marks())?.attrs["href"] ?? "");
  let found = "";
  state.doc.nodesBetween(from, to, (node) => {
    found ||= String(type.isInSet(node.marks)?.attrs["href"] ?? "");
  });
  return found;
}

/** What somebody typed as an address a browser understands; "" if it is none. */
export function address(typed: string): string {
  const text = typed.trim();
  if (/^(https?:\/\/|mailto:|\/(?!\/)|#)/i.test(text)) return text;
  if (/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(text)) return `mailto:${text}`;
  if (/^[\w-]+(\.[\w-]+)+([/?#]\S*)?$/.test(text)) return `https://${text}`;
  return "";
}

/** The range of the link around an empty selection, or the selection itself. */
function range(state: EditorState): { from: number; to: number } {
  const { from, to, empty, $from } = state.selection;
  const type = state.schema.marks["link"];
  const mark = empty && type?.isInSet($from.marks());
  if (!mark) return { from, to };
  let start = $from.start();
  let found = { from, to };
  $from.parent.forEach((node) => {
    if (mark.isInSet(node.marks) && start <= from && from <= start + node.nodeSize) found = { from: start, to: start + node.nodeSize };
    start += node.nodeSize;
  });
  return found;
}

function linked(state: EditorState, href: string): Transaction {
  const type = state.schema.marks["link"];
  const { from, to } = range(state);
  if (!type) return state.tr;
  if (!href) return state.tr.removeMark(from, to, type);
  const mark = type.create({ href });
  if (from === to) return state.tr.insert(from, state.schema.text(href, [mark])).removeStoredMark(type);
  return state.tr.removeMark(from, to, type).addMark(from, to, mark);
}

/** Ask for an address under the toolbar; call `done` when the form has gone. */
export function linkForm(view: EditorView, done: () => void): HTMLElement {
  const input = make("input", { type: "text", inputmode: "url", autocomplete: "off" });
  const label = make("label", {}, "Address of the page", input);
  const problem = make("p", { class: "problem", hidden: "", role: "alert" }, "That does not look like an address. Try one that begins with https://");
  const current = linkAt(view.state);
  input.value = current;
  const close = (): void => {
    form.remove();
    done();
    view.focus();
  };
  const set = (href: string): void => {
    view.dispatch(linked(view.state, href));
    close();
  };
  const add = (): void => {
    const href = address(input.value);
    if (href) return set(href);
    problem.hidden = false;
    input.focus();
  };
  const form = make("div", { class: "editor-link", role: "group", "aria-label": "Link" }, label, button(current ? "Change the link" : "Add the link", "button small", add));
  if (current) form.append(button("Remove the link", "button ghost small", () => set("")));
  form.append(button("Cancel", "button quiet small", close), problem);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === input) add();
    else return;
    event.preventDefault(); // Enter would send the form around
  });
  setTimeout(() => input.focus());
  return form;
}
