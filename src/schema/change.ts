/**
 * A mutation of the server's: shown, asked for, sent once. Loaded when there is one.
 *
 * @module
 */

import { marks, member } from "../api/mod.ts";
import type { App } from "../app.ts";
import { fields, view } from "../fields/mod.ts";
import { confirming } from "../kinds/mod.ts";
import { detail } from "../output/mod.ts";
import type { Flags } from "./flags.ts";
import type { Call } from "./request.ts";
import type { Source } from "./source.ts";

export async function change(
  app: App,
  source: Source,
  call: Call,
  flags: Flags,
  { fields, yes, dryRun }: { fields: string | undefined; yes: boolean; dryRun: boolean },
): Promise<void> {
  const { name, variables } = call;
  const { confirm, mayChange, printed } = await confirming();
  mayChange(app, { yes, dryRun }, call.action);
  if (dryRun) {
    await detail(await app.destination(), view(PLAN), { operation: name, variables, document: call.document });
    return await app.say.note("Nothing was sent: this was a dry run.");
  }
  await confirm(app, yes, `${name} in tenant ${await app.tenant()}: ${JSON.stringify(variables)}`, {
    question: `Call ${name}?`,
    no: `${name} was not called`,
  });
  call.told = { changes: [[name]], marks: marks(app.system) };
  const { data, requestId } = await source.holding(() => mutate(call, flags));
  const audited = `autocom audit list --request-id ${requestId}`;
  const { printer } = await import("./result.ts");
  const print = await printer(app, (await source.edition()).book, call, { data, requestId }, fields);
  await printed(requestId, audited, print);
  await app.say.note(`${name} was carried out. Request ${requestId}`, audited);
}

const PLAN = fields({
  operation: { is: "text", column: "OPERATION", key: true },
  variables: { is: "data", column: "VARIABLES" },
  document: { is: "text", column: "DOCUMENT" },
});

/** The result and the request. */
async function mutate(call: Call, flags: Flags): Promise<{ data: unknown; requestId: string }> {
  const sent = await call.sent();
  if (sent.faults.length > 0) throw await (await import("./failed.ts")).failed(sent, flags);
  return { data: member(sent.data, call.name), requestId: sent.requestId };
}
