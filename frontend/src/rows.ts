// Rows one can add and remove: decisions, commitments, measures. The server reads names such as "decisions-0-text".
import { announce } from "./announce";
import { all, button, make, tellChanged } from "./page";

const FIELDS = "input:not([type=hidden], [type=checkbox]), textarea, select";

/** One more than the highest index among the rows' names. */
function nextIndex(set: HTMLElement, name: string): number {
  const pattern = new RegExp(`^${CSS.escape(name)}-(\\d+)-`);
  const taken = all<HTMLInputElement>(".rows [name]", set).map((field) => Number(pattern.exec(field.name)?.[1] ?? -1));
  return Math.max(-1, ...taken) + 1;
}

/** Add an empty row to a set and return it. */
function addRow(set: HTMLElement): HTMLElement | undefined {
  const template = set.querySelector("template");
  const list = set.querySelector(".rows");
  const name = set.dataset["rows"];
  if (!template || !list || !name) return undefined;
  const index = nextIndex(set, name);
  const holder = make("div");
  holder.innerHTML = template.innerHTML.replaceAll("__index__", String(index)).replaceAll("__number__", String(index + 1));
  const row = holder.querySelector<HTMLElement>(".row-item");
  if (!row) return undefined;
  list.append(row);
  dress(row);
  return row;
}

/** Turn a row's "Remove" checkbox into a button, and its removal into a line with Undo. */
function dress(row: HTMLElement): void {
  const place = row.querySelector<HTMLElement>(".row-remove");
  const box = place?.querySelector<HTMLInputElement>("input[type=checkbox]");
  if (!place || !box) return;
  const gone = make("div", { class: "row-gone" }, make("span", {}, "Removed."));
  const remove = button("Remove", "button quiet small", () => setRemoved(true));
  const undo = button("Undo", "button ghost small", () => setRemoved(false));
  const label = row.getAttribute("aria-label");
  if (label) remove.append(make("span", { class: "vh" }, ` ${label}`));
  gone.append(undo);
  const setRemoved = (removed: boolean): void => {
    if (!box.checked === !removed && gone.isConnected) return;
    box.checked = removed;
    row.hidden = removed;
    gone.hidden = !removed;
    if (removed) row.after(gone);
    (removed ? undo : remove).focus();
    announce(removed ? "Removed. Undo is here." : "Put back");
    tellChanged(box);
  };
  for (const element of [...place.children]) (element as HTMLElement).hidden = true;
  place.append(remove);
  if (box.checked) {
    row.hidden = true;
    row.after(gone);
  }
}

/** Add rows until every name in `names` has its field. Used when kept text is put back. */
export function growRows(form: HTMLFormElement, names: Iterable<string>): void {
  const wanted = [...names];
  for (const set of all("[data-rows]", form)) {
    const pattern = new RegExp(`^${CSS.escape(set.dataset["rows"] ?? "")}-(\\d+)-`);
    const highest = Math.max(-1, ...wanted.map((name) => Number(pattern.exec(name)?.[1] ?? -1)));
    for (let index = nextIndex(set, set.dataset["rows"] ?? ""); index <= highest; index++) addRow(set);
  }
}

/** Dress the rows that are there and wire the buttons that add more. */
export function startRows(): void {
  for (const set of all("[data-rows]")) {
    for (const row of all(".rows > .row-item", set)) dress(row);
    set.querySelector("[data-add-row]")?.addEventListener("click", () => {
      const row = addRow(set);
      if (!row) return;
      row.querySelector<HTMLElement>(FIELDS)?.focus();
      announce(`${row.getAttribute("aria-label") ?? "Row"} added`);
      tellChanged(row);
    });
  }
}
