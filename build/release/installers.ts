/**
 * `install.sh`, `install.ps1` and the Homebrew formula of one release, with its own hashes in them.
 *
 * @module
 */

import { join } from "node:path";
import type { Manifest } from "../../src/upgrade/manifest.ts";
import { BuildError } from "../process.ts";
import { TARGETS } from "../targets.ts";

/** File name → text. `base` is the address of the folder that holds the archives. */
export async function installers(manifest: Manifest, base: string): Promise<Record<string, string>> {
  const published = TARGETS.flatMap((target) => {
    const files = manifest.files[target.triple];
    return files ? [{ ...target, ...files.archive }] : [];
  });
  const need = (os: string) => {
    const target = published.find((target) => target.os === os);
    const { system, version } = target ? manifest.needs[target.triple]! : { system: "none", version: [0] };
    return { text: `${system} ${version.join(".")}`, version: version.join(".") };
  };
  const posix = published.filter(({ os }) => os !== "windows");
  const windows = published.find(({ os }) => os === "windows");
  const values: Record<string, string> = {
    VERSION: manifest.version,
    BASE: base,
    SUMS: posix.map(({ label, sha256 }) => `    ${label}) printf '%s' ${sha256} ;;`).join("\n"),
    SIZES: posix.map(({ label, size }) => `    ${label}) printf %s ${size} ;;`).join("\n"),
    GLIBC: need("linux").text,
    GLIBC_VERSION: need("linux").version,
    MACOS: need("darwin").text,
    MACOS_VERSION: need("darwin").version,
    WINDOWS: need("windows").text,
    ...windows && { ARCHIVE: windows.name, SHA256: windows.sha256, SIZE: `${windows.size}` },
  };
  for (const { label, name, sha256 } of posix) {
    values[`${label.toUpperCase()}_NAME`] = name;
    values[`${label.toUpperCase()}_SHA256`] = sha256;
  }
  const wanted = ["install.sh", ...windows ? ["install.ps1"] : [], ...posix.length === 4 ? ["autocom.rb"] : []];
  const made: Record<string, string> = {};
  for (const name of wanted) {
    made[name] = fill(await Deno.readTextFile(join(import.meta.dirname!, "templates", name)), values);
  }
  return made;
}

/** Each placeholder has a value that means nothing to a shell. */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/@@([A-Z0-9_]+)@@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new BuildError(`a template asks for "${name}", which this release does not have`);
    if (!["SUMS", "SIZES"].includes(name) && !/^[A-Za-z0-9 .:/%_-]*$/.test(value)) {
      throw new BuildError(`"${value}" cannot be in a script`);
    }
    return value;
  });
}
