/**
 * For the workflow, on systems whose store a test must not change: `system_store.ts make FOLDER` makes a private authority
 * with a server's certificate; `system_store.ts ask FOLDER BINARY CODE` serves with it and holds the compiled program to
 * that exit code: 10 before the system trusts `FOLDER/authority.pem`, 0 afterwards.
 *
 * @module
 */

import { authority } from "./authority.ts";

const [what, folder, binary, code] = Deno.args as [string, string, string?, string?];

if (what === "make") {
  const made = authority("autocom workflow authority");
  const { cert, key } = made.issue(["127.0.0.1"]);
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries({ authority: made.cert, server: cert, key })) {
    await Deno.writeTextFile(`${folder}/${name}.pem`, text);
  }
} else {
  const [cert, key] = await Promise.all(["server", "key"].map((name) => Deno.readTextFile(`${folder}/${name}.pem`)));
  const answer = { data: { orders: { data: [], meta: { total_pages: 1 } } } };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert: cert!, key: key!, onListen() {} },
    () => Response.json(answer),
  );
  const output = await new Deno.Command(binary!, {
    args: ["orders", "list", "-o", "json"],
    env: {
      AUTOCOM_API_URL: `https://127.0.0.1:${server.addr.port}/api/v1`,
      AUTOCOM_TENANT: "acme",
      AUTOCOM_TOKEN: "a-token",
    },
  }).output();
  await server.shutdown();
  console.log(new TextDecoder().decode(output.stdout) + new TextDecoder().decode(output.stderr));
  if (output.code !== Number(code)) {
    console.error(`expected exit ${code}, got ${output.code}`);
    Deno.exit(1);
  }
}
