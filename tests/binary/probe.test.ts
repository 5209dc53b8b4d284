import assert from "node:assert/strict";
import { join } from "node:path";
import { bundle, seal } from "../../build/bundle.ts";
import { embed } from "../../build/embed.ts";
import { PERMISSIONS } from "../../build/permissions.ts";
import { HOST, ROOT, RUNTIME } from "../support/build/tree.ts";
import { binaryTest } from "../support/binary/driver.ts";
import type { Phase, Report } from "../support/binary/recorder.ts";
import { fewLines, FULL, lines, RELEASED, sweep } from "../support/binary/scene.ts";
import { KEYRING, SITUATIONS } from "../support/binary/situations.ts";

const folder = Deno.makeTempDirSync({ prefix: "autocom-recorder-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
let compiled: Promise<string> | undefined;

/** Compiles `recorder.ts` as the program is compiled. */
async function compile(): Promise<string> {
  const chunks = join(folder, "recorder");
  const out = join(folder, "autocom-recorder");
  await bundle(ROOT, join("tests", "support", "binary", "recorder.ts"), chunks);
  await seal(chunks);
  await embed({ chunks, entry: "recorder.js", target: HOST, permissions: PERMISSIONS, env: RUNTIME!, out });
  return out;
}

/** Ask the platform for a token at most, which is read before anything is given up. */
const UNANSWERED = ["auth token", "auth refresh", "auth status"];

binaryTest(
  "RT-3: each command needs all that it declares, and is refused the rest from its first answer on",
  async (room) => {
    const recorder = await (compiled ??= compile());
    const declared: { command: string; before: string; after: string }[] = JSON.parse(
      (await room.run(["help", "permissions", "-o", "json"])).out,
    );
    const faults = new Set<string>();
    const used = new Map<string, Record<Phase, Set<string>>>();
    const answered = new Set<string>();
    await sweep(room.binary, {
      situations: SITUATIONS.filter(({ good, rare }) => FULL || (good && !rare)),
      lines: (situation) => FULL || situation === SITUATIONS[0] ? lines() : fewLines(),
      program: ({ home, env }) => {
        env.AUTOCOM_REPORT = `${home}/report`;
        return recorder;
      },
      async look({ line: { command, text }, situation, scene, code, err }) {
        const fault = (what: string) => faults.add(`${text}, with ${situation.name}: ${what}`);
        if (code === 70 || (situation.good && code !== 0)) fault(`exit ${code}: ${err}`);
        const report: Report = JSON.parse(await Deno.readTextFile(`${scene.home}/report`));
        report.refused.forEach(fault);
        const { after } = declared.find((row) => row.command === command)!;
        for (const could of report.could.flat()) {
          if (!after.split(" ").includes(could)) fault(`"${could}" can be done while the answer is read`);
        }
        if (report.could.length > 1) answered.add(command);
        const sum = used.getOrInsertComputed(
          command,
          () => ({ start: new Set(), before: new Set(), after: new Set() }),
        );
        for (const phase of ["before", "after"] as const) report.used[phase].forEach((name) => sum[phase].add(name));
      },
    });
    for (const { command, before, after } of declared) {
      if (command === RELEASED) continue;
      const sum = used.get(command) ?? assert.fail(`no example of ${command} was run`);
      const unused = (names: string, by: Set<string>) => names.split(" ").filter((name) => !by.has(name));
      for (const name of unused(before, sum.before.union(sum.after).add("none"))) {
        faults.add(`${command} never needs "${name}"`);
      }
      // The network is left to every command that has it.
      for (const name of unused(after, sum.after.union(new Set(["none", "net"])))) {
        faults.add(`${command} never needs "${name}" after its first answer`);
      }
    }
    assert.deepEqual([...faults], []);
    const asking = new Set(fewLines().map(({ command }) => command).filter((command) => !UNANSWERED.includes(command)));
    assert.deepEqual(asking.difference(answered), new Set());
  },
  KEYRING,
);

for (const [crash, exit] of [["throw", 10], ["body", 11], ["reject", 70]] as const) {
  binaryTest(
    `LK-5 LK-7: an error that quotes the request (${crash}) is not shown, with --debug neither`,
    async (room) => {
      const program = await (compiled ??= compile());
      const token = room.platform.users.owner.pat;
      const env = {
        AUTOCOM_REPORT: `${room.folder}/report`,
        AUTOCOM_CRASH: crash,
        AUTOCOM_TOKEN: token,
        AUTOCOM_TENANT: "acme",
      };
      await Promise.all([["--debug"], ["-o", "json"], ["-o", "json", "--debug"]].map(async (options) => {
        const { code, out, err } = await room.program([program, "orders", "list", ...options], { env }).end();
        assert.deepEqual([code, out], [exit, ""], err);
        assert.match(err, options.includes("json") ? /^\{"error":\{.*\}\}\n$/m : /^error: .*\n/m);
        for (const part of [token, ...token.split(".")]) assert.ok(!err.includes(part), err);
      }));
    },
  );
}
