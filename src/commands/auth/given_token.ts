import { isToken } from "../../api/mod.ts";
import type { App } from "../../app.ts";
import { lines } from "../../auth/mod.ts";
import { AppError } from "../../errors.ts";
import type { Options } from "./obtain.ts";

/** In characters; a token has 16 KB at most. */
const STDIN_LIMIT = 65_536;

/** The personal access token that the line has, or stdin. Loaded when one of them is to hold it. */
export async function givenToken(app: App, options: Options): Promise<string> {
  if (typeof options.withToken === "string") {
    if (options.tokenStdin) {
      throw new AppError("usage", "the token is given twice: with --with-token and on stdin", { hint: "give it once" });
    }
    await app.say.warn(
      "a token on the command line stays in the shell's history and shows in the list of processes: --token-stdin is safer",
    );
    return kept(app, tokenIn(options.withToken, "--with-token"));
  }
  return kept(app, tokenIn(await fromStdin(app), "stdin"));
}

function kept({ secrets }: App, token: string): string {
  secrets.add(token);
  return token;
}

/** Undefined when there is too much of it. */
async function fromStdin({ system, say, signal }: App): Promise<string | undefined> {
  const { stdin } = system.io;
  if (stdin.isTerminal) {
    const again = "Paste the personal access token (it is not shown), then press Enter.";
    for await (const line of lines(system.io, { first: () => say.ask(again), again }, signal)) {
      await say.ask(`${line?.length ?? "Too many"} characters received.`);
      return line;
    }
    signal.throwIfAborted();
    return "";
  }
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of stdin.chunks(signal)) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > STDIN_LIMIT) return undefined;
  }
  signal.throwIfAborted(); // half a token is none
  return text + decoder.decode();
}

function tokenIn(text: string | undefined, source: string): string {
  const token = text?.trim();
  if (token === "") {
    throw new AppError("usage", `there is no token on ${source}`, {
      hint: 'echo "$TOKEN" | autocom auth login --token-stdin',
    });
  }
  if (token !== undefined && isToken(token)) return token;
  const why = token === undefined || isToken(token.slice(0, 1_000)) ? "is too long for one" : "has other characters";
  throw new AppError("usage", `what ${source} holds is not a token: it ${why}`, {
    hint: "give the token alone, without quotes, spaces or line breaks",
  });
}
