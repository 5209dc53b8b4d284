/** What a text lacks that is right as far as it goes. */
export function unclosed(text: string): string {
  const open: string[] = [];
  // Texts and comments hold no signs.
  for (const sign of text.replaceAll(/"""[\s\S]*?"""|"(?:\\.|[^"\\])*"|#.*/g, "").match(/[{}()[\]]/g) ?? []) {
    const close = { "{": "}", "(": ")", "[": "]" }[sign];
    if (close) open.push(close);
    else open.pop();
  }
  const [last] = open.toReversed();
  return `it ends too early${last === undefined ? "" : `: a ${last} is missing`}`;
}
