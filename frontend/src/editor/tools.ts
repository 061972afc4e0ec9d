// What the toolbar offers, in its order.
import { addColumnAfter, deleteColumn, deleteRow, isInTable } from "@milkdown/kit/prose/tables";
import { lift, setBlockType, toggleMark, wrapIn } from "@milkdown/kit/prose/commands";
import { redo, undo } from "@milkdown/kit/prose/history";
import { type Command, type EditorState, Selection } from "@milkdown/kit/prose/state";
import { linkAt } from "./links";
import { listKind, toggleList } from "./lists";

/** One button. */
export interface Tool {
  words: string;
  icon: string;
  act: Command | "link" | "row";
  /** The keys that do the same. */
  keys?: string;
  /** Whether it begins a group. */
  begins?: boolean;
  /** Whether the selection already is that. */
  isOn?: (state: EditorState) => boolean;
  /** Whether there is a place for it; always, when it does not say. */
  isShown?: (state: EditorState) => boolean;
}

function headingLevel(state: EditorState): number {
  const { parent } = state.selection.$from;
  return parent.type.name === "heading" ? Number(parent.attrs["level"]) : 0;
}

/** A heading of that level, or text again if it is one. */
function heading(level: number): Command {
  return (state, dispatch) => {
    const { heading, paragraph } = state.schema.nodes;
    if (!heading || !paragraph) return false;
    const isOne = headingLevel(state) === level;
    return isOne ? setBlockType(paragraph)(state, dispatch) : setBlockType(heading, { level })(state, dispatch);
  };
}

function mark(name: string): Command {
  return (state, dispatch) => {
    const type = state.schema.marks[name];
    return type ? toggleMark(type)(state, dispatch) : false;
  };
}

function hasMark(name: string): (state: EditorState) => boolean {
  return (state) => {
    const type = state.schema.marks[name];
    const { from, to, empty, $from } = state.selection;
    if (!type) return false;
    if (empty) return Boolean(type.isInSet(state.storedMarks ?? $from.marks()));
    return state.doc.rangeHasMark(from, to, type);
  };
}

function isInside(state: EditorState, name: string): boolean {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type.name === name) return true;
  return false;
}

const quote: Command = (state, dispatch) => {
  const type = state.schema.nodes["blockquote"];
  if (!type) return false;
  return isInside(state, "blockquote") ? lift(state, dispatch) : wrapIn(type)(state, dispatch);
};

/** A table of three columns, a row of headings and two of cells; the cursor goes into its first cell. */
const insertTable: Command = (state, dispatch) => {
  const { table, table_header_row: top, table_header: th, table_row: row, table_cell: td, paragraph } = state.schema.nodes;
  if (!table || !top || !th || !row || !td || !paragraph || isInTable(state)) return false;
  const cells = (type: typeof th) => [0, 1, 2].map(() => type.create(null, paragraph.create()));
  const made = table.create(null, [top.create(null, cells(th)), row.create(null, cells(td)), row.create(null, cells(td))]);
  const tr = state.tr.replaceSelectionWith(made);
  const first = Selection.findFrom(tr.doc.resolve(tr.mapping.map(state.selection.from, -1)), 1, true);
  dispatch?.((first ? tr.setSelection(first) : tr).scrollIntoView());
  return true;
};

const hasBodyRows = (state: EditorState): boolean => isInTable(state) && isInside(state, "table_row");

/** The toolbar's buttons. */
export const tools: Tool[] = [
  { words: "Heading", icon: "heading-2", act: heading(2), keys: "Ctrl+Alt+2", isOn: (state) => headingLevel(state) === 2 },
  { words: "Subheading", icon: "heading-3", act: heading(3), keys: "Ctrl+Alt+3", isOn: (state) => headingLevel(state) === 3 },
  { words: "Bold", icon: "bold", act: mark("strong"), keys: "Ctrl+B", begins: true, isOn: hasMark("strong") },
  { words: "Italic", icon: "italic", act: mark("emphasis"), keys: "Ctrl+I", isOn: hasMark("emphasis") },
  { words: "Link", icon: "link", act: "link", isOn: (state) => linkAt(state) !== "" },
  { words: "Bulleted list", icon: "list", act: toggleList("bullet"), begins: true, isOn: (state) => listKind(state) === "bullet" },
  { words: "Numbered list", icon: "list-ordered", act: toggleList("ordered"), isOn: (state) => listKind(state) === "ordered" },
  { words: "Task list", icon: "list-todo", act: toggleList("task"), isOn: (state) => listKind(state) === "task" },
  { words: "Quote", icon: "quote", act: quote, begins: true, isOn: (state) => isInside(state, "blockquote") },
  { words: "Table", icon: "table", act: insertTable, isOn: isInTable },
  { words: "Add row", icon: "plus", act: "row", isShown: isInTable },
  { words: "Add column", icon: "plus", act: addColumnAfter, isShown: isInTable },
  { words: "Delete row", icon: "minus", act: deleteRow, isShown: hasBodyRows },
  { words: "Delete column", icon: "minus", act: deleteColumn, isShown: isInTable },
  { words: "Undo", icon: "undo-2", act: undo, keys: "Ctrl+Z", begins: true },
  { words: "Redo", icon: "redo-2", act: redo, keys: "Ctrl+Y" },
];
