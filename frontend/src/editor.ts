// Loaded only where one writes. Turns each textarea[data-editor] into a word processor; without it the textarea works.
import { Desk } from "./editor/desk";
import { all } from "./page";

for (const textarea of all<HTMLTextAreaElement>("textarea[data-editor]")) {
  void new Desk(textarea).open();
}
