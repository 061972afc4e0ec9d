// Does a text say the same after the editor has read it and written it out again?
import { remarkCtx } from "@milkdown/kit/core";
import type { Ctx } from "@milkdown/kit/ctx";

/** A piece of a parsed text; of its properties only those count that a reader could notice. */
interface Piece {
  type: string;
  children?: Piece[];
  [property: string]: unknown;
}

const UNNOTICED = new Set(["position", "marker", "data", "label", "spread", "identifier", "referenceType", "isInline"]);

/** Whether `before` and `after` mean the same to a reader. */
export function isSameText(ctx: Ctx, before: string, after: string): boolean {
  return meaning(ctx, before) === meaning(ctx, after) && !hasUnusedDefinition(ctx, before);
}

/** Whether `[name]: address` stands there without being used: reading would drop it without a trace. */
function hasUnusedDefinition(ctx: Ctx, text: string): boolean {
  const used = new Set<unknown>();
  const defined = new Set<unknown>();
  const visit = (piece: Piece): void => {
    if (piece.type === "definition") defined.add(piece["identifier"]);
    else if (piece.type === "linkReference" || piece.type === "imageReference") used.add(piece["identifier"]);
    piece.children?.forEach(visit);
  };
  visit(ctx.get(remarkCtx).parse(text) as unknown as Piece);
  return [...defined].some((name) => !used.has(name));
}

function meaning(ctx: Ctx, text: string): string {
  const remark = ctx.get(remarkCtx);
  const tree = remark.runSync(remark.parse(text), text) as unknown as Piece;
  return JSON.stringify(essence(tree));
}

function essence(piece: Piece): unknown {
  const kept = Object.entries(piece).filter(([name, value]) => !UNNOTICED.has(name) && value !== null && value !== "" && name !== "children");
  const facts = Object.fromEntries(kept.sort(([one], [other]) => one.localeCompare(other)));
  if (typeof facts["value"] === "string") facts["value"] = facts["value"].replace(/[ \t]*\n[ \t]*/g, "\n");
  return { ...facts, children: joined(piece.children ?? []).map(essence) };
}

/** Neighbouring pieces of text count as one. */
function joined(pieces: Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (piece.type === "text" && last?.type === "text") result[result.length - 1] = { ...last, value: `${String(last["value"])}${String(piece["value"])}` };
    else if (!(piece.type === "paragraph" && !piece.children?.length)) result.push(piece);
  }
  return result;
}
