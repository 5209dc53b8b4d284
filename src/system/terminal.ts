import { AppError } from "../errors.ts";
import type { Input, Io, Signals, System } from "./mod.ts";
import { stderr, stdout } from "./output.ts";
import type { Bytes } from "./stdin.ts";

/** The three standard streams, and questions on them. */
export function terminal(env: () => System["env"], signals: Signals): Io {
  const [stdin, err] = [new StandardInput(), stderr()];
  const prompts = async () =>
    (await import("./prompt.ts")).prompts({ input: stdin, output: err, size, env: env(), signals });
  return {
    stdin,
    stdout: stdout(),
    stderr: err,
    prompt: {
      select: async (...question) => await (await prompts()).select(...question),
      confirm: async (...question) => await (await prompts()).confirm(...question),
      async *secrets(...question) {
        yield* (await prompts()).secrets(...question);
      },
    },
  };
}

/** Cells and lines of the terminal. */
function size(): { columns: number; rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    return { columns: columns || 80, rows: rows || 24 };
  } catch {
    return { columns: 80, rows: 24 };
  }
}

/** Who reads it is loaded when something is read. */
class StandardInput implements Input {
  readonly isTerminal = Deno.stdin.isTerminal();
  #bytes?: Promise<Bytes>;

  setRaw(on: boolean): void {
    try {
      Deno.stdin.setRaw(on, { cbreak: Deno.build.os !== "windows" && on });
    } catch {
      if (on) throw new AppError("hangup", "the terminal went away"); // there is none to put back
    }
  }

  async discard(signal: AbortSignal, chunk?: Uint8Array): Promise<void> {
    await (await this.#opened()).discard(signal, chunk);
  }

  async *chunks(signal?: AbortSignal): AsyncIterable<Uint8Array> {
    yield* (await this.#opened()).chunks(signal);
  }

  #opened(): Promise<Bytes> {
    return this.#bytes ??= import("./stdin.ts").then(({ Bytes }) => new Bytes(this.isTerminal));
  }
}
