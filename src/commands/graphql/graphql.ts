import { judging } from "../../api/mod.ts";
import type { App } from "../../app.ts";
import { ONLINE, text, type Verb, verb } from "../../cli/mod.ts";
import { AppError } from "../../errors.ts";
import { fields, view } from "../../fields/mod.ts";
import { readText } from "../../input/mod.ts";
import { asking, CHOOSE, CONFIRMABLE, confirming } from "../../kinds/mod.ts";
import { type Destination, detail } from "../../output/mod.ts";
import { type Asked, outlining, paging, pairs, type Parsed, printRaw, reading, tellRaw } from "../../raw/mod.ts";

const ACTION = "send the document";

const PLAN = fields({
  kind: { is: "text", column: "KIND" },
  operation: { is: "text", column: "OPERATION", nullable: true },
  variables: { is: "data", column: "VARIABLES" },
  document: { is: "text", column: "DOCUMENT" },
});

export const graphql: Verb = verb({
  name: "graphql",
  needs: ONLINE,
  examples: [
    'autocom graphql "{ orders(per_page: 2) { data { id status } } }"',
    "autocom graphql 'query($n: Int) { orders(page: $n) { data { id } } }' -F n=2",
    "echo '{ profile { name } }' | autocom graphql --input -",
  ],
  summary: "send a GraphQL document as it is",
  does:
    "Send a GraphQL document and print the answer as the server sent it: its bytes to a pipe, safe text to a terminal; " +
    "--output changes nothing, unless --query says what to print. A mutation is shown and asked for first, like every change.",
  args: [{
    name: "document",
    about: "the document, unless --input names a file",
    value: text("document"),
    optional: true,
  }],
  options: {
    document: { about: "the document's file; - is stdin", flag: "--input", value: text("file", "file") },
    rawField: { about: "a variable as text: NAME=VALUE", short: "f", value: text("pair"), many: true },
    field: {
      about: "a variable by the type that the document declares: NAME=VALUE, NAME=@FILE",
      short: "F",
      value: text("pair"),
      many: true,
    },
    operation: { about: "which operation of the document", value: text("name") },
    query: CHOOSE.query,
    paginate: { about: "every page, as one JSON array of answers: the document takes $page and asks for meta" },
    ...CONFIRMABLE,
  },
  async run(app, given, argument) {
    const { parsed } = await reading();
    const document = await documentOf(app, argument, given.document);
    const operation = await parsed(document, given.operation);
    const fields = pairs(given);
    const variables = fields.length > 0 || operation.variables.size > 0
      ? await (await import("./variables.ts")).variablesOf(app, operation, fields, given.paginate)
      : {};
    const changes = operation.kind === "mutation";
    const { query } = given;
    const asked = query === undefined ? undefined : await asking(app, query, { options: graphql.options });
    if (given.paginate) return await paginate(app, document, operation, variables, asked);
    if (changes) return await change(app, document, operation, variables, given, asked);
    await send(app, document, operation, variables, asked);
  },
});

async function documentOf(app: App, argument: string | undefined, file: string | undefined): Promise<string> {
  if (argument !== undefined && file !== undefined) {
    throw new AppError("usage", "the document is given twice: as a word and with --input", { hint: "give it once" });
  }
  if (file !== undefined) return await readText(app, file, "--input");
  if (argument === "-") {
    throw new AppError("usage", "- is not a document", { hint: "read it from stdin: autocom graphql --input -" });
  }
  if (argument !== undefined) return argument.replace(/^\ufeff/, "");
  throw (await import("./missing.ts")).missing(app.line);
}

function bodyOf(document: string, { name }: Parsed, variables: Record<string, unknown>): string {
  return JSON.stringify({ query: document, variables, ...name !== undefined && { operationName: name } });
}

/** `changes`: what it changes, in order. */
async function exchange(app: App, body: string, changes?: readonly string[]) {
  const headers = { "content-type": "application/json" };
  const change = changes ? { change: true, changes: [changes] } : { change: false };
  return await (await app.api()).exchange({ method: "POST", path: "/graphql", headers, body, ...change }, ACTION);
}

