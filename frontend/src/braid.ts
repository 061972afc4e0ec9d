// Loaded on every page. Each part finds its own elements and does nothing where there are none.
import { startAutosave } from "./autosave";
import { startSuggestions } from "./combobox";
import { guardForms } from "./guard";
import { startMenus } from "./menus";
import { startPreviews } from "./preview";
import { startRelated } from "./related";
import { startRows } from "./rows";
import { startSmallThings } from "./small_things";

startSmallThings();
startMenus();
startRows();
guardForms();
startAutosave();
startPreviews();
startSuggestions();
startRelated();
