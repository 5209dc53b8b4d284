/** The version check in this process: what it makes of an answer, and what it remembers. The wire: tests/binary/. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { denoSystem } from "../../src/system/deno.ts";
import type { Files } from "../../src/system/mod.ts";
import { begin } from "../../src/upgrade/check.ts";
import type { Memory } from "../../src/upgrade/memory.ts";
import { HANG } from "../support/hang.ts";
import { Scene } from "../support/upgrade/scene.ts";

const HOUR = 3_600_000;
const NUDGE = /^\n↑ autocom 1\.6\.0 available/;

/** What a server of releases answers, or that it cannot be reached. */
type Answer = () => Response;

const links = ["manifest.json", "manifest.json.minisig"].map((name) => ({ name, url: `https://example.test/${name}` }));
const list = (...versions: string[]): Answer => () =>
  Response.json(versions.map((version) => ({ tag_name: `v${version}`, upcoming_release: false, assets: { links } })));
const status = (code: number, headers: Record<string, string> = {}): Answer => () =>
  new Response("{}", { status: code, headers });

/** What refuses, or is no list. */
const REFUSALS: Record<string, Answer> = {
  "out of reach": () => {
    throw new TypeError("error sending request: connection refused");
  },
  "401": status(401),
  "403": status(403),
  "404": status(404),
  "429": status(429, { "retry-after": "3600" }),
  "500": status(500),
  "503": status(503, { "retry-after": "120" }),
  "301": status(301, { location: "https://elsewhere.example/releases" }),
  "302 to a login page": status(302, { location: "http://portal.example/login" }),
  "a portal's page": () => new Response("<!doctype html><title>Sign in</title>"),
  "an object": () => Response.json({ message: "404 Project Not Found" }),
};

class Desk implements AsyncDisposable {
  now = Date.parse("2026-05-03T10:00:00Z");
  /** Addresses that were asked for. */
  readonly asked: string[] = [];

  private constructor(readonly scene: Scene) {}

  static async open(): Promise<Desk> {
    return new Desk(await Scene.open());
  }

  get path(): string {
    return join(this.scene.world.home, ".autocom", "upgrade-check.json");
  }

  /** One command that succeeds, once the check was answered where one is `due`; gives what it said. */
  async command(answer: Answer, due = true): Promise<string> {
    const { scene } = this;
    const called = Promise.withResolvers<void>();
    scene.world.seen.next("orders list");
    scene.ports.clock = { ...denoSystem().clock, now: () => this.now };
    scene.ports.fetch = (request) => {
      assert.equal(request.redirect, "manual");
      this.asked.push(request.url);
      called.resolve();
      return Promise.resolve().then(answer);
    };
    const { system } = scene.app();
    const check = await begin(system, scene.own);
    if (check && due) {
      const guard = setTimeout(() => called.reject(new Error("the check does not ask")), HANG);
      await called.promise.finally(() => clearTimeout(guard));
      for (let turn = 0; turn < 20; turn++) await system.turn(); // what is answered is in memory
    }
    await check?.over(true);
    return scene.world.seen.stderr;
  }

