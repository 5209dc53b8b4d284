/**
 * A mutation of the server's: shown, asked for, sent once. Loaded when there is one.
 *
 * @module
 */

import { member, readChange } from "../api/mod.ts";
import type { App } from "../app.ts";
import { checker, type Fields, fields, view } from "../fields/mod.ts";
import { chosen, confirming, REQUEST } from "../kinds/mod.ts";
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
  const { data, requestId } = await source.holding(() => mutate(call, flags));
  const audited = `autocom audit list --request-id ${requestId}`;
  const print = await printer(app, call, data, requestId, fields);
  await printed(requestId, audited, print);
  await app.say.note(`${name} was carried out. Request ${requestId}: ${audited}`);
}

const PLAN = fields({
  operation: { is: "text", column: "OPERATION", key: true },
  variables: { is: "data", column: "VARIABLES" },
  document: { is: "text", column: "DOCUMENT" },
});

/** The result and the request. */
async function mutate(call: Call, flags: Flags): Promise<{ data: unknown; requestId: string }> {
  const sent = await call.sent();
  if (sent.faults.length > 0) throw await (await import("./failed.ts")).failed(call.name, sent, flags);
  return { data: member(sent.data, call.name), requestId: sent.requestId };
}

/** Prints what came back, with the request that its row in the audit log is of. */
async function printer(app: App, call: Call, data: unknown, requestId: string, names: string | undefined) {
  const { of, shape } = call.selection;
  const isRow = shape === "row" && data != null;
  const nullable = call.required ? {} : { nullable: true as const };
  const result: Fields = isRow ? of : { [call.name]: { is: "data", column: call.name.toUpperCase(), ...nullable } };
  const row = readChange(requestId, () => checker(result, call.action)(isRow ? data : { [call.name]: data }));
  const every = { ...result, ...REQUEST };
  const face = isRow && names !== undefined ? await chosen(every, `${names},request_id`) : view(every);
  const to = await app.destination();
  return () => detail(to, face, { ...row, request_id: requestId } as never);
}
