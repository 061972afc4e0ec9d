// Finding and making elements, in few words.

/** All elements under `root` that match. */
export function all<E extends HTMLElement>(selector: string, root: ParentNode = document): E[] {
  return [...root.querySelectorAll<E>(selector)];
}

/** A new element with its attributes and its children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A button that is not a submit button. */
export function button(words: string, classes: string, act: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", class: classes }, words);
  made.addEventListener("click", act);
  return made;
}

/** Say that a field changed, as if it had been typed. */
export function tellChanged(element: Element): void {
  element.dispatchEvent(new Event("input", { bubbles: true }));
}
