/**
 * Colour: whether, and which.
 *
 * @module
 */

/** Wraps text that is safe already; gives it back unchanged when colour is off. Headings are bold. */
export type Style = Record<keyof typeof CODES, (text: string) => string>;

export type ColorChoice = "auto" | "always" | "never";

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

/** The styles, or with `on` false functions that change nothing. */
export function style(on: boolean): Style {
  const paint = ([open, close]: readonly [number, number]) => (text: string) =>
    on ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  const { bold, dim, red, green, yellow } = CODES;
  return { bold: paint(bold), dim: paint(dim), red: paint(red), green: paint(green), yellow: paint(yellow) };
}

/**
 * Whether a stream gets colour; the first line that applies decides. An empty variable counts as unset.
 *
 * 1. `--color always` or `--color never`
 * 2. `NO_COLOR`: no (https://no-color.org)
 * 3. `FORCE_COLOR`: `0` and `false` no, anything else yes (https://force-color.org)
 * 4. `CLICOLOR_FORCE`, unless `0`: yes (https://bixense.com/clicolors)
 * 5. the stream is no terminal: no
 * 6. `TERM=dumb`: no
 * 7. `CLICOLOR=0`: no
 * 8. yes
 *
 * Colour changes no format: only tables, helps and messages are coloured. It is never the only carrier of a meaning.
 */
export function wantsColor(choice: ColorChoice, env: Readonly<Record<string, string>>, isTerminal: boolean): boolean {
  if (choice !== "auto") return choice === "always";
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  if (env.CLICOLOR_FORCE && env.CLICOLOR_FORCE !== "0") return true;
  return isTerminal && env.TERM !== "dumb" && env.CLICOLOR !== "0";
}
