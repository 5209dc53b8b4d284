import type { Lookup } from "./answers.ts";

type Read = Extract<Lookup, { state: "missing" | "locked" | "present" }>;

interface Entry {
  lookup: Read;
  /** `2026-05-03 10:14:22`, or nothing. */
  modified: string;
}

/** Entries can carry the value of any program, so none is taken for more than it is. */
const UNREADABLE: Read = { state: "present", value: "" };

/**
 * Reads what `secret-tool search --all` printed: on stdout `[path]`, `label`, `secret` (raw, perhaps of several lines;
 * absent when locked), `created`, `modified` and perhaps `schema` of each entry; on stderr the attributes of each.
 * The format is `on_retrieve_secret` in libsecret's tool/secret-tool.c.
 *
 * @returns the entry that was changed last, and how many there are
 */
export function parseSearch(
  stdout: Uint8Array,
  stderr: Uint8Array,
  account: string,
): { lookup: Read; items: number } {
  if (stdout.length === 0) return { lookup: { state: "missing" }, items: 0 };
  const named = decode(stderr, false).split("\n").filter((line) => line === `attribute.username = ${account}`);
  const items = Math.max(1, named.length);
  let text: string;
  try {
    text = decode(stdout, true);
  } catch {
    return { lookup: UNREADABLE, items };
  }
  // A value may hold lines that look like another entry: only several are told apart by such lines.
  const entries = (items === 1 ? [text] : text.split(/^(?=\[[^\n]*\]\nlabel = )/m)).map(parseEntry);
  const newest = entries.reduce((a, b) => (b.modified >= a.modified ? b : a));
  return { lookup: entries.length === items ? newest.lookup : UNREADABLE, items };
}

/** The value begins at the first `secret`, and ends at the last `created`, whatever lines it is made of. */
function parseEntry(text: string): Entry {
  const head = /^\[[^\n]*\]\nlabel = /.exec(text);
  const end = text.lastIndexOf("\ncreated = ");
  const tail = /^\ncreated = [-:\d ]*\nmodified = ([-:\d ]*)\n(?:schema = [^\n]*\n)?$/.exec(text.slice(end));
  if (!head || !tail) return { lookup: UNREADABLE, modified: "" };
  const body = text.slice(head[0].length, end);
  const at = body.indexOf("\nsecret = ");
  const lookup: Read = at < 0
    ? { state: "locked" }
    : { state: "present", value: body.slice(at + "\nsecret = ".length) };
  return { lookup, modified: tail[1]! };
}

function decode(bytes: Uint8Array, fatal: boolean): string {
  return new TextDecoder("utf-8", { fatal, ignoreBOM: true }).decode(bytes);
}
