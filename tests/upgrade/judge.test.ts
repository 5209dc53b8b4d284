/** `upgrade --verify`: what a downloaded file is, also when it lies alone or has another name. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { judge } from "../../src/upgrade/judge.ts";
import { Scene } from "../support/upgrade/scene.ts";

const PAIR = ["manifest.json", "manifest.json.minisig"] as const;

/** Those files of a release in a folder of their own, by their new names. */
async function downloaded(scene: Scene, version: string, files: Record<string, string>): Promise<string[]> {
  const folder = await Deno.makeTempDir({ dir: scene.folder });
  const names = Object.entries(files).map(([name, as]) => [scene.server.files.get(`${version}/${name}`)!, as] as const);
  for (const [bytes, as] of names) await Deno.writeFile(join(folder, as), bytes);
  return names.map(([, as]) => join(folder, as));
}

Deno.test("a manifest or its signature that lies alone, or has another name, is that of its release", async () => {
  await using scene = await Scene.open();
  for (const version of ["1.1.0", "1.2.0"]) await scene.release(version);
  for (const [name, is] of [[PAIR[0], "manifest"], [PAIR[1], "signature"]] as const) {
    for (const as of [name, "renamed"]) {
      const [verdict] = await judge(scene.app(), scene.own, await downloaded(scene, "1.1.0", { [name]: as }));
      assert.deepEqual([verdict!.signed, verdict!.version, verdict!.is], [true, "1.1.0", is], as);
    }
  }
});

Deno.test("a manifest alone that no release of the list has cannot be told: its signature is asked for, and decides", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  const [manifest] = await downloaded(scene, "1.1.0", { [PAIR[0]]: PAIR[0] });
  const [both] = await downloaded(scene, "1.1.0", { [PAIR[0]]: PAIR[0], [PAIR[1]]: PAIR[1] });
  const [signature] = await downloaded(scene, "1.1.0", { [PAIR[1]]: PAIR[1] });
  scene.server.entries.length = 0; // withdrawn
  const verdicts = await judge(scene.app(), scene.own, [manifest!, signature!, both!]);
  assert.deepEqual(verdicts.map(({ signed, without }) => [signed, without]), [
    [false, PAIR[1]],
    [false, PAIR[0]],
    [true, undefined],
  ]);
  await Deno.writeTextFile(both!, " ", { append: true });
  await assert.rejects(judge(scene.app(), scene.own, [both!]), /signature is refused/);
});

Deno.test("another file of that name is no manifest, and is not signed", async () => {
  await using scene = await Scene.open();
  await scene.release("1.1.0");
  const [manifest] = await downloaded(scene, "1.1.0", { [PAIR[0]]: PAIR[0] });
  await Deno.writeTextFile(manifest!, '{"name":"a web app"}');
  const [verdict] = await judge(scene.app(), scene.own, [manifest!]);
  assert.deepEqual([verdict!.signed, verdict!.is], [false, null]);
});
