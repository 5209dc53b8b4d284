import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { type Disk, readPrivate } from "../../src/storage/mod.ts";
import { denoSystem } from "../../src/system/deno.ts";
import { inFolder } from "../support/storage/folder.ts";

const system = denoSystem();
const secret = { limit: 100, secret: true };
const plain = { limit: 100, secret: false };

/** The reading is refused with exit 3, a message that names the path, and a hint. */
async function refuses(path: string, how: typeof secret, message: RegExp, hint = /./, disk: Disk = system) {
  await assert.rejects(readPrivate(disk, path, how), (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.exit, 3);
    assert.match(error.message, message);
    assert.ok(error.message.includes(path));
    assert.match(error.hint!, hint);
    return true;
  });
}

async function write(path: string, text: string | Uint8Array, mode = 0o600): Promise<string> {
  await Deno.writeFile(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
  await Deno.chmod(path, mode);
  return path;
}

Deno.test(
  "a file that is not there is undefined, and so is one in a folder that is not there",
  inFolder(async (folder) => {
    assert.equal(await readPrivate(system, `${folder}/none`, secret), undefined);
    assert.equal(await readPrivate(system, `${folder}/no/none`, secret), undefined);
  }),
);

Deno.test(
  "the text is read to the limit, byte order mark included",
  inFolder(async (folder) => {
    const text = "\ufeffä" + "x".repeat(95);
    assert.equal(await readPrivate(system, await write(`${folder}/f`, text), secret), text);
    assert.equal(await readPrivate(system, await write(`${folder}/empty`, ""), secret), "");
  }),
);

Deno.test(
  "CF-4: a secret that others can read is refused, with the command that mends it",
  inFolder(async (folder) => {
    for (const mode of [0o644, 0o640, 0o604, 0o620, 0o601]) {
      const path = await write(`${folder}/a b`, "x", mode);
      await refuses(path, secret, /other users may read or change it \(mode 0/, /^chmod 600 '.*a b'$/);
    }
    assert.equal(await readPrivate(system, await write(`${folder}/f`, "x", 0o400), secret), "x");
  }),
);

Deno.test(
  "a file without secrets may be read by others, and changed by nobody else",
  inFolder(async (folder) => {
    assert.equal(await readPrivate(system, await write(`${folder}/f`, "x", 0o644), plain), "x");
    await refuses(await write(`${folder}/f`, "x", 0o664), plain, /may change it \(mode 0664\)/, /^chmod go-w /);
    await refuses(await write(`${folder}/f`, "x", 0o646), plain, /may change it/);
  }),
);

Deno.test(
  "CF-5, CF-6, CF-7: a secret behind a symlink is refused, wherever the link leads",
  inFolder(async (folder) => {
    await write(`${folder}/victim`, "x");
    for (const target of [`${folder}/victim`, `${folder}/none`, "/dev/stdout", "/proc/self/fd/1", "/dev/zero"]) {
      await Deno.symlink(target, `${folder}/link`);
      await refuses(`${folder}/link`, secret, /symbolic link/, NAMED);
      await Deno.remove(`${folder}/link`);
    }
  }),
);

const NAMED = /^set AUTOCOM_CREDENTIALS_FILE to the full path of a file, or unset it$/;

Deno.test(
  "FT-51: nobody is told to remove a link of the system's, only one in ~/.autocom",
  inFolder(async (folder) => {
    await refuses("/dev/stdin", secret, /^refusing to use \/dev\/stdin: it is a symbolic link$/, NAMED);
    await Deno.mkdir(`${folder}/.autocom`);
    const path = `${folder}/.autocom/credentials`;
    await Deno.symlink("/dev/null", path);
    await refuses(path, secret, /symbolic link/, new RegExp(`^remove the link: rm ${path}$`));
  }),
);

Deno.test(
  "a file without secrets may be a symlink to a regular file, and to nothing else",
  inFolder(async (folder) => {
    await write(`${folder}/target`, "x");
    await Deno.symlink("target", `${folder}/link`);
    await Deno.symlink("none", `${folder}/dangling`);
    await Deno.symlink("/dev/zero", `${folder}/device`);
    await Deno.symlink("loop", `${folder}/loop`);
    assert.equal(await readPrivate(system, `${folder}/link`, plain), "x");
    await refuses(`${folder}/dangling`, plain, /symbolic link to nothing/);
    await refuses(`${folder}/device`, plain, /a device/);
    await refuses(`${folder}/loop`, plain, /too many symbolic links \(ELOOP\)/);
    await Deno.chmod(`${folder}/target`, 0o666);
    await refuses(`${folder}/link`, plain, /may change it/);
  }),
);

Deno.test(
  "CF-11: a pipe is refused at once: opening it would block the whole program",
  inFolder(async (folder) => {
    await new Deno.Command("mkfifo", { args: ["-m", "600", `${folder}/pipe`] }).output();
    for (const how of [secret, plain]) await refuses(`${folder}/pipe`, how, /it is a pipe/);
  }),
);

Deno.test(
  "CF-12: a folder, a device and a socket are refused",
  inFolder(async (folder) => {
    const server = Deno.listen({ transport: "unix", path: `${folder}/socket` });
    for (const how of [secret, plain]) {
      await refuses(folder, how, /it is a folder/);
      await refuses("/dev/zero", how, /it is a device/);
      await refuses(`${folder}/socket`, how, /it is a socket/);
    }
    server.close();
    await write(`${folder}/file`, "x");
  }),
);

Deno.test(
  "CF-13: a file of another user is refused",
  inFolder(async (folder) => {
    const other = { ...system, host: { ...system.host, uid: system.host.uid! + 1 } };
    await Deno.mkdir(`${folder}/.autocom`);
    // What is root's elsewhere is so for a reason: nobody is told to take /etc/shadow, nor what is in root's own home.
    for (
      const [place, hint] of [
        ["f", /^name a file of yours in AUTOCOM_CREDENTIALS_FILE$/],
        [".autocom/f", /^set HOME to a folder of yours, or AUTOCOM_CREDENTIALS_FILE to the full path of a file$/],
      ] as const
    ) {
      const path = await write(`${folder}/${place}`, "x");
      await refuses(path, secret, /belongs to another user \(uid \d+\)/, hint, other);
    }
  }),
);

Deno.test({
  name: "CF-13: a file without secrets may be root's, and nobody else's",
  ignore: Deno.uid() !== 0,
  fn: inFolder(async (folder) => {
    const path = await write(`${folder}/f`, "x", 0o644);
    const user = { ...system, host: { ...system.host, uid: 4_242 } };
    assert.equal(await readPrivate(user, path, plain), "x");
    await Deno.chown(path, 4_243, null);
    await refuses(path, plain, /belongs to another user \(uid 4243\)/, /./, user);
  }),
});

Deno.test(
  "a secret with a second name is refused: whoever has that name reads on",
  inFolder(async (folder) => {
    const path = await write(`${folder}/f`, "x");
    await Deno.link(path, `${folder}/second`);
    await refuses(path, secret, /second name/);
    assert.equal(await readPrivate(system, path, plain), "x");
  }),
);

Deno.test(
  "CF-15: a file that is too large or not UTF-8 is refused and left alone",
  inFolder(async (folder) => {
    await refuses(await write(`${folder}/large`, "x".repeat(101)), secret, /larger than 100 bytes/);
    const bytes = new Uint8Array([0x7b, 0xff, 0x7d]);
    await refuses(await write(`${folder}/latin`, bytes), secret, /damaged \(not UTF-8 text\)/, /^save it as UTF-8/);
    assert.deepEqual(await Deno.readFile(`${folder}/latin`), bytes);
  }),
);

Deno.test(
  "what was opened is what was checked: a file that is swapped in between is looked at again",
  inFolder(async (folder) => {
    const path = await write(`${folder}/f`, "old");
    let swaps = 0;
    const swapping = (times: number): Disk => ({
      ...system,
      files: {
        ...Deno,
        async open(...args) {
          if (swaps++ < times) {
            await write(`${folder}/next`, "new", 0o600);
            await Deno.rename(`${folder}/next`, path);
          }
          return await Deno.open(...args);
        },
      },
    });
    assert.equal(await readPrivate(swapping(2), path, secret), "new");
    assert.equal(swaps, 3);
    await refuses(path, secret, /keeps being replaced/, /try again/, swapping(Infinity));
  }),
);

Deno.test(
  "on Windows modes and owners mean nothing, and kinds still do",
  inFolder(async (folder) => {
    const windows: Disk = { ...system, host: { ...system.host, os: "windows", uid: null } };
    assert.equal(await readPrivate(windows, await write(`${folder}/f`, "x", 0o666), secret), "x");
    await refuses(folder, secret, /it is a folder/, /./, windows);
  }),
);

Deno.test(
  "FT-51: too many open files are said, with what lets a process have more",
  inFolder(async (folder) => {
    const path = await write(`${folder}/f`, "x");
    for (
      const [code, why, hint] of [
        ["EMFILE", /: this process has too many open files \(EMFILE\)$/, /^ulimit -n 1024$/],
        ["ENFILE", /: this machine has too many open files \(ENFILE\)$/, /^close other programs, then try again$/],
      ] as const
    ) {
      const open = () => Promise.reject(Object.assign(new Error("x"), { code }));
      await refuses(path, plain, why, hint, { ...system, files: { ...system.files, open } });
    }
  }),
);

Deno.test(
  "FT-44: what another user's home or a sudo left names the variable and the command that lead on",
  inFolder(async (folder) => {
    for (const code of ["EACCES", "EPERM"]) {
      const denied = () => Promise.reject(Object.assign(new Error("x"), { code }));
      const foreign = { ...system, files: { ...system.files, lstat: denied } };
      const chown = new RegExp(`or after a sudo: sudo chown -R "\\$\\(id -un\\)" ${folder}/\\.autocom$`);
      for (const [how, variable] of [[secret, "AUTOCOM_CREDENTIALS_FILE"], [plain, "AUTOCOM_CONFIG"]] as const) {
        await refuses(`${folder}/.autocom/f`, how, new RegExp(`\\(${code}\\)$`), new RegExp(variable), foreign);
        await refuses(`${folder}/.autocom/f`, how, /cannot read/, chown, foreign);
        const alone = new RegExp(`^name a file of yours in ${variable}$`);
        await refuses("/etc/f", how, /cannot read/, alone, foreign);
      }
    }
  }),
);
