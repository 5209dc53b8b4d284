import { AppError, isSystemError } from "../errors.ts";
import type { Input, Io, Output, Signals, System } from "./mod.ts";

/** The three standard streams, and questions on them. */
export function terminal(env: () => System["env"], signals: Signals): Io {
  const stdin = new StandardInput();
  const stderr = output(Deno.stderr);
  const prompts = async () =>
    (await import("./prompt.ts")).prompts({ input: stdin, output: stderr, env: env(), signals });
  return {
    stdin,
    stdout: output(Deno.stdout),
    stderr,
    prompt: {
      select: async (...question) => await (await prompts()).select(...question),
      confirm: async (...question) => await (await prompts()).confirm(...question),
    },
  };
}

function output(stream: typeof Deno.stdout): Output {
  const encoder = new TextEncoder();
  return {
    isTerminal: stream.isTerminal(),
    columns() {
      try {
        return Deno.consoleSize().columns || 80;
      } catch {
        return 80;
      }
    },
    async write(data) {
      let rest: Uint8Array = typeof data === "string" ? encoder.encode(data) : data;
      try {
        while (rest.length > 0) rest = rest.subarray(await stream.write(rest));
      } catch (error) {
        if (isSystemError(error, "BrokenPipe")) throw new AppError("pipe-closed", "the reader of the output went away");
        const why = (error as Error).message.replace(/ \(os error \d+\)$/, "");
        throw new AppError("failure", `cannot write the output: ${why}`);
      }
    },
  };
}

/** One pending read at a time, kept when its reader loses interest: the next one gets the bytes. */
class StandardInput implements Input {
  readonly isTerminal = Deno.stdin.isTerminal();
  #pending?: Promise<Uint8Array | null>;

  setRaw(on: boolean): void {
    Deno.stdin.setRaw(on, { cbreak: Deno.build.os !== "windows" && on });
  }

  async *chunks(signal?: AbortSignal): AsyncIterable<Uint8Array> {
    const aborted = new Promise<null>((resolve) => signal?.addEventListener("abort", () => resolve(null)));
    while (!signal?.aborted) {
      this.#pending ??= this.#read();
      const chunk = await Promise.race([this.#pending, aborted]);
      if (signal?.aborted) return;
      this.#pending = undefined;
      if (chunk === null) return;
      yield chunk;
    }
  }

  async #read(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(16_384);
    try {
      const count = await Deno.stdin.read(buffer);
      return count === null ? null : buffer.subarray(0, count);
    } catch (error) {
      const why = isSystemError(error, "IsADirectory") ? "it is a folder" : "the system refused";
      throw new AppError("usage", `cannot read stdin: ${why}`, { hint: "give it a file or a pipe" });
    }
  }
}
