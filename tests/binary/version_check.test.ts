/** The version check of the compiled program, on a terminal: what it sends, when, and what it costs a command. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { createSandbox, serveSandbox } from "../platform/sandbox/mod.ts";
import { RUNTIME } from "../support/build/tree.ts";
import { missing } from "../support/programs.ts";
import { Built, type Machine, OLD } from "../support/upgrade/built.ts";
import { Wire } from "../support/upgrade/wire.ts";

const ignore = !RUNTIME || Deno.build.os !== "linux" || missing(["script"]).length > 0;
const HOUR = 3_600_000;

/** A built program, a platform it is logged in to, and what stands where releases are asked for. */
class Terminal implements AsyncDisposable {
  private constructor(
    readonly built: Built,
    readonly machine: Machine,
    readonly wire: Wire,
    readonly env: Record<string, string>,
    private readonly stack: AsyncDisposableStack,
  ) {}

  static async open(): Promise<Terminal> {
    await using stack = new AsyncDisposableStack();
    const built = stack.use(await Built.make());
    const machine = stack.use(await built.machine());
    const port = Number(new URL(built.server.origin).port);
    await built.server[Symbol.asyncDispose]();
    const wire = stack.use(new Wire(port));
    const sandbox = await createSandbox();
    const { url, shutdown } = serveSandbox(sandbox);
    stack.defer(shutdown);
    const env = {
      AUTOCOM_API_URL: `${url}/api/v1`,
      AUTOCOM_TOKEN: sandbox.descriptor(url).users.owner.pat,
      TERM: "xterm",
    };
    return new Terminal(built, machine, wire, env, stack.move());
  }

  /** `autocom args` on a terminal, to its end. */
  async run(args: string[], env: Record<string, string> = {}): Promise<{ code: number; screen: string }> {
    const words = [this.machine.path, ...args].map((word) => `'${word}'`).join(" ");
    const before = ["script", "-qefc", words, "/dev/null"];
    const { code, out } = await this.machine.run([], {
      before,
      program: "--",
      env: { ...this.env, SHELL: "/bin/sh", ...env },
    });
    return { code, screen: out.replaceAll("\r\n", "\n") };
  }

  get cache(): string {
    return join(this.machine.home, ".autocom", "upgrade-check.json");
  }

  async remembered(): Promise<Record<string, unknown>> {
    return JSON.parse(await Deno.readTextFile(this.cache));
  }

