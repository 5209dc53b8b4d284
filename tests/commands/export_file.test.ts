/** The file of an export: whole under its name, or not there; and nothing that stands there is touched unasked. */
import assert from "node:assert/strict";
import { autocom, execute } from "../support/harness.ts";
import { full, left, page, writing } from "../support/exports.ts";
import { json, scripted } from "../support/scripted.ts";
import type { Files } from "../../src/system/mod.ts";
import { givenUp } from "../support/given_up.ts";

const one = () => page([full(1)]);

/** The real files, with some calls replaced. */
const files = (changes: Partial<Files>): Files => ({
  ...Object.fromEntries(
    (["open", "lstat", "stat", "mkdir", "rename", "remove", "readDir", "chmod", "chown", "link", "realPath"] as const)
      .map((name) => [name, Deno[name]]),
  ) as unknown as Files,
  ...changes,
});

/** What the system says when it refuses. */
const system = (name: "PermissionDenied" | "NotSupported", code: string) =>
  Object.assign(new Deno.errors[name](`${code} (os error 1)`), { code });

/** A file that takes so many bytes. */
async function narrow(path: string | URL, options: Deno.OpenOptions | undefined, room: number): Promise<Deno.FsFile> {
  const file = await Deno.open(path, options);
  const write = file.write.bind(file);
  file.write = (bytes) => {
    room -= bytes.length;
    if (room < 0) return Promise.reject(Object.assign(new Error("No space left on device"), { code: "ENOSPC" }));
    return write(bytes);
  };
  return file;
}

Deno.test("WP-48: a file that is there is refused before any request, replaced with --force or by who says yes", async () => {
  await using w = await writing("owner", { fetch: scripted(one()) });
  const path = `${w.folder}/a.csv`;
  await Deno.writeTextFile(path, "mine");
  await using closed = await writing("owner", { fetch: scripted() });
  await autocom(`orders export --output-file ${path}`, {
    code: 2,
    err: `error: cannot write "${path}": it is there already\nhint: name another file, or replace it: --force\n`,
  }, closed);
  closed.terminal = { stdin: true, stderr: true };
  closed.answers = [false];
  await autocom(`orders export --output-file ${path}`, {
    code: 1,
    err: /was not replaced: you said no\n$/,
  }, closed);
  await autocom(`orders export --no-input --output-file ${path}`, { code: 2, err: /it is there already/ }, closed);
  assert.equal(await Deno.readTextFile(path), "mine");
  await Deno.chmod(path, 0o640);
  w.terminal = { stdin: true, stderr: true };
  w.answers = [true];
  await autocom(`orders export --output-file ${path}`, { err: /^Wrote 1 order to / }, w);
  assert.match(await Deno.readTextFile(path), /^id,order_number/);
  await autocom(`orders export --force --format jsonl --output-file ${path.replace(".csv", "")}`, { err: /^Wrote/ }, w);
  w.terminal = {};
  await autocom(`orders export --force --fields id --output-file ${path}`, { err: /^Wrote/ }, w);
  assert.match(await Deno.readTextFile(path), /^id\r\n/);
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o640, "a file that is replaced keeps its mode");
});

Deno.test("a new file is its owner's alone, whatever the umask is", async () => {
  await using w = await writing("owner", { fetch: scripted(one()) });
  for (const mask of [0, 0o777]) {
    const before = Deno.umask(mask);
    try {
      await autocom(`orders export -q --output-file ${w.folder}/${mask}.csv`, {}, w);
    } finally {
      Deno.umask(before);
    }
    assert.equal((await Deno.stat(`${w.folder}/${mask}.csv`)).mode! & 0o777, 0o600);
  }
});

Deno.test("WP-48: links, folders, pipes, devices and names that are none are refused before any request, --force or not", async () => {
  await using w = await writing("owner", { fetch: scripted() });
  const { folder } = w;
  await Deno.writeTextFile(`${folder}/target`, "theirs");
  await Deno.symlink(`${folder}/target`, `${folder}/link`);
  await Deno.symlink(`${folder}/nothing`, `${folder}/dangling`);
  await Deno.mkdir(`${folder}/sub`);
  assert.equal((await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output()).code, 0);
  const before = await left(folder);
  const refused: [name: string, code: number, why: RegExp][] = [
    [`${folder}/link`, 3, /it is a symbolic link, and those are not followed/],
    [`${folder}/dangling`, 3, /it is a symbolic link/],
    [`${folder}/sub`, 3, /it is a folder/],
    [`${folder}/sub/`, 3, /it is a folder/],
    [folder, 3, /it is a folder/],
    [".", 3, /it is a folder/],
    [`${folder}/pipe`, 3, /it is a pipe/],
    ["/dev/null", 3, /not a regular file/],
    ["/dev/full", 3, /not a regular file/],
    ["/dev/stdout", 3, /symbolic link|not a regular file/],
    [`${folder}/none/a.csv`, 3, /there is no such folder \(ENOENT\)/],
    [`${folder}/none/`, 3, /the name of a folder/],
    [`${folder}/target/a.csv`, 3, /a part of the path is not a folder/],
    [`${folder}/${"x".repeat(300)}`, 3, /the name is too long/],
    ["", 2, /names no file/],
    [`${folder}/a\nb`, 2, /control character/],
    [`${folder}/\x1b[2J.csv`, 2, /control character/],
    [`${folder}/a\0b`, 2, /control character/],
  ];
  for (const [name, code, why] of refused) {
    for (const more of [[], ["--force"]]) {
      const ended = await execute(["orders", "export", ...more, "--output-file", name], w);
      assert.deepEqual([ended.code, ended.out], [code, ""], `${name}: ${ended.err}`);
      assert.match(ended.err, why);
      assert.match(ended.err, /\nhint: .+\n$/);
    }
  }
  assert.deepEqual(await left(folder), before);
  assert.equal(await Deno.readTextFile(`${folder}/target`), "theirs");
});

