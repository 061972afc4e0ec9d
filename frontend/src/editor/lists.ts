// Bulleted, numbered and task lists: one button makes a list, the same button unmakes it, another changes its kind.
import type { Node, ResolvedPos } from "@milkdown/kit/prose/model";
import { liftListItem, wrapInList } from "@milkdown/kit/prose/schema-list";
import type { Command, EditorState, Transaction } from "@milkdown/kit/prose/state";

/** The kinds a reader can tell apart. */
export type ListKind = "bullet" | "ordered" | "task";

interface Place {
  list: Node;
  item: Node;
  at: number;
}

/** The innermost list around a position. */
function around($from: ResolvedPos): Place | undefined {
  for (let depth = $from.depth; depth > 1; depth--) {
    const item = $from.node(depth);
    if (item.type.name === "list_item") return { item, list: $from.node(depth - 1), at: $from.before(depth - 1) };
  }
  return undefined;
}

/** The kind of list that the selection is in, if it is in one. */
export function listKind(state: EditorState): ListKind | undefined {
  const place = around(state.selection.$from);
  if (!place) return undefined;
  if (place.item.attrs["checked"] !== null) return "task";
  return place.list.type.name === "ordered_list" ? "ordered" : "bullet";
}

/** Make, unmake or change a list. */
export function toggleList(kind: ListKind): Command {
  return (state, dispatch, view) => {
    const { list_item: item, bullet_list: bullet, ordered_list: ordered } = state.schema.nodes;
    const type = kind === "ordered" ? ordered : bullet;
    if (!item || !type) return false;
    if (listKind(state) === kind) return liftListItem(item)(state, dispatch);
    if (around(state.selection.$from)) {
      dispatch?.(recast(state.tr, kind));
      return true;
    }
    const wrapped = wrapInList(type)(state, dispatch);
    if (wrapped && view && dispatch) dispatch(recast(view.state.tr, kind));
    return wrapped;
  };
}

/** Give the list around the selection another kind. */
function recast(tr: Transaction, kind: ListKind): Transaction {
  const place = around(tr.selection.$from);
  const type = tr.doc.type.schema.nodes[kind === "ordered" ? "ordered_list" : "bullet_list"];
  if (!place || !type) return tr;
  tr.setNodeMarkup(place.at, type);
  place.list.forEach((item, offset, index) => {
    const attrs = {
      ...item.attrs,
      label: kind === "ordered" ? `${index + 1}.` : "•",
      listType: kind === "ordered" ? "ordered" : "bullet",
      checked: kind === "task" ? (item.attrs["checked"] ?? false) : null,
      spread: false,
    };
    tr.setNodeMarkup(place.at + 1 + offset, undefined, attrs);
  });
  return tr;
}
