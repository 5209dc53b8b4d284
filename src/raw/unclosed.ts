/** A text, a comment, or a sign of a document. Each ends where the document does, so that nothing is looked at twice. */
const PART = /"""[\s\S]*?(?:"""|$)|"(?:\\[\s\S]?|[^"\\])*(?:"|$)|#.*|[{}()[\]]/g;

const CLOSES = new Map([["{", "}"], ["(", ")"], ["[", "]"]]);

/** What a document lacks that is right as far as it goes. Loaded when one is. */
export function unclosed(document: string): string {
  const open: string[] = [];
  for (const part of document.match(PART) ?? []) {
    const close = CLOSES.get(part);
    if (close) open.push(close);
    else if (/^[})\]]/.test(part)) open.pop();
  }
  const last = open.at(-1);
  return `it ends too early${last === undefined ? "" : `: a ${last} is missing`}`;
}