Deno.test("WP-48: a file is not replaced by a name that ends with a slash, where the runtime takes that away", async () => {
  await using w = await writing("owner", { fetch: scripted() });
  w.system = { files: files({ lstat: (path) => Deno.lstat(String(path).replace(/\/$/, "")) }) };
  await Deno.writeTextFile(`${w.folder}/a.csv`, "mine");
  for (const more of ["", "--force "]) {
    const { code, err } = await execute(`orders export ${more}--output-file ${w.folder}/a.csv/`, w);
    assert.equal(code, 3, err);
    assert.match(err, /it ends with a slash, and is a file\nhint: name a file\b/);
  }
  assert.equal(await Deno.readTextFile(`${w.folder}/a.csv`), "mine");
});

Deno.test("a folder that nobody may write into is refused before any request", async () => {
  const open: Files["open"] = (path, options) =>
    String(path).endsWith(".part") ? Promise.reject(system("PermissionDenied", "EACCES")) : Deno.open(path, options);
  await using w = await writing("owner", { fetch: scripted(), system: { files: files({ open }) } });
  await autocom(`orders export --output-file ${w.folder}/a.csv`, {
    code: 3,
    err: /^error: cannot write ".*a\.csv": permission denied \(EACCES\)\nhint: /,
  }, w);
});

Deno.test("- is stdout", async () => {
  await using w = await writing("owner", { fetch: scripted(one()) });
  await autocom("orders export --fields id --output-file -", { out: /^id\r\n01J/ }, w);
});

Deno.test("a name of 250 bytes has room for the unfinished file beside it", async () => {
  await using w = await writing("owner", { fetch: scripted(one()) });
  const name = "क".repeat(82) + ".csv";
  await autocom(["orders", "export", "-q", "--output-file", `${w.folder}/${name}`], {}, w);
  assert.deepEqual(await left(w.folder), [name]);
});

const BREAKS: [what: string, code: number, said: RegExp][] = [
  ["the server fails on page 3", 11, /\(after 2 rows; nothing was written to ".*"\)/],
  ["the disk is full", 3, /no space left on the disk \(ENOSPC\)/],
  ["the file comes there meanwhile", 3, /a file has come there meanwhile\b/],
];
for (const [what, code, said] of BREAKS) {
  Deno.test(`WP-48: when ${what} nothing is under the name, and nothing beside it`, async () => {
    const third = what.includes("server") ? json({}, 500) : page([full(3)], 3);
    await using w = await writing("owner", { fetch: scripted(page([full(1)], 3), page([full(2)], 3), third) });
    const path = `${w.folder}/a.csv`;
    let links = 0;
    w.system = {
      files: files({
        open: (name, options) => what.includes("disk") ? narrow(name, options, 500) : Deno.open(name, options),
        async link(from, to) {
          if (++links === 1 && what.includes("meanwhile")) await Deno.writeTextFile(path, "theirs");
          return await Deno.link(from, to);
        },
      }),
    };
    const { code: ended, out, err } = await execute(`orders export --output-file ${path}`, w);
    assert.deepEqual([ended, out], [code, ""], err);
    assert.match(err, said);
    if (what.includes("server")) assert.match(err, /\nhint: .*; run it again from the beginning\n$/);
    const isTheirs = what.includes("meanwhile");
    assert.deepEqual(await left(w.folder), isTheirs ? ["a.csv"] : []);
    if (isTheirs) assert.equal(await Deno.readTextFile(path), "theirs");
  });
}

