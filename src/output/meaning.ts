/**
 * What a status means, as a colour; the word beside it says the same.
 *
 * @module
 */
import type { Style } from "./style.ts";

/** THE table: words of the platform's and of ours by what they mean. */
const WORDS = {
  done: "delivered paid fulfilled completed approved accepted active success succeeded allowed ok",
  waiting: "pending confirmed processing ready_to_ship shipped out_for_delivery partial partially_paid " +
    "partially_fulfilled unfulfilled unpaid cod draft invited queued running trial warning",
  failed: "failed failure error rejected refused denied forbidden suspended blocked overdue rto_initiated",
  over: "cancelled canceled refunded returned rto_received voided expired revoked archived inactive closed skipped",
} as const;

const COLOURS: Record<keyof typeof WORDS, keyof Style> = {
  done: "green",
  waiting: "yellow",
  failed: "red",
  over: "dim",
};

/** Paints a text (a word of the table, cut or padded) as the whole word means; any other word stays as it is. */
export function byMeaning(style: Style): (word: string, text?: string) => string {
  const colours = new Map(
    Object.entries(WORDS).flatMap(([meaning, words]) =>
      words.split(" ").map((word) => [word, COLOURS[meaning as keyof typeof WORDS]] as const)
    ),
  );
  return (word, text = word) => {
    const colour = colours.get(word);
    return colour ? style[colour](text) : text;
  };
}
