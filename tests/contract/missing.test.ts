/** Where the Laravel platform cannot be had, one line names what is missing. */

import assert from "node:assert/strict";
import { install, Missing } from "../platform/composer.ts";

const MODULES = "dom\nmbstring\nopenssl\npdo_sqlite\n";

const REFUSAL = `Your requirements could not be resolved to an installable set of packages.

  Problem 1
    - Root composer.json requires laravel/passport, it could not be found in any version, there may be a typo.
`;

const MACHINES: [about: string, programs: Record<string, string>, named: string][] = [
  ["no PHP", {}, "php"],
  ["an old PHP", { php: `[ $1 = -m ] && printf '${MODULES}' || echo 80100` }, "PHP 8.2 (php is 80100)"],
  ["a PHP without SQLite", { php: "[ $1 = -m ] && echo openssl || echo 80200" }, `PHP's extension "dom"`],
  ["no Composer", { php: `[ $1 = -m ] && printf '${MODULES}' || echo 80200` }, "composer"],
  [
    "a registry without a package",
    { php: `[ $1 = -m ] && printf '${MODULES}' || echo 80200`, composer: `echo "${REFUSAL}" >&2; exit 2` },
    'the Composer package "laravel/passport"',
  ],
];

for (const [about, programs, named] of MACHINES) {
  Deno.test({
    name: `on a machine with ${about} the Laravel platform names what is missing`,
    ignore: Deno.build.os === "windows",
    async fn() {
      const folder = await Deno.makeTempDir();
      try {
        await Deno.writeTextFile(`${folder}/composer.json`, "{}");
        for (const [name, script] of Object.entries(programs)) {
          await Deno.writeTextFile(`${folder}/${name}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
        }
        await assert.rejects(install(folder, { env: { PATH: folder } }), (error) => {
          assert.ok(error instanceof Missing, String(error));
          assert.equal(error.message, named);
          return true;
        });
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
