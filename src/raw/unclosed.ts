/** Where a text, a comment or a bracket of a document begins. */
const PART = /"""|["#{}()[\]]/g;

const CLOSES = new Map([["{", "}"], ["(", ")"], ["[", "]"]]);

/** What a document lacks that is right as far as it goes. Loaded when one is. */
export function unclosed(document: string): string {
  const open: string[] = [];
  for (let at = 0; at < document.length;) {
    PART.lastIndex = at;
    const [part] = PART.exec(document) ?? [];
    if (part === undefined) break;
    const close = CLOSES.get(part);
    if (close) open.push(close);
    else if (/^[})\]]/.test(part)) open.pop();
    at = after(document, part, PART.lastIndex);
  }
  const last = open.at(-1);
  return `it ends too early${last === undefined ? "" : `: a ${last} is missing`}`;
}

/** Where what began with that part ends. A search, no pattern: one over a text of megabytes has no room to go back in. */
function after(document: string, part: string, from: number): number {
  if (part === "#") return found(document, "\n", from);
  if (part === '"""') return found(document, part, from);
  if (part !== '"') return from;
  let end = found(document, part, from);
  for (let at = document.indexOf("\\", from); at >= 0 && at < end; at = document.indexOf("\\", at + 2)) {
    if (at + 2 === end) end = found(document, part, end);
  }
  return end;
}

function found(document: string, text: string, from: number): number {
  const at = document.indexOf(text, from);
  return at < 0 ? document.length : at + text.length;
}
