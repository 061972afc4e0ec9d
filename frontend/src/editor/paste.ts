// What Word and Google Docs put on the clipboard, reduced to what it means: headings, lists, tables, emphasis, links.
import { make } from "../page";

const NOISE = "style, script, meta, link, title, xml, object, iframe, [data-said*='mso-list:Ignore'], [data-said*='mso-list: Ignore']";
const KEPT = new Set(["href", "src", "alt", "title", "start", "type", "checked", "align"]);
const BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote, pre";

/** Return pasted HTML without fonts, colours and office marks. */
export function cleanPasted(html: string): string {
  const page = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  const root = page.body;
  wordHeadings(root);
  wordLists(root);
  root.querySelectorAll(NOISE).forEach((element) => element.remove());
  emphasis(root);
  root.querySelectorAll("b[data-said*='font-weight:normal'], b[id^='docs-internal-guid'], span, font, div:has(> table)").forEach(unwrap);
  root.querySelectorAll("p:empty, a[name]:not([href])").forEach((element) => element.replaceWith(...element.childNodes));
  tables(root);
  root.querySelectorAll("img").forEach((image) => /^(https?:|\/)/.test(image.getAttribute("src") ?? "") || image.remove());
  root.querySelectorAll("*").forEach(strip);
  return root.innerHTML;
}

/** Styles say what is bold or a list, but our security policy stops even reading them: they become plain attributes. */
function withoutStyles(html: string): string {
  const bare = html.replace(/<style[\s\S]*?<\/style>/gi, "");
  return bare.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-said="));
}

function unwrap(element: Element): void {
  element.replaceWith(...element.childNodes);
}

function strip(element: Element): void {
  if (element.localName.includes(":")) return unwrap(element); // <o:p>
  for (const { name } of [...element.attributes]) if (!KEPT.has(name)) element.removeAttribute(name);
}

function rename(element: Element, tag: keyof HTMLElementTagNameMap): void {
  const renamed = make(tag);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}

/** Word's title and headings that are only styled paragraphs. */
function wordHeadings(root: Element): void {
  root.querySelectorAll("p.MsoTitle").forEach((title) => rename(title, "h2"));
  root.querySelectorAll("p.MsoSubtitle").forEach((title) => rename(title, "h3"));
}

/** Bold, italic and struck text that is only said in a style. */
function emphasis(root: Element): void {
  for (const span of root.querySelectorAll<HTMLElement>("span[data-said]")) {
    const style = (span.getAttribute("data-said") ?? "").replaceAll(" ", "");
    if (/font-weight:(bold|[6-9]00)/.test(style) && !span.closest("h1, h2, h3, h4, h5, h6, th")) wrapInside(span, "strong");
    if (/font-style:italic/.test(style)) wrapInside(span, "em");
    if (/text-decoration[^;]*line-through/.test(style)) wrapInside(span, "del");
  }
}

function wrapInside(element: Element, tag: "strong" | "em" | "del"): void {
  if (!element.textContent?.trim() || element.querySelector(BLOCKS)) return;
  const wrapper = make(tag);
  wrapper.append(...element.childNodes);
  element.append(wrapper);
}

/** Word's lists are paragraphs that say "mso-list:l0 level2 lfo1" and show a bullet of their own. */
function wordLists(root: Element): void {
  let open: { list: HTMLElement; level: number }[] = [];
  for (const paragraph of [...root.querySelectorAll<HTMLElement>("p[data-said*='mso-list']")]) {
    const level = Number(/level(\d+)/.exec(paragraph.getAttribute("data-said") ?? "")?.[1] ?? 1);
    const sign = paragraph.querySelector("[data-said*='mso-list:Ignore'], [data-said*='mso-list: Ignore']")?.textContent ?? "";
    const tag = /^\s*(\d+|[a-z]{1,4})[.)]/i.test(sign) ? "ol" : "ul";
    if (open[0] && open[0].list !== paragraph.previousElementSibling) open = [];
    while (open.length > 0 && (open.at(-1)?.level ?? 0) > level) open.pop();
    let top = open.at(-1);
    if (!top || top.level < level) {
      const list = make(tag);
      const parentItem = top?.list.lastElementChild;
      if (parentItem) parentItem.append(list);
      else paragraph.before(list);
      top = { list, level };
      open.push(top);
    }
    const item = make("li");
    item.append(...paragraph.childNodes);
    top.list.append(item);
    paragraph.remove();
  }
}

/** Cells across several rows or columns cannot be kept: they become one cell, and the rest stays empty. */
function tables(root: Element): void {
  for (const cell of root.querySelectorAll<HTMLTableCellElement>("td[colspan], th[colspan]")) {
    const missing = Math.min(cell.colSpan, 30) - 1;
    for (let count = 0; count < missing; count++) cell.after(make(cell.localName === "th" ? "th" : "td"));
  }
  root.querySelectorAll("colgroup, caption").forEach((element) => element.remove());
}
