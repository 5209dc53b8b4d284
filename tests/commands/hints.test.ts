/** FT-51: a hint is a command that would have worked, or a plain sentence about what was typed. */
import assert from "node:assert/strict";
import { autocom } from "../support/harness.ts";
import { json, scripted, withToken } from "../support/scripted.ts";

const FILE = "autocom schema import FILE, or autocom schema import - for stdin";

const TYPED: [line: string[], code: number, err: RegExp][] = [
  [["schema", "import", ""], 2, new RegExp(`^error: <file> names no file\nhint: write: ${FILE}\n$`)],
  [["schema", "import", "/dev/null"], 3, /\nhint: give it to stdin: autocom schema import - < \/dev\/null\n$/],
  [["team", "invite", ""], 2, /^error: <email> must not be empty\nhint: see: autocom team invite --help\n$/],
  [["team", "invite", "", "--role", "agent"], 2, /\nhint: see: autocom team invite --help\n$/],
  [["orders", "create", "--notes", ""], 2, /\nhint: write: --notes VALUE, or leave it out\n$/],
  [["upgrade", "--verify", ""], 2, /^error: upgrade names no file\nhint: write: autocom upgrade --verify FILE\n$/],
  [
    ["auth", "login", "--no-browser", "--login-timeout", "0", "-o", "table"],
    2,
    /^error: --login-timeout must be more than 0 and at most 3600 seconds, not "0"\nhint: write, for example: --login-timeout 300\n$/,
  ],
];
/** A method that nobody typed is in no hint, and what was typed can be pasted. */
const RAW: [line: string[], hint: string][] = [
  [["/products/9", "-H", "X-HTTP-Method-Override: PUT"], "write the method: autocom api PUT /products/9"],
  [["/products/9", "-H", "X_Method: delete"], "write the method: autocom api DELETE /products/9"],
  [["/a?b=1", "-H", "X-HTTP-Method: PATCH"], "write the method: autocom api PATCH '/a?b=1'"],
  [["/a;id", "-H", "X-HTTP-Method: PATCH"], "write the method: autocom api PATCH '/a;id'"],
  [["/a\x1b", "-H", "X-HTTP-Method: PATCH"], "write the method: autocom api PATCH PATH"],
  [["/products/9", "-H", "X-HTTP-Method-Override: MOVE"], "leave it out"],
  [["-X", "PUT", "GET", "/orders"], "give it once: autocom api GET /orders"],
  [["-X", "put", "change", "/orders/7"], "give it once: autocom api PUT /orders/7"],
  [["DELETE"], "write: autocom api DELETE PATH"],
  [
    ["/orders", "--paginate", "-f", "status=pending"],
    "write the method, and the same fields behind it: autocom api GET /orders --paginate",
  ],
  [["/../x"], "write what stands behind api_url: autocom api 'orders?status=pending'"],
  [["/it's", "-f", "a=1", "-f", "a=2", "-X", "GET"], "write both into the path: '/it'\\''s?a=…&a=…'"],
];
for (const [line, hint] of RAW) {
  Deno.test(`autocom api ${JSON.stringify(line)} is answered with: ${hint}`, async () => {
    await using w = await withToken("owner", { fetch: scripted() });
    await autocom(["api", ...line], { code: 2, err: (text) => assert.equal(text.split("\n")[1], `hint: ${hint}`) }, w);
  });
}

for (const [line, code, err] of TYPED) {
  Deno.test(`FT-51: autocom ${line.map((word) => word || '""').join(" ")} is answered with what would work`, async () => {
    await using w = await withToken();
    await autocom(line, { code, err }, w);
  });
}

for (const name of ["x;id", "a b", "$(id)"]) {
  Deno.test(`FT-51: a hint that can be pasted into a shell runs nothing of a file's name: ${name}`, async () => {
    await using w = await withToken();
    const path = `${w.home}/${name}`;
    await new Deno.Command("mkfifo", { args: [path] }).output();
    const err = /\nhint: give it to stdin: --input - < FILE\n$/;
    await autocom(["graphql", "--input", path], { code: 3, err }, w);
  });
}

Deno.test("FT-51: an invitation that may have been sent is looked for where invitations are", async () => {
  for (const answer of [json({ message: "no" }, 502), json({ invitation: 5 })]) {
    await using w = await withToken("owner", { fetch: scripted(answer) });
    await autocom("team invite a@b.example --role agent --yes -q", {
      code: 11,
      err:
        /may have been carried out \(request \S+\)\nhint: find out before you try again: autocom team invitations\n$/,
    }, w);
  }
});

for (const [line, thing] of [["orders get ORD-X", "order"], ["products get SKU-X", "product"]] as const) {
  Deno.test(`FT-51: ${line} names no option that it has not, when the server's search does not end`, async () => {
    const field = `${thing}s`;
    const fetch = scripted(json({ data: { [field]: { data: [], meta: { total_pages: 1e9 } } } }));
    await using w = await withToken("owner", { fetch });
    const err = new RegExp(`does not end \\(page 1 of 1000000000 is empty\\)\nhint: name the ${thing} by its id\n$`);
    await autocom(line, { code: 11, err }, w);
  });
}
