/** Servers on loopback that do as they are told, and worlds that ask them by the runtime's own fetch. */
import { withToken } from "../scripted.ts";
import type { World } from "../harness.ts";

export const BODY = `{"data":{"orders":{"data":[],"meta":{"total_pages":1}}}}`;

/** A world that asks a server at that port by the runtime's own fetch. */
export async function facing(port: number, scheme = "http", client?: Deno.HttpClient): Promise<World> {
  return await withToken("owner", {
    env: { AUTOCOM_API_URL: `${scheme}://127.0.0.1:${port}/api/v1` },
    fetch: (request) => fetch(request, client ? { client } : {}),
  });
}

/** Takes connections and does with each what it is told; counts them. */
export function raw(serve: (connection: Deno.TcpConn) => Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.TcpConn>();
  const all = (async () => {
    for await (const connection of listener) {
      open.add(connection);
      await serve(connection).catch(() => {});
    }
  })().catch(() => {});
  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) {
        try {
          connection.close();
        } catch { /* it is closed */ }
      }
      await all;
    },
  };
}

/** Reads the request, answers with these bytes, hangs up. */
export const answering = (text: string) => async (connection: Deno.TcpConn) => {
  await connection.read(new Uint8Array(8192));
  await connection.write(new TextEncoder().encode(text));
  connection.close();
};
