/**
 * What the compiled program may do at most, system by system: made of what the program itself says that it reads and
 * starts. At run time each command gives up what it does not declare. Why the rest is whole: decisions of ARCHITECTURE.md
 * and SECURITY-MODEL.md.
 *
 * @module
 */

import { OPENERS } from "../src/auth/browser.ts";
import { SECURITY_TOOL } from "../src/keychain/macos.ts";
import { SECRET_TOOL } from "../src/keychain/answers.ts";
import { ENVIRONMENT, STEERING } from "../src/system/environment.ts";

/** Names of the variables that are read or taken out; those of autocom's own by their beginning. */
const env = [...new Set([...ENVIRONMENT, ...STEERING].map((name) => name.startsWith("AUTOCOM_") ? "AUTOCOM_*" : name))]
  .toSorted();

/** `import` by its `deny` form: an empty list would embed the runtime's own hosts. */
const everywhere = {
  env,
  net: true,
  read: true,
  write: true,
  sys: ["uid", "osRelease"],
  import: { deny: true },
} as const;

/** By the names that `deno compile -P=` takes. A scoped `ffi` embeds the build's folder, and breaks on Windows. */
export const PERMISSIONS = {
  linux: { ...everywhere, ffi: true, run: [SECRET_TOOL, ...OPENERS.linux] },
  macos: { ...everywhere, run: [SECURITY_TOOL, ...OPENERS.darwin] },
  windows: { ...everywhere, ffi: true, run: [...OPENERS.windows] },
} as const;
