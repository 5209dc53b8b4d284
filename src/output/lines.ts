/** A text in lines of at most so many cells (≥ 1), broken between words; a longer word is cut. */
export type Wrap = (text: string, limit: number) => string[];

/** `cells` says how wide a text is, `cut` makes one fit. */
export function broken(cells: (text: string) => number, cut: (text: string, limit: number) => string): Wrap {
  return (text, limit) => {
    const lines: string[] = [];
    for (const word of text.split(" ")) {
      const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
      if (lines.length > 0 && cells(longer) <= limit) lines[lines.length - 1] = longer;
      else lines.push(cut(word, limit));
    }
    return lines;
  };
}

/** What breaks `texts`. How wide other characters than ASCII are is loaded for those: see wide.ts. */
export async function wrapper(texts: string): Promise<Wrap> {
  if (!/^[\x20-\x7e\n]*$/.test(texts)) {
    const { learn, wrap } = await import("./width.ts");
    await learn([texts]);
    return wrap;
  }
  const cut = (text: string, limit: number) => text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
  return broken(({ length }) => length, cut);
}