Deno.test("a file that was to be replaced stays as it was when the export fails", async () => {
  await using w = await writing("owner", { fetch: scripted(page([full(1)], 2), json({}, 500)) });
  await Deno.writeTextFile(`${w.folder}/a.csv`, "mine");
  const { code, err } = await execute(`orders export --force --output-file ${w.folder}/a.csv -o json`, w);
  const { error } = JSON.parse(err);
  assert.deepEqual([code, error.rows, error.next_page], [11, 1, 2]);
  assert.deepEqual([await left(w.folder), await Deno.readTextFile(`${w.folder}/a.csv`)], [["a.csv"], "mine"]);
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  Deno.test(`${signal} in the middle of an export ends with ${code}: nothing is under the name, and nothing beside it`, async () => {
    let asked = 0;
    await using w = await writing("owner", {
      fetch: async (request: Request) => {
        if (++asked === 1) return page([full(1)], 9)();
        if (asked === 2) w.signal(signal);
        return await givenUp(request);
      },
    });
    const ended = await execute(`orders export --output-file ${w.folder}/a.csv`, w);
    assert.deepEqual([ended.code, ended.out, await left(w.folder)], [code, "", []], ended.err);
  });
}

Deno.test("two exports at once to one name: one is there whole, the other says so", async () => {
  await using w = await writing("owner", { fetch: scripted(page([full(1)], 2), page([full(2)], 2)) });
  const path = `${w.folder}/a.csv`;
  let inside: { code: number; err: string } | undefined;
  const platform = scripted(one());
  await using other = await writing("owner", { fetch: platform });
  let asked = 0;
  w.fetch = async () => {
    if (++asked === 2) inside = await execute(`orders export --output-file ${path}`, other);
    return page([full(asked)], 2)();
  };
  const first = await execute(`orders export --output-file ${path}`, w);
  assert.deepEqual([inside!.code, first.code], [0, 3], inside!.err + first.err);
  assert.match(first.err, /a file has come there meanwhile\b/);
  assert.deepEqual(await left(w.folder), ["a.csv"]);
  assert.equal((await Deno.readTextFile(path)).split("\r\n").length, 3);
});

Deno.test("what a killed export left is removed by the next one to that name, what a live one writes is not", async () => {
  await using w = await writing("owner", { fetch: scripted(one()) });
  const dead = `${w.folder}/.a.csv.0123456789abcdef.part`, alive = `${w.folder}/.a.csv.fedcba9876543210.part`;
  const others = [`${w.folder}/.b.csv.0123456789abcdef.part`, `${w.folder}/.a.csv.part`];
  for (const name of [dead, alive, ...others]) await Deno.writeTextFile(name, "x");
  using lock = await Deno.open(alive, { read: true, write: true });
  await lock.lock(true);
  await autocom(`orders export -q --output-file ${w.folder}/a.csv`, {}, w);
  assert.deepEqual(
    (await left(w.folder)).map((name) => `${w.folder}/${name}`),
    [alive, ...others, `${w.folder}/a.csv`].sort(),
  );
});

Deno.test("of two exports that replace one file the later one stays, and both have done what they were asked", async () => {
  const rename: Files["rename"] = async (from, to) => {
    await Deno.rename(from, to);
    await Deno.writeTextFile(`${to}.other`, "the other's");
    await Deno.rename(`${to}.other`, to);
  };
  await using w = await writing("owner", { fetch: scripted(one()), system: { files: files({ rename }) } });
  const path = `${w.folder}/a.csv`;
  await Deno.writeTextFile(path, "mine");
  await autocom(`orders export --force --output-file ${path}`, { err: /^Wrote 1 order to / }, w);
  assert.equal(await Deno.readTextFile(path), "the other's");
  assert.deepEqual(await left(w.folder), ["a.csv"]);
});

Deno.test("where the file system has no hard links the file is renamed; one that is there is not replaced then either", async () => {
  for (const taken of [false, true]) {
    await using w = await writing("owner", { fetch: scripted(one()) });
    const path = `${w.folder}/a.csv`;
    const link = async () => {
      if (taken) await Deno.writeTextFile(path, "theirs");
      throw system("NotSupported", "ENOTSUP");
    };
    w.system = { files: files({ link }) };
    const { code, err } = await execute(`orders export -q --output-file ${path}`, w);
    assert.deepEqual([code, err.includes("come there meanwhile"), await left(w.folder)], [taken ? 3 : 0, taken, [
      "a.csv",
    ]]);
    assert.match(await Deno.readTextFile(path), taken ? /^theirs$/ : /^id,/);
  }
});

Deno.test("a file that somebody puts in the place of the unfinished one is not passed off as the export", async () => {
  await using w = await writing("owner", { fetch: scripted(one()) });
  const path = `${w.folder}/a.csv`;
  const link = async (from: string, to: string) => {
    await Deno.remove(from);
    await Deno.writeTextFile(from, "evil");
    await Deno.link(from, to);
  };
  w.system = { files: files({ link }) };
  await autocom(`orders export --output-file ${path}`, { code: 3, err: /it was exchanged/ }, w);
});

Deno.test("a second name of a file that is replaced keeps what was there", async () => {
  await using w = await writing("owner", { fetch: scripted(one()) });
  await Deno.writeTextFile(`${w.folder}/a.csv`, "mine");
  await Deno.link(`${w.folder}/a.csv`, `${w.folder}/other`);
  await autocom(`orders export -q --force --output-file ${w.folder}/a.csv`, {}, w);
  assert.equal(await Deno.readTextFile(`${w.folder}/other`), "mine");
});

Deno.test("xlsx is not shown on a terminal", async () => {
  await using w = await writing("owner", { fetch: scripted() });
  w.terminal = { stdout: true };
  await autocom("orders export --format xlsx", { code: 2, err: /^error: cannot show xlsx on a terminal\nhint: / }, w);
});
