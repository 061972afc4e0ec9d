// Menus are <details>: they open without script; script closes them again.
import { all } from "./page";

function openMenus(): HTMLDetailsElement[] {
  return all<HTMLDetailsElement>("details.menu[open]");
}

function closeOthers(target: EventTarget | null): void {
  for (const menu of openMenus()) {
    if (!(target instanceof Node && menu.contains(target))) menu.open = false;
  }
}

function closeInnermost(event: KeyboardEvent): void {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const menu = openMenus().at(-1);
  if (menu) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  } else if (location.hash === "#menu") {
    location.hash = "#main";
  }
}

/** Close menus on Escape, on a click elsewhere and when the focus leaves. */
export function startMenus(): void {
  document.addEventListener("click", (event) => closeOthers(event.target));
  document.addEventListener("focusin", (event) => closeOthers(event.target));
  document.addEventListener("keydown", closeInnermost);
}
