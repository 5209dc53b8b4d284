import assert from "node:assert/strict";
import { zip } from "../../src/export/zip.ts";

Deno.test("an archive that readers of XLSX could not count is refused, not damaged", () => {
  const noise = crypto.getRandomValues(new Uint8Array(2_000));
  const large = zip(5_000);
  large.open("a");
  large.add(noise);
  large.add(noise);
  assert.throws(() => large.add(noise), {
    kind: "failure",
    message: "cannot write the xlsx file: it would be larger than 4 GiB, which Excel cannot read",
    hint: "narrow it with a filter or --fields, or use -o csv",
  });
});

Deno.test("a part that is small packed and too large unpacked is refused as well", () => {
  const small = zip(5_000);
  small.open("a");
  small.add(new Uint8Array(4_000));
  assert.throws(() => small.add(new Uint8Array(4_000)), /larger than 4 GiB/);
});
