import { judging } from "../../api/mod.ts";
import type { App } from "../../app.ts";
import { known, ONLINE, text, type Verb, verb } from "../../cli/mod.ts";
import { AppError } from "../../errors.ts";
import { fields, view } from "../../fields/mod.ts";
import { readBytes } from "../../input/mod.ts";
import { asking, CHOOSE, CONFIRMABLE, confirming } from "../../kinds/mod.ts";
import { type Destination, detail } from "../../output/mod.ts";
import { type Asked, paging, pairs, printRaw, tellRaw } from "../../raw/mod.ts";
import { decoded, fieldsOf, withQuery } from "./fields.ts";
import {
  asTyped,
  headersOf,
  isGateway,
  isMethod,
  isPage,
  isSafe,
  methodOf,
  METHODS,
  pathOf,
  refuseMutation,
  twice,
} from "./request.ts";

const PLAN = fields({
  method: { is: "text", column: "METHOD" },
  path: { is: "text", column: "PATH", key: true },
  body: { is: "text", column: "BODY", nullable: true },
});

export const api: Verb = verb({
  name: "api",
  needs: ONLINE,
  examples: [
    'autocom api "/orders?per_page=2"',
    "autocom api GET /products -f status=active",
    "autocom api POST /team/invite -f email=a@b.example -F role_id=3 --dry-run",
  ],
  summary: "send a REST request as it is",
  does:
    "Send a request to a path below api_url and print the answer as the server sent it: its bytes to a pipe, safe text to " +
    "a terminal; --output changes nothing, unless --query says what to print. Everything but GET, HEAD and OPTIONS is a change: it is shown and asked for first. " +
    "REST changes leave no row in the audit log.",
  args: [
    {
      name: "method",
      about: "GET unless there are fields or a body, then POST",
      value: known("method", METHODS),
      optional: true,
    },
    { name: "path", about: "what stands behind api_url", value: text("path") },
  ],
  options: {
    request: {
      about: "the method",
      flag: "--method",
      short: "X",
      value: { ...known("method", METHODS), parse: methodOf },
    },
    rawField: { about: "a field as text: NAME=VALUE", short: "f", value: text("pair"), many: true },
    field: {
      about: "a field that may be true, false, null or a number: NAME=VALUE, NAME=@FILE",
      short: "F",
      value: text("pair"),
      many: true,
    },
    header: { about: "a header: 'Name: value'", short: "H", value: text("header"), many: true },
    body: { about: "the body's file; - is stdin", flag: "--input", value: text("file", "file") },
    query: CHOOSE.query,
    paginate: { about: "every page, as one JSON array of answers" },
    include: { about: "print the status and the headers, too", short: "i" },
    ...CONFIRMABLE,
  },
  async run(app, given, word, text) {
    if (word !== undefined && given.request !== undefined) throw twice(word, given.request, text);
    const { apiUrl } = await app.server();
    const headers = headersOf(given.header, text);
    const isBody = given.body !== undefined || given.rawField.length + given.field.length > 0;
    if (word === undefined && isMethod(text)) {
      throw new AppError("usage", "<path> is missing", { hint: `write: autocom api ${text} PATH` });
    }
    const named = word ?? given.request;
    const method = methodOf(named ?? (isBody ? "POST" : "GET"));
    const inQuery = isSafe(method);
    const found = await fieldsOf(app, pairs(given), inQuery ? text : undefined);
    if (given.body !== undefined && (inQuery || Object.keys(found).length > 0)) {
      throw new AppError("usage", `--input cannot be used with ${inQuery ? method : "fields"}`, {
        hint: "leave one out",
      });
    }
    const path = pathOf(inQuery ? withQuery(text, found) : text, apiUrl);
    if (inQuery) refuseMutation(method, path);
    const body = inQuery
      ? undefined
      : given.body !== undefined
      ? decoded(await readBytes(app, given.body, "--input"))
      : Object.keys(found).length > 0
      ? JSON.stringify(found)
      : undefined;
    const request: Request = {
      method,
      path,
      headers: { ...body !== undefined && { "content-type": "application/json" }, ...headers },
      ...body !== undefined && { body },
      change: !inQuery,
    };
    const { query, include } = given;
    if (query !== undefined && include) {
      throw new AppError("usage", "cannot use --query with --include: it is asked of the body", {
        hint: "leave one out",
      });
    }
    const { options } = api;
    const asked = query === undefined ? undefined : await asking(app, query, { options });
    if (given.paginate && isBody && named === undefined) {
      throw new AppError("usage", "cannot use --paginate: what has fields or a body is a POST, which has no pages", {
        hint: `write the method, and the same fields behind it: autocom api GET ${asTyped(text)} --paginate`,
      });
    }
    if (given.paginate) return await paginate(app, request, include, named !== undefined, asked);
    if (request.change && await isAnswered(app, request, given, asked)) return;
    await send(app, request, include, asked);
  },
});

