import assert from "node:assert/strict";
import { relay } from "../../src/system/relay.ts";

/** A proxy that says 200 to everything, and what it was asked. */
function proxy() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const heads: string[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      const buffer = new Uint8Array(4_096);
      heads.push(new TextDecoder().decode(buffer.subarray(0, (await connection.read(buffer)) ?? 0)));
      await connection.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\n\r\n"));
      connection.close();
    }
  })();
  const close = async () => {
    listener.close();
    await serving;
  };
  return { port: listener.addr.port, heads, [Symbol.asyncDispose]: close };
}

/** What the relay answers to a CONNECT with these credentials; empty when it hangs up. */
async function ask(url: string, credentials: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
  const head = `CONNECT api.test:443 HTTP/1.1\r\nHost: api.test:443\r\nProxy-Authorization: Basic ${
    btoa(credentials)
  }\r\n\r\n`;
  await connection.write(new TextEncoder().encode(head));
  return await new Response(connection.readable).text().catch(() => "");
}

const options = { sanitizeOps: false, sanitizeResources: false }; // a relay lives as long as its process

Deno.test({
  name: "a relay gives the proxy the person's credentials, decoded, in the place of its own",
  ...options,
  async fn() {
    await using to = proxy();
    const { url, basicAuth } = through(`http://robot%40acme:p%C3%A4ss%3Aword@127.0.0.1:${to.port}`);
    assert.match(await ask(url, `${basicAuth.username}:${basicAuth.password}`), /^HTTP\/1\.1 200 OK/);
    const given = /Proxy-Authorization: Basic (\S+)/.exec(to.heads[0]!)![1]!;
    assert.equal(new TextDecoder().decode(Uint8Array.fromBase64(given)), "robot@acme:päss:word");
    assert.ok(to.heads[0]!.startsWith("CONNECT api.test:443 HTTP/1.1\r\nHost: api.test:443\r\n"));
    assert.ok(!to.heads[0]!.includes(btoa(`${basicAuth.username}:${basicAuth.password}`)));
  },
});

Deno.test({
  name: "another program on this machine gets nothing from a relay",
  ...options,
  async fn() {
    await using to = proxy();
    const { url, basicAuth } = through(`http://robot:secret@127.0.0.1:${to.port}`);
    for (const credentials of ["", "autocom:", `${basicAuth.username}:${basicAuth.password}x`, "robot:secret"]) {
      assert.equal(await ask(url, credentials), "", credentials);
    }
    assert.deepEqual(to.heads, []);
  },
});

Deno.test({
  name: "a proxy that cannot be reached is a bad gateway",
  ...options,
  async fn() {
    const { url, basicAuth, trouble } = through("http://robot:secret@127.0.0.1:9");
    assert.match(await ask(url, `${basicAuth.username}:${basicAuth.password}`), /^HTTP\/1\.1 502 /);
    assert.match(String(trouble()), /refused/);
  },
});

/** A relay to that proxy, and what the runtime is told of it. */
function through(address: string) {
  const { proxy, trouble } = relay({ url: new URL(address), variable: "HTTPS_PROXY" });
  const { url, basicAuth } = proxy as { url: string; basicAuth: { username: string; password: string } };
  return { url, basicAuth, trouble };
}

Deno.test({
  name: "FT-20: a crowd that says nothing keeps nobody from the relay, and gets nothing from it",
  ...options,
  async fn() {
    await using to = proxy();
    const { url, basicAuth } = through(`http://robot:secret@127.0.0.1:${to.port}`);
    const crowd = await Promise.all(Array.from({ length: 300 }, async (_, at) => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
      if (at % 2) await connection.write(new TextEncoder().encode("CONNECT api.test:443 HTTP/1.1\r\nX: "));
      return connection;
    }));
    assert.match(await ask(url, `${basicAuth.username}:${basicAuth.password}`), /^HTTP\/1\.1 200 OK/);
    assert.equal(to.heads.length, 1);
    for (const connection of crowd) connection.close();
  },
});

Deno.test({
  name: "FT-36: a password without a name is the proxy's alone, too",
  ...options,
  async fn() {
    await using to = proxy();
    const { url, basicAuth } = through(`http://:secret@127.0.0.1:${to.port}`);
    await ask(url, `${basicAuth.username}:${basicAuth.password}`);
    assert.equal(/Proxy-Authorization: Basic (\S+)/.exec(to.heads[0]!)![1]!, btoa(":secret"));
  },
});
