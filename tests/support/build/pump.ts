/**
 * Runs patterns on long texts that make a backtracking one go back: JSON `[[place, source, flags], …]` on stdin; says each
 * place before it is tried, so that who waits too long knows which it was.
 *
 * @module
 */

/** Characters of a text: where a pattern takes quadratic time, this many take minutes. */
const LENGTH = 600_000;

const CHARACTERS = [..." \t\n\r0aZ.:/-_+=%#'\"\\[({<>)@&,;~$*\u2028é\x1b"];
const ENDS = ["", "\n\0"];

/** What stands in the pattern as it is, `Bearer` or `eyJ`, alone and with what may follow. */
function words(source: string): string[] {
  const found = source.replace(/\\[a-zA-Z]|\[[^\]]*\]|\{[^}]*\}/g, "|").replaceAll("\\", "").match(/[^|()?*+^$.]+/g) ??
    [];
  return found.filter((word) => word.length > 1).flatMap((
    word,
  ) => [word, `${word} `, `${word}=`, `${word}a`, `${word}.a`]);
}

const patterns: [place: string, source: string, flags: string][] = JSON.parse(
  await new Response(Deno.stdin.readable).text(),
);
for (const [place, source, flags] of patterns) {
  console.log(`${place} /${source}/${flags}`);
  const pattern = new RegExp(source, flags.replace(/[gy]/g, ""));
  const own = words(source);
  for (const pump of [...CHARACTERS, ...own]) {
    const long = pump.repeat(Math.ceil(LENGTH / pump.length));
    for (const begin of ["", ...own.slice(0, 3)]) {
      for (const end of ENDS) pattern.test(`${begin}${long}${end}`);
    }
  }
}
console.log("all of them");
