// Builds ../static/dist: the sheet, the scripts and the icons, each named after its own content, and manifest.json.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "static", "dist");
const keep = new Set([".stamp"]); // bootstrap.py's note of what was built from what

/** Return the first ten hex digits of the digest of `content`. */
function fingerprint(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, 10);
}

/** Bundle one entry point and return its content. */
async function bundle(entry) {
  const result = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"' },
    supported: { nesting: true },
    logLevel: "warning",
  });
  return result.outputFiles[0].contents;
}

/** Return one sprite of the icons that icons.json names. */
async function sprite() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = await Promise.all(names.map(symbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

/** Return the <symbol> of one icon; strokes take the colour of the words beside them. */
async function symbol(name) {
  const file = join(here, "node_modules", "lucide-static", "icons", `${name}.svg`);
  const source = await readFile(file, "utf8").catch(() => {
    throw new Error(`icons.json names “${name}”, which lucide-static does not have.`);
  });
  const drawing = source.slice(source.indexOf(">", source.indexOf("<svg")) + 1, source.lastIndexOf("</svg>"));
  const strokes = 'fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${strokes}>${drawing.replace(/\s+/g, " ").replaceAll("> <", "><").trim()}</symbol>`;
}

/** Write one file under its hashed name and return that name. */
async function store(name, content) {
  const dot = name.lastIndexOf(".");
  const hashed = `${name.slice(0, dot)}-${fingerprint(content)}${name.slice(dot)}`;
  await writeFile(join(dist, hashed), content);
  return hashed;
}

const made = {
  "braid.css": await bundle("css/braid.css"),
  "braid.js": await bundle("src/braid.ts"),
  "editor.js": await bundle("src/editor.ts"),
  "icons.svg": await sprite(),
};

await mkdir(dist, { recursive: true });
const manifest = {};
for (const [name, content] of Object.entries(made)) manifest[name] = await store(name, content);
await writeFile(join(dist, "manifest.json.new"), JSON.stringify(manifest, null, 2) + "\n");
await rename(join(dist, "manifest.json.new"), join(dist, "manifest.json")); // a reader never sees half of it

const current = new Set([...Object.values(manifest), "manifest.json"]);
for (const name of await readdir(dist)) {
  if (!current.has(name) && !keep.has(name)) await rm(join(dist, name), { recursive: true });
}
