/** The schema that is kept between two commands: whole or none, and nobody else's. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { digest } from "../../src/schema/digest.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { behind, gateway, INTROSPECTION } from "../support/gateway.ts";
import { autocom, execute, type World } from "../support/harness.ts";

async function shop() {
  const server = gateway("type Query { one: Int, two: Int }", { one: 1, two: 2 });
  const of = await behind(server);
  await autocom("schema refresh -q", { out: /./ }, of);
  return { server, of, path: await pathOf(of) };
}

async function pathOf({ home }: World): Promise<string> {
  const names = await Array.fromAsync(Deno.readDir(join(home, ".autocom")), ({ name }) => name);
  return join(home, ".autocom", names.find((name) => /^schema-[0-9a-f]{16}$/.test(name))!);
}

Deno.test("WP-18: a file that is cut off, changed, of another version or place, or none of ours is read anew", async () => {
  const { server, of, path } = await shop();
  const text = await Deno.readTextFile(path);
  const [head = "", ...rest] = text.split("\n");
  const broken = [
    "",
    text.slice(0, 10),
    text.slice(0, -1),
    text.slice(0, text.length >> 1),
    text.replace("two", "tow"),
    `${text}x`,
    text + text,
    [head.replace('"v":2', '"v":1'), ...rest].join("\n"),
    [head.replace("acme", "other"), ...rest].join("\n"),
    [head.replace("127.0.0.1", "127.0.0.2"), ...rest].join("\n"),
    "{}\n",
    "null\n",
    "\n\n\n",
    "nonsense",
  ];
  const bytes = new TextEncoder();
  const damaged = [
    ...broken.map((one) => bytes.encode(one)),
    new Uint8Array([0xff, 0xfe, 0x0a, 0x80]),
    bytes.encode(text).with(90, 0xff),
  ];
  for (const [at, one] of damaged.entries()) {
    await Deno.writeFile(path, one);
    await autocom("call two", { out: "TWO\n2\n" }, of);
    assert.equal(server.introspected, 2 + at, String(one.slice(0, 60)));
    await autocom("call two", { out: "TWO\n2\n" }, of);
    assert.equal(server.introspected, 2 + at, "and what was read is kept");
  }
  await of[Symbol.asyncDispose]();
});

Deno.test("WP-18: a link, a folder, and a file that others may read or change are refused with 3", async () => {
  const { of, path } = await shop();
  const other = join(of.home, "other");
  await Deno.copyFile(path, other);
  const spoil: [() => Promise<void>, RegExp][] = [
    [() => Deno.chmod(path, 0o644), /mode 0644/],
    [() => Deno.chmod(path, 0o620), /mode 0620/],
    [async () => {
      await Deno.remove(path);
      await Deno.symlink(other, path);
    }, /symbolic link/],
    [async () => {
      await Deno.remove(path);
      await Deno.mkdir(path);
    }, /it is a folder/],
  ];
  for (const [make, err] of spoil) {
    await make();
    await autocom("call one", { code: 3, err }, of);
    await autocom("schema refresh", { code: 3, err }, of);
    await autocom(["__complete", "zsh", "autocom", "call", ""], { out: "" }, of);
  }
  assert.equal((await Deno.stat(other)).isFile, true);
  await of[Symbol.asyncDispose]();
});

Deno.test("WP-18: two that write at once leave a whole file or one that is read anew", async () => {
  const { of, path } = await shop();
  const runs = await Promise.all(
    Array.from(
      { length: 8 },
      () => execute("schema refresh -q", { ...of, seen: { ...of.seen, next() {}, say() {} } as never }),
    ),
  );
  assert.ok(runs.every(({ code }) => code === 0));
  await autocom("call one", { out: "ONE\n1\n" }, of);
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  await of[Symbol.asyncDispose]();
});

Deno.test("a home that cannot be written is no reason to fail: the schema is asked for each time", async () => {
  const server = gateway("type Query { one: Int }", { one: 1 });
  await using of = await behind(server);
  of.env.HOME = "/dev/null";
  await autocom("call one", { out: "ONE\n1\n" }, of);
  await autocom("call one", { out: "ONE\n1\n" }, of);
  assert.equal(server.introspected, 2);
});

/** Introspection of so many operations, each with four arguments. */
export function big(operations: number): Record<string, unknown> {
  const scalar = (name: string) => ({ kind: "SCALAR", name });
  const type = (name: string) => ({ kind: "NON_NULL", ofType: { kind: "SCALAR", name } });
  const args = ["id", "page", "status", "notes"].map((name) => ({
    name,
    description: `the ${name} of it`,
    defaultValue: null,
    type: type("String"),
  }));
  const object = (name: string) => ({
    kind: "OBJECT",
    name,
    description: `what ${name} is`,
    fields: Array.from(
      { length: 12 },
      (_, at) => ({ name: `field_${at}`, description: "a field", args: [], type: type("String") }),
    ),
  });
  const fields = Array.from({ length: operations }, (_, at) => ({
    name: `module_${at}_do`,
    description: `module${at}.do does the thing of module ${at}`,
    args,
    type: { kind: "OBJECT", name: `Type${at % 400}` },
  }));
  return {
    queryType: { name: "Query" },
    types: [
      scalar("String"),
      ...Array.from({ length: 400 }, (_, at) => object(`Type${at}`)),
      { kind: "OBJECT", name: "Query", fields },
    ],
  };
}