  async remembered(): Promise<Memory> {
    return JSON.parse(await Deno.readTextFile(this.path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scene[Symbol.asyncDispose]();
  }
}

Deno.test("a check that is refused forgets no newer version; a list without one does", async () => {
  for (const [name, refusal] of Object.entries(REFUSALS)) {
    await using desk = await Desk.open();
    assert.match(await desk.command(list("1.6.0", "1.0.0")), NUDGE);
    desk.now += 25 * HOUR;
    assert.match(await desk.command(refusal), NUDGE, name);
    const { latest, done } = await desk.remembered();
    assert.deepEqual([latest, done], ["1.6.0", desk.now], name);
  }
  for (const [answer, latest] of [[list("1.0.0"), "1.0.0"], [list(), undefined]] as const) {
    await using desk = await Desk.open();
    assert.match(await desk.command(list("1.6.0")), NUDGE);
    desk.now += 25 * HOUR;
    assert.equal(await desk.command(answer), "");
    assert.equal((await desk.remembered()).latest, latest);
  }
});

Deno.test("a check looks at the entries that it asked for, and at no more bytes than those have: the command is held up by neither", async () => {
  const old = Array.from({ length: 9 }, (_, patch) => `1.0.${patch}`);
  for (
    const [name, answer, latest] of [
      ["its ten", list(...old, "1.6.0"), "1.6.0"],
      ["an eleventh", list(...old, "1.0.9", "1.6.0"), "1.0.9"],
      ["too many bytes", () => new Response(JSON.stringify([real("1.6.0")]).padEnd(300_000)), undefined],
      ["ten real ones", () => Response.json(Array.from({ length: 10 }, () => real("1.6.0"))), "1.6.0"],
    ] as [string, Answer, string | undefined][]
  ) {
    await using desk = await Desk.open();
    await desk.command(answer);
    assert.equal((await desk.remembered()).latest, latest, name);
  }
});

/** As large as GitLab shows an entry with 25 files, their sums in its text. */
function real(version: string) {
  const files = Array.from({ length: 25 }, (_, id) => {
    const name = id < links.length ? links[id]!.name : `autocom_${version}_x86_64-unknown-linux-gnu_${id}.tar.gz`;
    const url = `https://gitlab.example/api/v4/projects/autocommerce%2Fcli/packages/generic/autocom/${version}/${name}`;
    return { id, name, url, direct_asset_url: `${url}/downloads`, link_type: "package" };
  });
  const description = files.map(({ name }) => `${"0".repeat(64)}  ${name}\n`).join("");
  const commit = { id: "0".repeat(40), message: "x".repeat(2_000) };
  return { tag_name: `v${version}`, description, commit, upcoming_release: false, assets: { links: files } };
}

Deno.test("SU2-35: a check that is refused or sent elsewhere is silent, follows nothing, and is repeated after 24 hours", async () => {
  for (const [name, refusal] of Object.entries(REFUSALS)) {
    await using desk = await Desk.open();
    const asks = async (due = true) => {
      assert.equal(await desk.command(refusal, due), "", name);
      return desk.asked.splice(0);
    };
    const address = `${desk.scene.own.releases}/releases?per_page=10`;
    assert.deepEqual(await asks(), [address], name);
    assert.deepEqual(await asks(false), [], name);
    desk.now += 23 * HOUR;
    assert.deepEqual(await asks(false), [], name);
    desk.now += HOUR;
    assert.deepEqual(await asks(), [address], name);
  }
});

/** To root nothing is closed: there the system's refusal is an emulation. */
function closed(path: string, calls: readonly ("lstat" | "open")[]): Files {
  const { files } = denoSystem();
  const denied = (at: string | URL) => {
    if (String(at) !== path) return;
    throw Object.assign(new Deno.errors.PermissionDenied("Permission denied (os error 13)"), { code: "EACCES" });
  };
  const all: Partial<Files> = {
    lstat: async (at) => (denied(at), await files.lstat(at)),
    lstatSync: (at) => (denied(at), files.lstatSync(at)),
    open: async (at, options) => (denied(at), await files.open(at, options)),
    openSync: (at, options) => (denied(at), files.openSync(at, options)),
  };
  return {
    ...files,
    ...Object.fromEntries(Object.entries(all).filter(([name]) => calls.some((c) => name.startsWith(c)))),
  };
}

Deno.test({
  name: "SU2-12: a memory or a folder that nobody may open (000) is silent, and left",
  ignore: Deno.build.os === "windows",
  async fn() {
    for (const which of ["file", "folder"]) {
      await using desk = await Desk.open();
      assert.match(await desk.command(list("1.6.0")), NUDGE);
      const place = which === "file" ? desk.path : join(desk.path, "..");
      const mode = (await Deno.stat(place)).mode! & 0o777;
      await Deno.chmod(place, 0o000);
      if (Deno.uid() === 0) {
        desk.scene.ports.files = closed(desk.path, which === "folder" ? ["lstat", "open"] : ["open"]);
      }
      desk.now += 25 * HOUR;
      desk.asked.length = 0;
      assert.equal(await desk.command(list("1.7.0")), "", which);
      assert.deepEqual(desk.asked, [], "nothing can be kept, so nobody is asked");
      assert.equal((await Deno.stat(place)).mode! & 0o777, 0, "it is left as it is");
      await Deno.chmod(place, mode);
      assert.equal((await desk.remembered()).latest, "1.6.0");
    }
  },
});
