import assert from "node:assert/strict";
import { binaryTest } from "../support/binary/driver.ts";
import { onTerminal } from "../support/binary/tty.ts";

const DESKTOP = { DISPLAY: ":0" };

binaryTest(
  "BR-1 BR-6 BR-7: the opener gets the address alone, no secret of ours, and its noise goes nowhere",
  async (room) => {
    const env = { ...DESKTOP, AUTOCOM_TOKEN: room.platform.users.agent.pat, AUTOCOM_DEBUG: "1", SECRET: "s" };
    const login = room.start(["auth", "login", "--tenant", "acme"], { env });
    const opened = await room.opened();
    const [, shown] = await login.until("err", /^ {2}(http:\S+)$/m);
    const [interpreter, opener, ...args] = opened.argv;
    assert.equal(interpreter, "/bin/sh"); // of the stub: the kernel puts it before a script
    assert.match(opener!, /^\/usr\/(local\/)?bin\/xdg-open$/);
    assert.deepEqual(args, [shown]);
    assert.ok("/autocom-x86_64-unknown-linux-gnu".includes(`/${opened.parent}`), opened.parent);
    assert.deepEqual(Object.keys(opened.env).sort(), ["DISPLAY", "HOME", "PATH"]);

    const page = await (await room.fetch(new Request(await room.approve(shown!)))).text();
    assert.match(page, /✓ Logged in — return to your terminal/);
    const { code, out, err } = await login.ended;
    assert.deepEqual([code, out], [0, ""], err);
    assert.doesNotMatch(err, /opener:/);
  },
);

binaryTest("BR-5: an opener that hangs is not waited for", async (room) => {
  const login = room.start(["auth", "login", "--tenant", "acme"], { env: DESKTOP }); // nobody takes the stub's report
  const [, url] = await login.until("err", /^ {2}(http:\S+)$/m);
  await room.fetch(new Request(await room.approve(url!)));
  const { code, err } = await login.ended;
  assert.equal(code, 0, err);
  assert.match((await room.inhabitants()).join("\n"), /xdg-open http/); // it hangs still
});

binaryTest("FT-25: an opener that ends with failure is the paste flow, with the reason", async (room) => {
  await room.shell("printf '#!/bin/sh\\nexit 3\\n' >/.opener");
  const tty = await onTerminal(room, ["auth", "login", "--tenant", "acme"], { env: DESKTOP });
  await tty.until(/on any device \(\S+xdg-open ended with 3\):[^]*Waiting for your approval/);
  const [, url] = await tty.until(/^ {2}(http:\S+)\r$/m);
  await tty.type(`${await room.approve(url!)}\r`);
  const { code, screen } = await tty.end();
  assert.equal(code, 0, screen);

  const alone = await room.run(["auth", "login", "--tenant", "acme"], { env: DESKTOP, shell: 'exec "$@" </dev/null' });
  assert.equal(alone.code, 2, alone.err);
  assert.match(alone.err, /ended with 3[^]*error: cannot log in: .*\nhint: set AUTOCOM_TOKEN/);
}, ["script"]);

binaryTest("OA-5: the port listens before the browser opens", async (room) => {
  const login = room.start(["auth", "login", "--tenant", "acme"], { env: DESKTOP });
  const { argv } = await room.opened();
  const redirect = new URL(new URL(argv.at(-1)!).searchParams.get("redirect_uri")!);
  assert.equal(redirect.hostname, "127.0.0.1");
  assert.equal(await room.errand("answers", redirect.hostname, Number(redirect.port)), true);
  login.signal("SIGTERM");
  assert.equal((await login.ended).code, 143);
});

binaryTest("BR-8: an opener in the working folder or first in PATH is not run", async (room) => {
  const folder = `${room.folder}/hostile`;
  await Deno.mkdir(folder);
  for (const name of ["xdg-open", "open", "sh", "secret-tool", "wslview"]) {
    await Deno.writeTextFile(`${folder}/${name}`, `#!/bin/sh\ntouch '${folder}/ran-${name}'\n`, { mode: 0o755 });
  }
  const shell = `PATH=".:${folder}:/usr/bin" exec "$@"`;
  const login = room.start(["auth", "login", "--tenant", "acme"], { cwd: folder, env: DESKTOP, shell });
  const { argv } = await room.opened();
  assert.match(argv[1]!, /^\/usr\/(local\/)?bin\/xdg-open$/);
  await room.fetch(new Request(await room.approve(argv[2]!)));
  assert.equal((await login.ended).code, 0);
  const ran = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  assert.deepEqual(ran.filter((name) => name.startsWith("ran-")), []);
});
