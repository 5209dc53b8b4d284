import type { Prompt } from "../system/mod.ts";
import { NAME } from "./clean.ts";
import type { Messages } from "./messages.ts";
import { safe } from "./safe.ts";
import { learn, truncate as fit } from "./width.ts";

/** Questions whose text may come from outside: bounded and safe, secrets masked, as in a message, and cut to the window. */
export function asking(
  prompt: Prompt,
  { clean }: Pick<Messages, "clean">,
): Pick<Prompt, "select" | "confirm"> {
  const text = (from: string) => safe(clean(from));
  const name = (from: string) => safe(clean(from, NAME));
  return {
    async select(message, options, paint) {
      const shown = options.map((option) => ({
        ...option,
        label: name(option.label),
        ...option.hint !== undefined && { hint: name(option.hint) },
      }));
      await learn([message, ...shown.flatMap(({ label, hint = "" }) => [label, hint])]);
      return await prompt.select(text(message), shown, paint && { ...paint, fit });
    },
    confirm: (message, ...rest) => prompt.confirm(text(message), ...rest),
  };
}