Deno.test("WP-17: 5,000 operations work, and each is found without reading the others", async () => {
  await using of = await behind(gateway("type Query { one: Int }"));
  of.fetch = async (request) => {
    const { query } = await request.json();
    if (/__schema/.test(query)) return Response.json({ data: { __schema: big(5_000) } });
    return Response.json({ data: { module_4999_do: { field_0: "x" } } });
  };
  const line = [
    "call",
    "module_4999_do",
    "--id",
    "1",
    "--page",
    "1",
    "--status",
    "a",
    "--notes",
    "b",
    "--fields",
    "field_0",
  ];
  await autocom(line, { out: "FIELD_0\nx\n" }, of);
  await autocom(line, { out: "FIELD_0\nx\n" }, of);
  const { book } = digest(big(5_000))!;
  assert.equal(book.index().length, 5_000);
  assert.equal(book.operation("module_2500_do")!.args.length, 4);
  assert.equal(book.operation("module2500.do")!.name, "module_2500_do");
});

Deno.test("WP-17: 33 MiB of introspection are refused, from the server and from a file", async () => {
  await using of = await behind(gateway("type Query { one: Int }"));
  of.fetch = () =>
    Promise.resolve(
      new Response(new Blob(["x".repeat(33 << 20)]), { headers: { "Content-Type": "application/json" } }),
    );
  await autocom("call one", { code: 11, err: /larger than 32 MiB/ }, of);
  const path = join(of.home, "big.json");
  await Deno.writeTextFile(path, "x".repeat(33 << 20));
  await autocom(["schema", "import", path], { code: 2, err: /larger than 32 MiB/ }, of);
});

Deno.test("FT-5: a refresh that cannot keep what it read is exit 3, not called well", async () => {
  const server = gateway("type Query { one: Int }", { one: 1 });
  await using of = await behind(server);
  const { home } = of;
  for (
    const [HOME, err] of [["/dev/null", /^error: cannot keep the schema: there is no home folder\nhint: set HOME\n$/], [
      join(home, "none"),
      /^error: cannot write .*none\/\.autocom\/schema-\w+: there is no such folder/,
    ]] as const
  ) {
    of.env.HOME = HOME;
    await autocom("schema refresh", { code: 3, err }, of);
  }
  assert.equal(server.introspected, 0, "and nobody is asked for what cannot be kept");
  of.env.HOME = home;
  const { files } = denoSystem();
  of.system = {
    files: {
      ...files,
      openSync: (path, options) => {
        const file = files.openSync(path, options);
        if (String(path).includes("schema-")) {
          file.write = () => Promise.reject(Object.assign(new Error("x"), { code: "ENOSPC" }));
        }
        return file;
      },
    },
  };
  await autocom(
    "schema refresh",
    { code: 3, err: /^error: cannot write .*: no space left on the disk \(ENOSPC\)\n/ },
    of,
  );
  await autocom("call one", { out: "ONE\n1\n" }, of);
  const ways: [code: string, hint: RegExp][] = [
    ["EROFS", /\nhint: set HOME to a folder on a disk that can be written\n$/],
    ["ENOTDIR", /\nhint: set HOME to your home folder\n$/],
    ["EACCES", /\nhint: set HOME to a folder of yours, or after a sudo: sudo chown -R /],
  ];
  for (const [code, hint] of ways) {
    of.system = {
      files: {
        ...files,
        openSync: (path, how) => {
          if (how?.write && `${path}`.includes("schema-")) throw Object.assign(new Error(code), { code });
          return files.openSync(path, how);
        },
      },
    };
    await autocom("schema refresh", { code: 3, err: hint }, of); // no variable but that one moves it
  }
});

Deno.test("a refresh that another program is in the way of is exit 3; a call goes on without keeping anything", async () => {
  const { server, of, path } = await shop();
  const kept = await Deno.readTextFile(path);
  const other = await Deno.open(path, { write: true });
  await other.lock(true);
  of.system = { clock: { now: Date.now, sleep: () => Promise.resolve() } };
  await autocom("schema refresh", { code: 3, out: "", err: /^error: cannot write .*another autocom holds it/ }, of);
  server.sdl = "type Query { three: Int }";
  server.root.three = 3;
  await autocom("call three", { out: "THREE\n3\n" }, of);
  other.close();
  assert.equal(await Deno.readTextFile(path), kept);
  await of[Symbol.asyncDispose]();
});

Deno.test("what was imported stays until it is replaced: a slip, a new name and a refused document take it for their run alone", async () => {
  const { server, of, path } = await shop();
  of.stdin = JSON.stringify(INTROSPECTION);
  await autocom("schema import - -q", { out: /\tfile\n$/ }, of);
  const imported = await Deno.readTextFile(path);
  await autocom("call zzzz", { code: 2, err: /no operation "zzzz"/ }, of);
  await autocom("call two", { out: "TWO\n2\n" }, of);
  await autocom("schema show one -q", { out: /^NAME/ }, of);
  await autocom("call imported", { code: 8, err: /./ }, of);
  assert.equal(await Deno.readTextFile(path), imported);
  const before = server.introspected;
  await autocom("schema list -q", { out: /\nimported\t/ }, of);
  assert.equal(server.introspected, before);
  await autocom("schema refresh -q", { out: /\tserver\n$/ }, of);
  await autocom("schema list -q", { out: /\none\t[^]*\ntwo\t/ }, of);
  await of[Symbol.asyncDispose]();
});