  /** As if that had been remembered. */
  async remember(memory: Record<string, unknown> | string): Promise<void> {
    await Deno.mkdir(join(this.machine.home, ".autocom"), { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(this.cache, typeof memory === "string" ? memory : JSON.stringify(memory), { mode: 0o600 });
  }

  async forget(): Promise<void> {
    await Deno.remove(this.cache, { recursive: true }).catch(() => {});
    this.wire.heard.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync();
  }
}

const ORDERS = ["orders", "list", "--tenant", "acme", "--per-page", "1"];
const NUDGE = /\n↑ autocom 1\.6\.0 available \(you're on 1\.0\.0\)\n {2}autocom upgrade, or autocom upgrade --check\n$/;
const NEWER = {
  tag_name: "v1.6.0",
  name: "\x1b[31m\u202e evil ",
  description: "x".repeat(10_000),
  upcoming_release: false,
};
const links = ["manifest.json", "manifest.json.minisig"].map((name) => ({ name, url: `https://example.test/${name}` }));
const LIST = JSON.stringify([{ ...NEWER, assets: { links } }]);

Deno.test({
  name: "the version check of the compiled program",
  ignore,
  async fn(t) {
    await using terminal = await Terminal.open();
    const { wire } = terminal;
    const orders = async (env: Record<string, string> = {}, args = ORDERS) => {
      const { code, screen } = await terminal.run(args, env);
      assert.equal(code, 0, screen);
      return screen;
    };
    /** Repeats a command until the check was done within one: a command does not wait for it. */
    const answered = async () => {
      for (;;) {
        const screen = await orders();
        if ("done" in await terminal.remembered()) return screen;
        await terminal.forget();
      }
    };

    await t.step("the bytes on the wire are these, and no others", async () => {
      wire.answer = LIST;
      await answered();
      const golden = await Deno.readTextFile(join(import.meta.dirname!, "version_check.golden.txt"));
      const port = new URL(terminal.built.server.origin).port;
      assert.equal(wire.heard[0]!.replaceAll("\r\n", "\n"), golden.replace("PORT", port));
    });

    await t.step("SU2-46: the nudge is our words and a version, on stderr, at most every six hours", async () => {
      const now = Date.now();
      await terminal.remember({ done: now, tried: now, latest: "1.6.0" });
      assert.match(await orders(), NUDGE);
      const { nudged } = await terminal.remembered();
      assert.ok(Number(nudged) >= now);
      assert.doesNotMatch(await orders(), /↑/);
      await terminal.remember({ done: now, tried: now, latest: "1.6.0", nudged: now - 6 * HOUR });
      assert.match(await orders(), NUDGE);
      wire.heard.length = 0;
      await orders();
      assert.deepEqual(wire.heard, [], "once in 24 hours");
    });

    await t.step(
      "SU2-9: what was rolled back from, what is older than what was seen, what is no newer: no nudge",
      async () => {
        const now = Date.now();
        for (
          const memory of [{ skipped: "1.6.0" }, { seen: "1.7.0" }, { latest: OLD }, { latest: "0.9.0" }, {
            latest: undefined,
          }]
        ) {
          await terminal.remember({ done: now, tried: now, latest: "1.6.0", ...memory });
          assert.doesNotMatch(await orders(), /↑/, JSON.stringify(memory));
        }
      },
    );

    await t.step(
      "SU2-42: a server that hangs, resets or sends junk is never waited for, and nothing is said",
      async () => {
        for (const answer of ["hang", "reset", "junk", "<!doctype html>", "{}", "null", "[1]", `[${"9".repeat(10)}]`]) {
          await terminal.forget();
          wire.answer = answer;
          assert.doesNotMatch(await orders(), /↑|error|warning/, answer);
          assert.equal(typeof (await terminal.remembered()).tried, "number");
        }
      },
    );

    await t.step(
      "one that was cut off is tried again after 10 minutes; one that was answered after 24 hours",
      async () => {
        wire.answer = "hang";
        const now = Date.now();
        const asks = async (memory: Record<string, unknown>) => {
          await terminal.remember(memory);
          wire.heard.length = 0;
          await orders();
          return Number((await terminal.remembered()).tried) > now;
        };
        assert.equal(await asks({ tried: now - 9 * 60_000 }), false);
        assert.equal(await asks({ tried: now - 11 * 60_000 }), true);
        assert.equal(await asks({ tried: now - 23 * HOUR, done: now - 23 * HOUR }), false);
        assert.equal(await asks({ tried: now - 25 * HOUR, done: now - 25 * HOUR }), true);
      },
    );

    await t.step("the result counts only if the command succeeded", async () => {
      wire.answer = LIST;
      await terminal.forget();
      const { code, screen } = await terminal.run(["orders", "get", "ORD-NONE", "--tenant", "acme"]);
      assert.equal(code, 7, screen);
      assert.doesNotMatch(screen, /↑/);
      const { done, latest, tried } = await terminal.remembered();
      assert.deepEqual([done, latest, typeof tried], [undefined, undefined, "number"]);
    });

    await t.step(
      "SU-15, SU2-44: each opt-out alone, and where there is no home: no packet, no file, no word",
      async () => {
        wire.answer = LIST;
        const config = join(terminal.machine.home, "config.toml");
        await Deno.writeTextFile(config, "no_telemetry = true\n", { mode: 0o600 });
        const broken = join(terminal.machine.home, "broken.toml");
        await Deno.writeTextFile(broken, "no_telemetry = maybe\n", { mode: 0o600 });
        const off: [string, Record<string, string>, string[]?][] = [
          ["no_telemetry", { AUTOCOM_CONFIG: config }],
          ["AUTOCOM_NO_TELEMETRY", { AUTOCOM_NO_TELEMETRY: "1" }],
          ["AUTOCOM_NO_UPGRADE_CHECK", { AUTOCOM_NO_UPGRADE_CHECK: "1" }],
          ["DO_NOT_TRACK", { DO_NOT_TRACK: "1" }],
          ["CI", { CI: "true" }],
          ["a switch that is none", { AUTOCOM_NO_TELEMETRY: "perhaps" }],
          ["-q", {}, [...ORDERS, "-q"]],
          ...["json", "jsonl", "yaml", "csv"].map((
            format,
          ): [string, Record<string, string>, string[]] => [format, {}, [...ORDERS, "-o", format]]),
          ["AUTOCOM_OUTPUT", { AUTOCOM_OUTPUT: "json" }],
          ["no network", {}, ["config", "path"]],
          ["no home", { HOME: "" }],
          ["a home that is no folder", { HOME: "/dev/null" }],
        ];
        for (const [name, env, args] of off) {
          await terminal.forget();
          const { screen } = await terminal.run(args ?? ORDERS, env);
          assert.doesNotMatch(screen, /↑/, name);
          assert.deepEqual(wire.heard, [], name);
          await assert.rejects(Deno.stat(terminal.cache), Deno.errors.NotFound, name);
        }
        await terminal.forget();
        const { code, screen } = await terminal.run(ORDERS, { AUTOCOM_CONFIG: broken });
        assert.deepEqual([code, wire.heard], [3, []], screen);
        for (const stream of [">/dev/null", "2>/dev/null", "| cat"]) {
          const line = `'${terminal.machine.path}' ${ORDERS.join(" ")} ${stream}`;
          await terminal.run([], {});
          await terminal.forget();
          await terminal.machine.run([], {
            before: ["script", "-qefc", line, "/dev/null"],
            program: "--",
            env: { ...terminal.env, SHELL: "/bin/sh" },
          });
          assert.deepEqual(wire.heard, [], stream);
        }
        await terminal.forget();
        await answered();
        assert.ok(wire.heard.length > 0, "without any of them it is asked");
      },
    );

    await t.step("SU2-12: a cache that is junk is silent, and nothing of it is shown", async () => {
      wire.answer = "hang";
      const junk: [string, () => Promise<void>][] = [
        ["truncated", () => terminal.remember('{"tried":1')],
        ["binary", () => terminal.remember("\x00\x01\xff\x1b[31m")],
        ["large", () => terminal.remember("9".repeat(5_000_000))],
        [
          "hostile",
          () => terminal.remember({ latest: "9.9.9\x1b[31m", nudged: "x", done: -1, tried: 1e300, seen: "../../x" }),
        ],
        ["an array", () => terminal.remember("[]")],
        ["a folder", () => Deno.mkdir(terminal.cache, { recursive: true })],
        ["a pipe", async () => void await new Deno.Command("mkfifo", { args: [terminal.cache] }).output()],
        ["a link", () => Deno.symlink("/etc/hostname", terminal.cache)],
        ["readable to all", async () => (await terminal.remember({}), await Deno.chmod(terminal.cache, 0o666))],
        ["of mode 000", async () => (await terminal.remember({}), await Deno.chmod(terminal.cache, 0))],
      ];
      const foreign = async () => (await terminal.remember({}), await Deno.chown(terminal.cache, 12345, 12345));
      if (Deno.uid() === 0) junk.push(["of another user", foreign]); // only root can give a file away
      for (const [name, make] of junk) {
        await terminal.forget();
        await make();
        assert.doesNotMatch(await orders(), /↑|error|warning|9\.9\.9/, name);
      }
      await terminal.forget();
      assert.equal(await Deno.readTextFile("/etc/hostname").then((text) => text.includes("tried")), false);
    });

    await t.step("SU2-43: ten commands at once: one check in all, one nudge, a cache that is whole", async () => {
      wire.answer = "hang";
      await terminal.forget();
      await terminal.remember({ latest: "1.6.0" });
      const screens = await Promise.all(Array.from({ length: 10 }, () => orders()));
      assert.equal(screens.filter((screen) => NUDGE.test(screen)).length, 1);
      assert.ok(wire.heard.length <= 1, `${wire.heard.length} checks`);
      const { tried, nudged, latest } = await terminal.remembered();
      assert.deepEqual([typeof tried, typeof nudged, latest], ["number", "number", "1.6.0"]);
      assert.equal((await Deno.stat(terminal.cache)).size, 512);
    });

    await t.step("SU2-42: a server that refuses the connection is never waited for, and nothing is said", async () => {
      wire.refuse();
      await terminal.forget();
      assert.doesNotMatch(await orders(), /↑|error|warning/);
      assert.equal(typeof (await terminal.remembered()).tried, "number");
      await terminal.remember({ latest: "1.6.0" });
      assert.match(await orders(), NUDGE, "what was known is told");
      assert.equal((await terminal.remembered()).latest, "1.6.0");
    });
  },
});
