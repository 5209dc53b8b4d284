import type { Prompt } from "../system/mod.ts";
import { NAME } from "./clean.ts";
import type { Messages } from "./messages.ts";
import { safe } from "./safe.ts";

/** Questions whose text may come from outside: bounded and safe, secrets masked, as in a message. */
export function questions(prompt: Prompt, { clean }: Pick<Messages, "clean">): Prompt {
  const text = (from: string) => safe(clean(from));
  const name = (from: string) => safe(clean(from, NAME));
  return {
    ...prompt,
    async select(message, options, paint) {
      const shown = options.map((option) => ({
        ...option,
        label: name(option.label),
        ...option.hint !== undefined && { hint: name(option.hint) },
      }));
      const { learn, truncate: fit } = await import("./width.ts");
      await learn([message, ...shown.flatMap(({ label, hint = "" }) => [label, hint])]);
      return await prompt.select(text(message), shown, paint && { ...paint, fit });
    },
    confirm: (message, ...rest) => prompt.confirm(text(message), ...rest),
  };
}
