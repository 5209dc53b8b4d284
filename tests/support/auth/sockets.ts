/**
 * HTTP as bytes over a loopback socket: for requests that `fetch` would never send.
 *
 * @module
 */

export interface Answer {
  status: number;
  headers: Headers;
  body: string;
}

/** Sends the bytes and reads one answer, to its length or its end. `[::1]` and 127.0.0.2 are loopback too. */
export async function send(port: number, bytes: string, hostname = "127.0.0.1"): Promise<Answer> {
  using socket = await Deno.connect({ hostname, port });
  await write(socket, bytes);
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  for (let text = "";;) {
    const count = await socket.read(buffer);
    text += decoder.decode(buffer.subarray(0, count ?? 0), { stream: true });
    const answer = parse(text);
    const length = bytes.startsWith("HEAD ") ? 0 : Number(answer.headers.get("Content-Length") ?? NaN);
    if (!text.includes("\r\n\r\n") && count !== null) continue;
    if (count === null || new TextEncoder().encode(answer.body).length >= length) return answer;
  }
}

/** Opens a connection, sends what there is, and leaves it open. */
export async function hold(port: number, bytes: string): Promise<Deno.TcpConn> {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port });
  await write(socket, bytes);
  return socket;
}

/** `GET target` as a browser sends it, with these header lines instead of the usual `Host`. */
export function get(port: number, target: string, headers: string[] = [`Host: 127.0.0.1:${port}`]): string {
  return `GET ${target} HTTP/1.1\r\n${headers.map((line) => `${line}\r\n`).join("")}\r\n`;
}

/** True when nothing listens there. */
export async function isClosed(port: number, hostname = "127.0.0.1"): Promise<boolean> {
  try {
    (await Deno.connect({ hostname, port })).close();
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return true;
    throw error;
  }
}

async function write(socket: Deno.TcpConn, bytes: string): Promise<void> {
  let rest = new TextEncoder().encode(bytes);
  while (rest.length > 0) rest = rest.subarray(await socket.write(rest));
}

function parse(text: string): Answer {
  const [head = "", ...body] = text.split("\r\n\r\n");
  const [line = "", ...fields] = head.split("\r\n");
  const headers = new Headers(fields.map((field): [string, string] => {
    const [name = "", ...value] = field.split(":");
    return [name, value.join(":").trim()];
  }));
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1]), headers, body: body.join("\r\n\r\n") };
}
