/**
 * What a person names to be read whole: a file, wherever it is, or `-` for stdin.
 *
 * @module
 */

import type { App } from "../app.ts";
import { AppError, isSystemError } from "../errors.ts";
import type { File } from "../system/mod.ts";

/** Bytes; as much as the platform's answers may have. */
const LIMIT = 32 << 20;

/** Who has read stdin: there is nothing left of it for another, who would take that for an empty text. */
const emptied = new WeakSet<App>();

/**
 * The bytes of that file. `from` says where it was named, `before` what is typed in front of the file: `--input`, and
 * `--input `. Throws `usage` or `config`.
 */
export async function readBytes(
  app: App,
  path: string,
  from: string,
  before = `${from} `,
): Promise<Uint8Array<ArrayBuffer>> {
  if (path === "") {
    throw new AppError("usage", `${from} names no file`, { hint: `write: ${before}FILE, or ${before}- for stdin` });
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of path === "-" ? stdin(app, from) : file(app, path, from, before)) {
    size += chunk.length;
    if (size > LIMIT) {
      throw new AppError("usage", `cannot read ${from} "${path}": it is larger than ${LIMIT >> 20} MiB`, {
        hint: "split it",
      });
    }
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** The same as text, without a byte order mark. Throws `usage` for what is no UTF-8. */
export async function readText(app: App, path: string, from: string, before?: string): Promise<string> {
  const bytes = await readBytes(app, path, from, before);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new AppError("usage", `cannot read ${from} "${path}": it is not UTF-8 text`, { hint: "save it as UTF-8" });
  }
}

async function* stdin(app: App, from: string): AsyncIterable<Uint8Array> {
  const { system: { io: { stdin } }, signal } = app;
  if (stdin.isTerminal) {
    throw new AppError("usage", "nothing comes from stdin: it is the terminal", {
      hint: "send something into it, or name a file",
    });
  }
  if (emptied.has(app)) {
    throw new AppError("usage", `cannot read ${from} from stdin: it was read already`, {
      hint: "stdin is for one value; name a file for the other",
    });
  }
  emptied.add(app);
  yield* stdin.chunks(signal);
  signal.throwIfAborted();
}

/** A file that is open, or why it is not; `stdin`: what it holds can come from there. */
type Opened = { file: File } | { why: string; stdin?: true };

async function opened({ files }: App["system"], path: string): Promise<Opened> {
  try {
    const { isFile, isDirectory, isFifo } = await files.stat(path);
    // To open a pipe that nobody writes to, or to read a terminal, waits where no signal is heard; `<(…)` is open already.
    if (!isFile && !isDirectory && !(isFifo && /^\/(dev|proc\/self)\/fd\//.test(path))) {
      return { why: "it is not a regular file", stdin: true };
    }
    return { file: await files.open(path, { read: true }) };
  } catch (error) {
    return { why: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  return isSystemError(error, "NotFound")
    ? "there is no such file"
    : isSystemError(error, "PermissionDenied")
    ? "permission denied"
    : "it is a folder, or no file that can be read";
}

/** By the words that name them: for each time that a file is named. */
const held = new WeakMap<App["line"], Map<string, Opened[]>>();

/**
 * Opens what the words of the line may name as `@FILE`, for who knows what they mean when nothing can be opened any more.
 * What they turn out to be is said by who reads it.
 */
export async function holdNamed({ line, system }: App): Promise<void> {
  const named = new Map<string, Opened[]>();
  held.set(line, named);
  for (const word of line) {
    const [, path] = /^(?:--[^=]+=)?@(.+)$/s.exec(word) ?? [];
    if (path && path !== "-") named.set(path, [...named.get(path) ?? [], await opened(system, path)]);
  }
}

/** What a shell takes as it stands. */
const PLAIN = /^[\w./@%+:,-]+$/;

async function* file(app: App, path: string, from: string, before: string): AsyncIterable<Uint8Array> {
  const { system, signal, line } = app;
  const refused = (why: string, hint = "check the path") =>
    new AppError("config", `cannot read ${from} "${path}": ${why}`, { hint });
  const found = held.get(line)?.get(path)?.shift() ?? await opened(system, path);
  if ("why" in found) {
    throw refused(
      found.why,
      found.stdin
        ? `give it to stdin: ${before}- < ${PLAIN.test(path) ? path : "FILE"}`
        : await (await import("./meant.ts")).meant(app, path, from, before),
    );
  }
  try {
    const buffer = new Uint8Array(65_536);
    for (let count; (count = await found.file.read(buffer)) !== null;) {
      signal.throwIfAborted();
      yield buffer.slice(0, count);
    }
  } catch (error) {
    throw signal.aborted ? error : refused(reasonOf(error));
  } finally {
    found.file.close();
  }
}
