// Two corrections to Milkdown's schema.
import { headingSchema, imageSchema } from "@milkdown/kit/preset/commonmark";

/** An image without a title: Milkdown's own gives up on it and empties the whole text. */
export const plainImage = imageSchema.extendSchema((previous) => (ctx) => ({
  ...previous(ctx),
  parseMarkdown: {
    match: ({ type }) => type === "image",
    runner: (state, node, type) => {
      const { url, alt, title } = node as { url?: string; alt?: string; title?: string };
      state.addNode(type, { src: url ?? "", alt: alt ?? "", title: title ?? "" });
    },
  },
}));

/** A heading without an id, which could clash with an id of the page around it. */
export const plainHeading = headingSchema.extendSchema((previous) => (ctx) => ({
  ...previous(ctx),
  toDOM: (node) => [`h${String(node.attrs["level"])}`, 0],
}));