type Request = Parameters<Awaited<ReturnType<App["api"]>>["exchange"]>[0];

const actionOf = ({ method, path }: Request) => `${method} ${path.split("?")[0]}`;

/** Shows a change and asks; true for a dry run, which ends with that. */
async function isAnswered(
  app: App,
  request: Request,
  { yes, dryRun }: { yes: boolean; dryRun: boolean },
  asked?: Asked & Destination,
): Promise<boolean> {
  const { confirm, mayChange } = await confirming();
  const { method, path, body = null } = request;
  mayChange(app, { yes, dryRun }, actionOf(request));
  if (dryRun) {
    await detail(asked ?? await app.destination(), view(PLAN), { method, path, body });
    await app.say.note("Nothing was sent: this was a dry run.");
    return true;
  }
  await confirm(app, yes, `${method} ${path} in tenant ${await app.tenant()}${body ? `: ${body}` : ""}`, {
    question: `Send ${method} ${path}?`,
    no: `${method} ${path} was not sent`,
  });
  return false;
}

/** The answer is printed, whatever it says; then what is wrong with it. */
async function send(app: App, request: Request, include: boolean, asked?: Asked): Promise<void> {
  // The gateway refuses with a 200, too.
  const toGateway = isGateway(request.path);
  const changes = toGateway && request.change ? await (await import("./documents.ts")).changesIn(request) : [];
  const isChange = changes.some((one) => one?.length !== 0);
  const exchanged = await (await app.api()).exchange({ ...request, ...isChange && { changes } }, actionOf(request));
  const { judge } = await judging();
  const judged = { ...exchanged.asked, typed: true as const };
  const { answer } = exchanged;
  // Who asks whether something is new is told so by an empty answer.
  const isSame = answer.status === 304 && !request.change &&
    Object.keys(request.headers ?? {}).some((name) => name.startsWith("if-"));
  const error = isSame ? undefined : await judge({ ...exchanged, asked: judged }, app.system.clock.now(), toGateway);
  const requestId = answer.requestId;
  const audited = isChange ? `autocom audit list --request-id ${requestId}` : undefined;
  const print = async () => {
    if (include) await printRaw(app, new TextEncoder().encode(headOf(answer)));
    if (asked && error) throw error;
    const isAnswer = /\bjson\b/i.test(answer.headers.get("Content-Type") ?? "");
    const isPage = error?.kind === "server" && answer.status < 400 && !isAnswer;
    if (!isPage) await (asked ? tellRaw(asked, answer.body) : printRaw(app, answer.body));
    if (error) throw error;
  };
  if (!request.change || error) await print();
  else await (await confirming()).printed(requestId, audited, print);
  if (isSame) await app.say.note("It is what you have: status 304.");
  if (request.change) await app.say.note(`${actionOf(request)} was carried out. Request ${requestId}.`);
}

function headOf({ status, headers }: { status: number; headers: Headers }): string {
  return `HTTP ${status}\n${[...headers].map(([name, value]) => `${name}: ${value}`).join("\n")}\n\n`;
}

/** `isTyped`: the method was; a field would make a POST of it else. */
async function paginate(app: App, request: Request, include: boolean, isTyped: boolean, asked?: Asked): Promise<void> {
  const refuse = (why: string) => new AppError("usage", `cannot use --paginate: ${why}`, { hint: "leave one out" });
  if (request.method !== "GET") throw refuse(`${request.method} has no pages`);
  if (include) throw refuse("there is no place for headers in it");
  const [place = "", query = ""] = request.path.split(/\?(.*)/s);
  const wanted = new URLSearchParams(query);
  const pages = [...wanted].filter(([name]) => isPage(name));
  const named = pages.at(-1)?.[1] ?? "1"; // the last counts, as for the platform: a field stands behind the path
  for (const [name] of pages) wanted.delete(name);
  const first = Number(named);
  if (!Number.isSafeInteger(first) || first < 1) throw refuse(`"${named}" is not a page`);
  const [{ judge }, { Pages }] = await Promise.all([judging(), paging()]);
  const connection = await app.api();
  const onward = (page: number) => `${isTyped ? "" : "-X GET "}-F page=${page}`;
  await new Pages(app, actionOf(request), "leave --paginate out", onward, asked).print(first, async (page) => {
    wanted.set("page", String(page));
    const exchanged = await connection.exchange({ ...request, path: `${place}?${wanted}` }, actionOf(request));
    const error = await judge(exchanged, app.system.clock.now(), false);
    if (error) throw error;
    const text = new TextDecoder().decode(exchanged.answer.body);
    try {
      return { body: JSON.parse(text), text };
    } catch {
      throw new AppError("server", `cannot ${actionOf(request)}: the answer is not JSON`, {
        hint: "leave --paginate out",
      });
    }
  });
}
