/**
 * A mutation of the server's: shown, asked for, sent once. Loaded when there is one.
 *
 * @module
 */

import { member, readChange } from "../api/mod.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
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

/** The result and the request. What fails below the operation itself, or beside its result, fails after it was carried out. */
async function mutate(call: Call, flags: Flags): Promise<{ data: unknown; requestId: string }> {
  const { name } = call;
  const { data, faults, requestId, refuse } = await call.sent();
  const result = member(data, name);
  const [first] = faults;
  if (first && (result != null || faults.every(({ path }) => path.length > 1))) {
    throw incomplete(name, first.message, requestId);
  }
  try {
    await refuse();
  } catch (error) {
    throw inFlags(error, flags);
  }
  return { data: result, requestId };
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

/** The change is done; a script must not take this for a refusal, and must not repeat it. */
function incomplete(name: string, why: string, requestId: string): AppError {
  return new AppError("server", `${name} was carried out, the answer is incomplete: ${why}`, {
    hint: `do not repeat it: autocom audit list --request-id ${requestId}`,
    requestId,
  });
}

/** The server's field errors name its own arguments: a person finds them under the flags. */
function inFlags(error: unknown, flags: Flags): unknown {
  if (!(error instanceof AppError) || error.fields === undefined) return error;
  const entries = Object.entries(error.fields).map(([name, texts]) => [flags.flagAt(name.split(".")) ?? name, texts]);
  return new AppError(error.kind, error.message, { ...error, fields: Object.fromEntries(entries) });
}
