/** No value of an option decides where the token goes. */
import assert from "node:assert/strict";
import { behind, gateway } from "../support/gateway.ts";
import { autocom, execute } from "../support/harness.ts";

const SDL = "type Query { one(notes: String, s: String, on: Boolean): String } " +
  "type Mutation { change(reason: String): String }";
const EVIL = "http://127.0.0.1:9";

/** The server, and the origins that were asked since the last look. */
async function watched() {
  const server = gateway(SDL, {
    one: ({ notes, s }: { notes?: string; s?: string }) => s ?? notes ?? "nothing",
    change: "done",
  });
  const asked = new Set<string>();
  const of = await behind((request) => {
    asked.add(new URL(request.url).origin);
    return server(request);
  });
  const origins = () => {
    const found = [...asked];
    asked.clear();
    return found;
  };
  return { of, origins, own: new URL(of.env.AUTOCOM_API_URL!).origin };
}

Deno.test("WP-5: text that looks like --api-url is the value of the option before it, and nothing goes there", async () => {
  const { of, origins, own } = await watched();
  await using _ = of;
  const texts: string[][] = [["--notes", `--api-url=${EVIL}`], ["--notes", "--tenant", "--s", `--api-url=${EVIL}`]];
  for (const known of [false, true]) {
    for (const words of texts) {
      const { code, out, err } = await execute(["call", "one", ...words], of);
      assert.equal(code === 0, words.length === 2, `${words}: ${err}`);
      if (code === 0) assert.match(out, /--api-url=http/);
      assert.deepEqual(origins().filter((origin) => origin !== own), [], `${words}, known before: ${known}`);
    }
  }
  const others = [
    ["call", "one", "--notes", "--api-url", EVIL],
    ["call", "one", "--notes", `--api-url=${EVIL}`, "--help"],
    ["call", "one", "--notes", "--output", "--s", "--api-url", EVIL],
    ["call", "change", "--reason", `--api-url=${EVIL}`, "--yes"],
    ["call", "change", "--yes", "--reason", `--api-url=${EVIL}`, "--dry-run"],
    ["call", "nothing", "--reason", `--api-url=${EVIL}`],
    ["call", "--notes", `--api-url=${EVIL}`, "one"],
    ["schema", "show", "one", "--notes", `--api-url=${EVIL}`],
  ];
  for (const words of others) {
    const { err } = await execute(words, of);
    assert.doesNotMatch(err, /internal/);
    assert.deepEqual(origins().filter((origin) => origin !== own), [], words.join(" "));
  }
});

Deno.test("WP-5: --api-url behind what may take it for a value is refused, with the way to write it", async () => {
  const { of, origins, own } = await watched();
  await using _ = of;
  await autocom("call one", { out: "ONE\nnothing\n" }, of);
  origins();
  await autocom(["call", "one", "--on", "--api-url", EVIL], {
    code: 2,
    err:
      /^error: --api-url stands behind an option that could take it .*\nhint: write it in front: autocom --api-url URL call one …\n$/,
  }, of);
  assert.deepEqual(origins().filter((origin) => origin !== own), []);
  // Elsewhere it counts, wherever it stands.
  const url = `${own}/api/v1`;
  for (
    const words of [
      ["--api-url", url, "call", "one", "--on"],
      ["call", "--api-url", url, "one"],
      ["call", "one", "--notes", "x", "--api-url", url],
      ["call", "one", "--notes=x", `--api-url=${url}`],
      ["call", "one", "--notes:null", "--api-url", url],
      ["call", "one", "--query", "one", "--api-url", url],
      ["call", "change", "--yes", "--api-url", url],
    ]
  ) await autocom(words, { out: /./, err: /^$|carried out/ }, of);
});

Deno.test("a value that looks like a global option is told how to be written, by the option that it stands behind", async () => {
  const { of } = await watched();
  await using _ = of;
  await autocom(["call", "one", "--s", "-o", "--notes", "jsonl"], { out: "ONE\n-o\n" }, of);
  await autocom(["call", "one", "--s", "-ojson"], { code: 2, err: /behind a sign: --s=-ojson"/ }, of);
});
