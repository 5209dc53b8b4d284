/**
 * A listener that keeps the bytes of each request and answers as it is told: with a list, with junk, with nothing.
 *
 * @module
 */

export class Wire implements AsyncDisposable {
  /** The head of each request, in their order; of one that says nothing the empty text. */
  readonly heard: string[] = [];
  /** `hang`, `reset`, `junk`, else the body of an answer with status 200. */
  answer = "hang";
  #refuses = false;
  readonly #listener: Deno.TcpListener;
  readonly #open = new Set<Deno.TcpConn>();

  constructor(port: number) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    void this.#serve();
  }

  async #serve(): Promise<void> {
    for await (const connection of this.#listener) {
      this.#open.add(connection);
      void this.#one(connection).catch(() => {}).finally(() => this.#open.delete(connection));
    }
  }

  async #one(connection: Deno.TcpConn): Promise<void> {
    const at = this.heard.push("") - 1;
    const { answer, heard } = this;
    const buffer = new Uint8Array(8_192);
    while (!heard[at]!.includes("\r\n\r\n")) {
      const count = await connection.read(buffer);
      if (count === null) return connection.close();
      heard[at] += new TextDecoder().decode(buffer.subarray(0, count));
    }
    if (answer === "hang") return void await connection.read(buffer).finally(() => connection.close());
    const body = new TextEncoder().encode(answer).length;
    const text = answer === "junk"
      ? "\x00\x01junk\r\n\r\n"
      : `HTTP/1.1 200 OK\r\ncontent-length: ${body}\r\n\r\n${answer}`;
    if (answer !== "reset") await connection.write(new TextEncoder().encode(text));
    connection.close();
  }

  /** Nobody listens there any more: who connects is refused. */
  refuse(): void {
    this.#listener.close();
    this.#refuses = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (!this.#refuses) this.#listener.close();
    for (const connection of this.#open) {
      try {
        connection.close();
      } catch { /* its client did */ }
    }
    return Promise.resolve();
  }
}
