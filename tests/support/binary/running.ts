import assert from "node:assert/strict";
import { HANG } from "../hang.ts";

/** How a program ended: its exit code, 128 + N when signal N killed it, and what it said. */
export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** A program under way, and what it has said so far. */
export class Running {
  out = "";
  err = "";
  /** Resolves with the end of the program; never rejects. */
  readonly ended: Promise<Ended>;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  #news = Promise.withResolvers<void>();
  #taken = 0;
  #over = false;

  /** `longest`: milliseconds after which it is killed, so that a test that waits for it fails. */
  constructor(program: string, options: Deno.CommandOptions, longest = HANG) {
    const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    this.#child = new Deno.Command(program, { ...options, ...pipes }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.ended = this.#follow(longest);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Waits until it has said that. */
  async until(stream: "out" | "err", pattern: RegExp): Promise<RegExpExecArray> {
    return await this.#wait(() => pattern.exec(this[stream]) ?? undefined, String(pattern));
  }

  /** The next line of its stdout. */
  async line(): Promise<string> {
    const end = await this.#wait(() => {
      const at = this.out.indexOf("\n", this.#taken);
      return at < 0 ? undefined : at;
    }, "a further line");
    const line = this.out.slice(this.#taken, end);
    this.#taken = end + 1;
    return line;
  }

  async #wait<T>(look: () => T | undefined, what: string): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      assert.ok(!this.#over, `${what} was never said\n--- stdout\n${this.out}\n--- stderr\n${this.err}\n---`);
      await this.#news.promise;
    }
  }

  async type(text: string): Promise<void> {
    await this.#stdin.write(new TextEncoder().encode(text));
  }

  /** Sends a signal; a process that ended a moment ago has no ear for it, which is no fault. */
  signal(name: Deno.Signal): void {
    try {
      this.#child.kill(name);
    } catch (thrown) {
      if (!(thrown instanceof TypeError)) throw thrown; // "Child process has already terminated"
    }
  }

  /** Closes its stdin and waits for its end. */
  async end(): Promise<Ended> {
    await this.#stdin.close().catch(() => {}); // it has ended already
    return await this.ended;
  }

  async #follow(longest: number): Promise<Ended> {
    const timer = setTimeout(() => this.signal("SIGKILL"), longest);
    const [{ code }] = await Promise.all([this.#child.status, this.#read("out"), this.#read("err")]);
    clearTimeout(timer);
    this.#over = true;
    this.#tell();
    await this.#stdin.close().catch(() => {});
    return { code, out: this.out, err: this.err };
  }

  async #read(stream: "out" | "err"): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream === "out" ? this.#child.stdout : this.#child.stderr) {
      this[stream] += decoder.decode(chunk, { stream: true });
      this.#tell();
    }
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}
