/**
 * The program with a spy in it: compiled by `permissions.test.ts` with the program's permission set. At the look-up of the
 * session, when the request is sent and when its answer's body is read, it tries what a run may do with its permissions;
 * the last line on stderr tells.
 *
 * @module
 */

import { run } from "../../../src/run.ts";
import { denoSystem } from "../../../src/system/deno.ts";

const TRIES: Record<string, () => unknown> = {
  "read a file": () => Deno.readTextFileSync("/etc/passwd"),
  "write a file": () => Deno.writeTextFileSync("/dev/null", ""),
  "read a variable": () => Deno.env.get("AUTOCOM_TOKEN"),
  "read any variable": () => Deno.env.get("SECRET"),
  "run the keychain's tool": () => new Deno.Command("/usr/bin/secret-tool").spawn().kill(),
  "run a shell": () => new Deno.Command("/bin/sh").spawn().kill(),
  "load a library": () => Deno.dlopen("libc.so.6", {}).close(),
  "ask for the host's name": () => Deno.hostname(),
  "listen": () => Deno.listen({ port: 0, hostname: "127.0.0.1" }).close(),
};

/** Moment → what could be done then. */
const done: Record<string, string[]> = {};

function spy(moment: string): void {
  done[moment] ??= Object.keys(TRIES).filter((name) => {
    try {
      TRIES[name]!();
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) return false;
      throw error;
    }
  });
}

const real = denoSystem();
void real.env; // as every run: the snapshot comes first
const code = await run(Deno.args, {
  ...real,
  files: {
    ...Deno,
    lstat: (path) => {
      if (String(path).endsWith("/credentials")) spy("look-up");
      return Deno.lstat(path);
    },
  },
  async fetch(request) {
    spy("request");
    const { body, status, headers } = await real.fetch(request);
    const read = body!.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>(
        {
          transform(chunk, to) {
            spy("body");
            to.enqueue(chunk);
          },
        },
        undefined,
        { highWaterMark: 0 },
      ),
    );
    return new Response(read, { status, headers });
  },
});
console.error(JSON.stringify(done));
Deno.exit(code);
