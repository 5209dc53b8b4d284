/**
 * What is in the program, as CycloneDX 1.6 JSON: the packages whose code is really in the bundle, and the runtime.
 * The runtime's own libraries (V8, Deno's crates) are not listed. Neither a time nor a serial number: the same program
 * has the same SBOM. What a build is given beside the commit stands in it, so that anybody can build the same again.
 *
 * @module
 */

import { join } from "node:path";
import { BuildError } from "../process.ts";

export interface Inventory {
  version: string;
  /** `name@version` */
  packages: readonly string[];
  /** Version of Deno, and target → SHA-256 of its runtime. */
  runtime: { version: string; hashes: Readonly<Record<string, string>> };
  /** Public, as every OAuth client id of a program; empty when the build was given none. */
  clientId: string;
}

/** The property of the program that holds the client id: the variable that a build takes it from. */
const CLIENT_ID = "AUTOCOM_BUILD_CLIENT_ID";

export async function sbom(root: string, { version, packages, runtime, clientId }: Inventory): Promise<string> {
  const { npm } = JSON.parse(await Deno.readTextFile(join(root, "deno.lock")));
  const self = `pkg:generic/autocom@${version}`;
  const libraries = packages.map((id) => {
    const [, name = "", release = ""] = /^(.+)@([^@]+)$/.exec(id) ?? [];
    const locked = Object.keys(npm).find((key) => key === id || key.startsWith(`${id}_`));
    const integrity: string | undefined = locked && npm[locked].integrity;
    if (!integrity?.startsWith("sha512-")) throw new BuildError(`deno.lock has no hash of ${id}`);
    const purl = `pkg:npm/${name.replace("@", "%40")}@${release}`;
    return {
      type: "library",
      "bom-ref": purl,
      ...name.includes("/") ? { group: name.split("/")[0], name: name.split("/")[1] } : { name },
      version: release,
      hashes: [{ alg: "SHA-512", content: Uint8Array.fromBase64(integrity.slice("sha512-".length)).toHex() }],
      purl,
    };
  });
  const platforms = Object.entries(runtime.hashes).map(([triple, hash]) => ({
    type: "platform",
    "bom-ref": `denort-${triple}`,
    name: "denort",
    version: runtime.version,
    description: `Deno's runtime for ${triple}; what it is made of is not listed here`,
    hashes: [{ alg: "SHA-256", content: hash }],
    licenses: [{ license: { id: "MIT" } }],
    purl: `pkg:github/denoland/deno@v${runtime.version}`,
  }));
  const components = [...libraries, ...platforms];
  return JSON.stringify(
    {
      $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      version: 1,
      metadata: {
        component: {
          type: "application",
          "bom-ref": self,
          name: "autocom",
          version,
          licenses: [{ license: { id: "MIT" } }],
          purl: self,
          ...clientId && { properties: [{ name: CLIENT_ID, value: clientId }] },
        },
      },
      components,
      dependencies: [
        { ref: self, dependsOn: components.map((component) => component["bom-ref"]) },
        ...components.map((component) => ({ ref: component["bom-ref"] })),
      ],
    },
    null,
    2,
  ) + "\n";
}
