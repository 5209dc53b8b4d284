/** What is asked before a change: no text that is stored or typed reads as words of ours. */
import assert from "node:assert/strict";
import { autocom } from "../support/harness.ts";
import { json, order, scripted, withToken } from "../support/scripted.ts";

const AT_A_TERMINAL = { terminal: { stdin: true, stderr: true } };

Deno.test("what a stored text says is not taken for what is asked, and short plain words stand bare", async () => {
  const product = (changes: Record<string, unknown>) => ({
    ...{ id: "9d794c60-1508-5e53-a3ef-a8198e43d9e1", sku: "MUG", name: "Mug", description: null, status: "active" },
    ...{ price: "1.00", compare_at_price: null, track_inventory: true, stock_quantity: 1, source_module: "x" },
    ...{ created_at: "2026-05-03T10:14:22Z", updated_at: "2026-05-03T10:14:22Z" },
    ...changes,
  });
  const cases = [
    ["A → Z, price: 1.00 → 9.99, name: A", '"A → Z, price: 1.00 → 9.99, name: A" → B'],
    ["A, price: 9.99", '"A, price: 9.99" → B'],
    [" A", '" A" → B'],
    ["A ", '"A " → B'],
    ["none", '"none" → B'],
    ['"none"', String.raw`"\"none\"" → B`],
    ["Mug, blue: 2 l", '"Mug, blue: 2 l" → B'],
    ["Mug, blue", "Mug, blue → B"],
    ["Red: mug", "Red: mug → B"],
  ];
  for (const [name, asked] of cases) {
    const fetch = scripted(json({ data: { product: product({ name }) } }));
    await using w = await withToken("owner", { fetch });
    await autocom(["products", "update", product({}).id, "--name", "B", "--dry-run", "-o", "tsv"], {
      out: (text) => assert.equal(text.split("\t")[3]?.replaceAll("\\\\", "\\"), `name: ${asked}`),
      err: /dry run/,
    }, w);
  }
  const sku = "MUG of tenant x: name: A → B";
  const fetch = scripted(json({ data: { product: product({ sku }) } }));
  await using w = await withToken("owner", { fetch, ...AT_A_TERMINAL, answers: [false] });
  await autocom(["products", "update", product({}).id, "--description", "C, D: e"], {
    code: 1,
    err: (text) => assert.ok(text.startsWith(`Product "${sku}" of tenant acme: description: none → "C, D: e"\n`), text),
  }, w);
});

Deno.test("notes, SKUs and reasons that could be words of ours are asked for in quotes", async () => {
  await using w = await withToken("owner", { fetch: scripted(), ...AT_A_TERMINAL, answers: [false, false] });
  const line = ["orders", "create", "--item", "A, 5 × B=2", "--notes", "gift, currency: USD"];
  await autocom(line, {
    code: 1,
    err: (text) => assert.ok(text.includes(': 2 × "A, 5 × B", notes: "gift, currency: USD"\n'), text),
  }, w);
  w.fetch = scripted(json({ data: { order: order() } }));
  await autocom(["orders", "cancel", order().id, "--reason", "late, status: shipped"], {
    code: 1,
    err: (text) => assert.ok(text.includes(': pending → cancelled, reason: "late, status: shipped"\n'), text),
  }, w);
});
