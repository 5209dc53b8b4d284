/**
 * The way to a proxy that wants a password. The runtime tells the proxy's password to every server behind it too (2.7.11:
 * `inject_common_headers` in its ext/fetch/lib.rs, for https as well), so it is never given the real one: it asks this relay on
 * loopback, with a password that is good for this process alone, and the relay puts the person's own in its place.
 *
 * @module
 */

/** Starts a relay to `proxy`, whose address holds the credentials. It ends with the process and keeps none alive. */
export function relay(proxy: URL): Deno.Proxy {
  const basicAuth = { username: "autocom", password: crypto.randomUUID() };
  const ours = basic(basicAuth.username, basicAuth.password);
  const theirs = basic(decoded(proxy.username), decoded(proxy.password));
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.unref();
  const serve = async () => {
    for await (const client of listener) void pass(client, proxy, ours, theirs).catch(() => client.close());
  };
  void serve();
  return { url: `http://127.0.0.1:${listener.addr.port}`, basicAuth };
}

/** One tunnel: the head of the request with the other password, then bytes as they come. */
async function pass(client: Deno.TcpConn, proxy: URL, ours: string, theirs: string): Promise<void> {
  const head = await readHead(client);
  if (!head.includes(ours)) return client.close(); // another program on this machine
  const { hostname, port } = proxy;
  const connecting = Deno.connect({ hostname: hostname.replace(/[\[\]]/g, ""), port: Number(port || 80) });
  const server = await connecting.catch(() => undefined);
  if (!server) {
    await client.write(new TextEncoder().encode("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    return client.close();
  }
  const to = server.writable.getWriter();
  await to.write(new TextEncoder().encode(head.replace(ours, theirs)));
  to.releaseLock();
  await Promise.allSettled([client.readable.pipeTo(server.writable), server.readable.pipeTo(client.writable)]);
}

/** Up to the empty line; nothing follows it before it is answered. */
async function readHead(client: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(8_192);
  let head = "";
  while (!head.includes("\r\n\r\n") && head.length < buffer.length) {
    const count = await client.read(buffer);
    if (count === null) break;
    head += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return head;
}

/** RFC 7617, in UTF-8. */
function basic(user: string, password: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${user}:${password}`)))}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
