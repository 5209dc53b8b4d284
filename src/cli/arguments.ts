import { AppError } from "../errors.ts";
import type { Fault } from "./line.ts";
import type { Argument } from "./verb.ts";

/** The line is right as far as it goes. */
export class Missing extends AppError {
  constructor(readonly args: readonly Argument[]) {
    super("usage", `<${args[0]!.name}> is missing`);
  }
}

/** The values of the words, one for each argument. */
export function argumentsOf(all: readonly Argument[], texts: readonly string[]): unknown[] {
  const args = filled(all, texts.length);
  const left = Array.from({ length: all.length - args.length }, () => undefined);
  return [
    ...left,
    ...args.map((argument, at) => argument.many ? texts.slice(at).map(read(argument)) : one(argument, at)),
  ];

  function one(argument: Argument, at: number): unknown {
    const text = texts[at];
    if (text !== undefined) return read(argument)(text);
    if (argument.optional) return undefined;
    throw new Missing(args.slice(at));
  }
}

/** The first word behind the last argument. */
export function extraOf<W>(all: readonly Argument[], words: readonly W[]): W | undefined {
  const args = filled(all, words.length);
  return args.at(-1)?.many ? undefined : words[args.length];
}

/** What may be left out before what may not is left out when there are not enough words: `[method] <path>`. */
function filled(args: readonly Argument[], words: number): readonly Argument[] {
  const first = args.findIndex(({ optional }) => !optional);
  return first > 0 && words < args.length ? args.slice(first) : args;
}

function read({ name, value }: Argument): (text: string) => unknown {
  return (text) => value.parse(text, `<${name}>`);
}

/** What does not say how to go on says where that is explained. */
export async function hinted(error: AppError, fault: Fault): Promise<AppError> {
  if (error instanceof Missing) return await (await import("./suggest.ts")).completed(error, fault);
  if (error.message.startsWith("--output must")) return await (await import("./suggest.ts")).format(error, fault);
  if (/^<.* must/.test(error.message)) return await (await import("./suggest.ts")).swapped(error, fault);
  if (error.hint || error.kind !== "usage") return error;
  return new AppError(error.kind, error.message, { hint: `see: ${["autocom", ...fault.path].join(" ")} --help` });
}
