// What could not be sent stays on this device until it can, or until somebody throws it away.

/** The fields of a form, in order, without files and without the token. */
export type Fields = [name: string, value: string][];

/** Fields with the moment they were kept, in milliseconds since 1970. */
export interface Kept {
  at: number;
  fields: Fields;
}

const PREFIX = "braid:kept:";

/** The fields of a form as they are now. */
export function fieldsOf(form: HTMLFormElement): Fields {
  const fields: Fields = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrf_token") fields.push([name, value]);
  }
  return fields;
}

/** Keep fields under a key; say whether the device had room for them. */
export function keep(key: string, fields: Fields): boolean {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), fields } satisfies Kept));
    return true;
  } catch {
    return false; // storage is full or switched off
  }
}

/** Forget what was kept under a key. */
export function forget(key: string): void {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // storage is switched off: there is nothing to forget
  }
}

/** What was kept under a key, if anything. */
export function recall(key: string): Kept | undefined {
  try {
    return (JSON.parse(localStorage.getItem(PREFIX + key) ?? "null") as Kept | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** A moment as a clock shows it, with the day when it was not today. */
export function clock(at: number): string {
  const then = new Date(at);
  const time = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  if (then.toDateString() === new Date().toDateString()) return time;
  return `${then.toLocaleDateString([], { day: "numeric", month: "long" })}, ${time}`;
}
