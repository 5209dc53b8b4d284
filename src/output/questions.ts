import type { Prompt } from "../system/mod.ts";
import type { Messages } from "./messages.ts";

/** The questions of `asking.ts`, which is loaded when one is asked. */
export function questions(prompt: Prompt, say: Pick<Messages, "clean">): Prompt {
  const asking = async () => (await import("./asking.ts")).asking(prompt, say);
  return {
    ...prompt,
    select: async (...question) => await (await asking()).select(...question),
    confirm: async (...question) => await (await asking()).confirm(...question),
  };
}