/** The answer is printed, whatever it says; then what is wrong with it. */
async function send(app: App, document: string, operation: Parsed, variables: Record<string, unknown>, asked?: Asked) {
  const { judge } = await judging();
  const exchanged = await exchange(app, bodyOf(document, operation, variables));
  await printAndFail(app, exchanged.answer, asked, await judge(exchanged, app.system.clock.now(), true));
}

async function printAndFail(
  app: App,
  { body, headers }: { body: Uint8Array; headers: Headers },
  asked?: Asked,
  error?: AppError,
  printed = (print: () => Promise<void>) => print(),
) {
  if (asked && error) throw error;
  if (asked) return await printed(() => tellRaw(asked, body));
  if (!error) await printed(() => printRaw(app, body));
  // A page of HTML is no answer of the platform's.
  else if (/\bjson\b/i.test(headers.get("Content-Type") ?? "") || isJson(body)) await printRaw(app, body);
  if (error) throw error;
}

function isJson(body: Uint8Array): boolean {
  try {
    return JSON.parse(new TextDecoder().decode(body)) !== undefined;
  } catch {
    return false;
  }
}

async function change(
  app: App,
  document: string,
  operation: Parsed,
  variables: Record<string, unknown>,
  { yes, dryRun }: { yes: boolean; dryRun: boolean },
  asked?: Asked & Destination,
) {
  const { confirm, mayChange, printed } = await confirming();
  mayChange(app, { yes, dryRun }, ACTION);
  const name = operation.name ?? "the mutation";
  if (dryRun) {
    const { kind } = operation;
    await detail(asked ?? await app.destination(), view(PLAN), {
      kind,
      operation: operation.name ?? null,
      variables,
      document,
    });
    return await app.say.note("Nothing was sent: this was a dry run.");
  }
  const { fieldsOf, oneLine } = await outlining();
  await confirm(
    app,
    yes,
    `${name} in tenant ${await app.tenant()}: ${oneLine(document)} ${JSON.stringify(variables)}`,
    {
      question: `Send ${name}?`,
      no: `${name} was not sent`,
    },
  );
  const exchanged = await exchange(app, bodyOf(document, operation, variables), fieldsOf(operation, variables));
  const { judge } = await judging();
  const error = await judge(exchanged, app.system.clock.now(), true);
  const requestId = exchanged.answer.requestId;
  const audited = `autocom audit list --request-id ${requestId}`;
  await printAndFail(
    app,
    exchanged.answer,
    asked,
    error,
    (print) => printed(requestId, audited, print),
  );
  await app.say.note(`${name} was carried out. Request ${requestId}`, audited);
}

async function paginate(
  app: App,
  document: string,
  operation: Parsed,
  variables: Record<string, unknown>,
  asked?: Asked,
) {
  const refuse = (why: string, hint: string) => new AppError("usage", `cannot use --paginate: ${why}`, { hint });
  if (operation.kind === "mutation") throw refuse("a mutation has no pages", "leave --paginate out");
  if (!operation.variables.has("page") || !operation.uses("page")) {
    throw refuse(
      "the document does not use a variable $page",
      "declare it, and pass it on: query Q($page: Int) { orders(page: $page) …",
    );
  }
  const first = Object.hasOwn(variables, "page") ? variables.page : operation.variables.get("page")!.standard ?? 1;
  if (typeof first !== "number") throw refuse("$page is not a whole number", "give the first page: -F page=1");
  const [{ judge }, { Pages }] = await Promise.all([judging(), paging()]);
  const hint = "ask for meta { current_page total_pages }, or leave --paginate out";
  await new Pages(app, ACTION, hint, (page) => `-F page=${page}`, asked).print(first, async (page) => {
    const exchanged = await exchange(app, bodyOf(document, operation, { ...variables, page }));
    const error = await judge(exchanged, app.system.clock.now(), true);
    if (error) throw error;
    const text = new TextDecoder().decode(exchanged.answer.body);
    return { body: JSON.parse(text), text };
  });
}
