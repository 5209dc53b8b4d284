/** What the README says to type is typed here, as it stands. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { load } from "js-yaml";
import { binaryTest } from "../support/binary/driver.ts";
import { ROOT } from "../support/build/tree.ts";
import { PATH } from "../support/programs.ts";

const README = await Deno.readTextFile(join(ROOT, "README.md"));
const [, yaml] = /```yaml\n(orders:\n[^]*?)```/.exec(README)!;
const JOB = (load(yaml!) as { orders: { before_script: string[]; script: string[] } }).orders;

binaryTest("FT-54: the CI example fetches the program, checks its sum, and runs", async (room) => {
  const bin = join(room.folder, "bin");
  await Deno.mkdir(bin);
  const lines = [...JOB.before_script.filter((line) => !line.startsWith("apt-get")), ...JOB.script]
    .map((line) =>
      line.replaceAll("/usr/local/bin", bin).replaceAll("autocom-x86_64-unknown-linux-gnu", basename(room.binary))
    );
  const job = async (sum: string) =>
    await room.program(["true"], {
      shell: ["set -e", ...lines].join("\n"),
      env: {
        PATH: `${bin}:${PATH}`,
        AUTOCOM_TENANT: "acme",
        AUTOCOM_TOKEN: room.platform.users.owner.pat,
        AUTOCOM_DOWNLOAD: `file://${dirname(room.binary)}`,
        AUTOCOM_SHA256: sum,
      },
    }).end();
  const sum = createHash("sha256").update(await Deno.readFile(room.binary)).digest("hex");

  const refused = await job(sum.replace(/^./, (digit) => digit === "0" ? "1" : "0"));
  assert.equal(refused.code, 1);
  assert.match(refused.err, /checksum did NOT match/);
  assert.equal((await Deno.stat(join(bin, "autocom"))).mode! & 0o111, 0, "what is not right cannot be run");

  const { code, err } = await job(sum);
  assert.equal(code, 0, err);
  const orders = JSON.parse(await Deno.readTextFile(join(room.folder, "orders.json"))) as { status: string }[];
  assert.ok(orders.length > 0 && orders.every(({ status }) => status === "pending"));
}, ["curl", "sha256sum"]);
