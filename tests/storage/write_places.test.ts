import assert from "node:assert/strict";
import { writePrivate } from "../../src/storage/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { inFolder, modeOf, names } from "../support/storage/folder.ts";
import { refuses } from "../support/storage/refuses.ts";

const system = denoSystem();
const secret = { secret: true };
const plain = { secret: false };

Deno.test(
  "CF-5: a secret is not written through a symlink, and the victim keeps its text and its mode",
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/victim`, "theirs", { mode: 0o644 });
    await Deno.symlink(`${folder}/victim`, `${folder}/f`);
    await refuses(
      writePrivate(system, `${folder}/f`, "x", secret),
      /symbolic link/,
      /^set AUTOCOM_CREDENTIALS_FILE to /,
    );
    assert.equal(await Deno.readTextFile(`${folder}/victim`), "theirs");
    assert.equal(modeOf(`${folder}/victim`), "644");
  }),
);

Deno.test(
  "CF-6, CF-7: a dangling symlink is not written through, nor one to a device or a pipe",
  inFolder(async (folder) => {
    await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
    for (const target of [`${folder}/none`, `${folder}/pipe`, "/dev/full"]) {
      await Deno.symlink(target, `${folder}/f`);
      await refuses(writePrivate(system, `${folder}/f`, "x", secret), /symbolic link/);
      await refuses(writePrivate(system, `${folder}/f`, "x", plain), /symbolic link to nothing|a device|a pipe/);
      await Deno.remove(`${folder}/f`);
    }
    await Deno.remove(`${folder}/pipe`);
    assert.deepEqual(await names(folder), []);
  }),
);

Deno.test(
  "a folder that is a link to nothing is called that, and nothing is made where it leads",
  inFolder(async (folder) => {
    await Deno.symlink("none", `${folder}/.autocom`);
    for (const how of [secret, plain]) {
      const written = writePrivate(system, `${folder}/.autocom/f`, "x", how);
      await refuses(written, /\.autocom: it is a symbolic link to nothing/, /^remove the link: rm /);
    }
    assert.deepEqual(await names(folder), [".autocom"]);
  }),
);

Deno.test(
  "a file without secrets is written where its symlink leads, and the link stays",
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/dotfiles`, { mode: 0o755 });
    await Deno.writeTextFile(`${folder}/dotfiles/config`, "old");
    await Deno.symlink("dotfiles/config", `${folder}/config`);
    await writePrivate(system, `${folder}/config`, "new", plain);
    assert.equal(await Deno.readLink(`${folder}/config`), "dotfiles/config");
    assert.equal(await Deno.readTextFile(`${folder}/dotfiles/config`), "new");
    assert.deepEqual(await names(folder), ["config", "dotfiles"]);
    assert.deepEqual(await names(`${folder}/dotfiles`), ["config"]);
  }),
);

Deno.test(
  "CF-12: a folder, a pipe and a device are not replaced",
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/folder`);
    await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
    await refuses(writePrivate(system, `${folder}/folder`, "x", secret), /it is a folder/);
    await refuses(writePrivate(system, `${folder}/pipe`, "x", secret), /it is a pipe/);
    await refuses(writePrivate(system, "/dev/null", "x", secret), /it is a device/);
    assert.deepEqual(await names(folder), ["folder", "pipe"]);
  }),
);

Deno.test(
  "CF-9: names that were guessed for the temporary file do no harm",
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/victim`, "theirs");
    const guesses = ["f.tmp", ".f.tmp", ".f.swp", `.f.${"0".repeat(16)}.tmp`];
    for (const name of guesses) await Deno.symlink(`${folder}/victim`, `${folder}/${name}`);
    await writePrivate(system, `${folder}/f`, "x", secret);
    const unlucky = { ...system, random: { ...system.random, bytes: (length: number) => new Uint8Array(length) } };
    await refuses(writePrivate(unlucky, `${folder}/f`, "y", secret), /EEXIST/);
    assert.equal(await Deno.readTextFile(`${folder}/victim`), "theirs");
    assert.equal(await Deno.readTextFile(`${folder}/f`), "x");
    assert.deepEqual(await names(folder), [...guesses, "f", "victim"].sort());
  }),
);
