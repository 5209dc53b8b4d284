import { profileOf } from "../../account.ts";
import { type Api, member } from "../../api/mod.ts";
import { filter } from "../../cli/mod.ts";
import { AppError } from "../../errors.ts";
import { selection } from "../../fields/mod.ts";
import { listing, type Source, when } from "../../kinds/mod.ts";
import { ENTRY, logged, type Me, recorded } from "./entry.ts";

const DOCUMENT = `query AuditLog(
  $page: Int, $per_page: Int, $operation: String, $user_id: Int, $request_id: String, $from: DateTime
) {
  audit_log(
    page: $page, per_page: $per_page, operation: $operation, user_id: $user_id, request_id: $request_id, from: $from
  ) {
    data { ${selection(ENTRY)} }
    meta { total_pages total_items }
  }
}`;

const ACTION = "list the audit log";

export const list = listing({
  name: "list",
  aliases: ["ls"],
  documents: { AuditLog: DOCUMENT },
  examples: ["autocom audit list --since 24h", "autocom audit list --operation orders.cancel --since 7d -o json"],
  summary: "list what was changed, newest first",
  does: "List the changes that the server recorded for this tenant, newest first: who changed what, and to what.",
  permission: "admin.audit_log",
  of: ENTRY,
  plural: "changes",
  action: ACTION,
  standard: 25,
  options: {
    since: {
      about: "only changes since: 24h, 7d, today, yesterday, 2026-05-31 or 2026-05-31T18:30:00Z",
      value: filter("when"),
    },
    user: { about: "only changes by this user: the number, or your own e-mail", value: filter("user") },
    operation: {
      about: "only this operation, by its whole name: orders_cancel, or orders.cancel",
      value: filter("name"),
    },
    requestId: { about: "only the change with this request id, as autocom printed it", value: filter("id") },
  },
  typed: { user_id: "user", from: "since", action: "operation" },
  async filters({ since, user, operation, requestId }, app) {
    if (user !== undefined && !/^\d+$/.test(user) && !user.includes("@")) {
      throw new AppError("usage", `--user must be a user's number or an e-mail, not "${user.slice(0, 40)}"`, {
        hint: "write, for example: --user 3",
      });
    }
    const from = since === undefined ? undefined : (await when(app)).beginning(since, "--since");
    return { user: user?.replace(/^0+(?=\d)/, ""), operation, request_id: requestId, from };
  },
  async open(api, { user, ...variables }, page) {
    const me = typeof user === "string" && user.includes("@") ? await owner(api, user) : undefined;
    return await withNames(api, { ...variables, user_id: me ? me.id : user }, page, me);
  },
});

/** The platform tells nobody's number but one's own. */
async function owner(api: Api, email: string): Promise<Me> {
  const me = await profileOf(api, { action: `find the user "${email}"` });
  if (me.id !== null && me.email.toLowerCase() === email.toLowerCase()) return me;
  throw new AppError("not-found", `cannot ${ACTION}: the platform tells only your own user number (${me.email})`, {
    hint: "find the number: autocom audit list --fields user_id,operation,created_at",
  });
}

type Variables = Record<string, unknown>;

/** Operations are written as the gateway's field, or as the alias of the bus: whichever of them finds something. */
async function withNames(api: Api, variables: Variables, page: number, me: Me | undefined): Promise<Source> {
  const { operation } = variables;
  if (typeof operation !== "string") return await choose(api, variables, page, me);
  const field = operation.replaceAll(".", "_").replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const found = await choose(api, { ...variables, operation: field }, page, me);
  const data = member(await found.ask(page), "data");
  if (field === operation || !Array.isArray(data) || data.length > 0) return found;
  return await choose(api, variables, page, me);
}

/** The gateway's `audit_log` when its schema has it, else the REST endpoint. The first answer is kept. */
async function choose(api: Api, variables: Variables, page: number, known: Me | undefined): Promise<Source> {
  const graphql = async ({ user_id, ...of }: Variables) => {
    // A number there, of whatever length.
    const user = typeof user_id === "string" ? { user_id: JSON.rawJSON(user_id) } : {};
    return member(await api.query(DOCUMENT, { ...of, ...user }, ACTION), "audit_log");
  };
  const rest = async (of: Variables) => activity(await api.rest("GET", `/activity-logs?${query(of)}`, ACTION));
  const source = async (name: string, ask: (of: Variables) => Promise<unknown>, row: typeof recorded) => {
    const first = await ask({ page, ...variables });
    const me = known ?? await myself(api, first);
    return {
      name,
      ask: (at: number) => at === page ? Promise.resolve(first) : ask({ page: at, ...variables }),
      row: (value: unknown) => row(value, me),
    };
  };
  try {
    return await source("GraphQL, audit_log", graphql, recorded);
  } catch (error) {
    const isUnknown = error instanceof AppError && error.kind === "rejected" && /audit_log/.test(error.message);
    if (!isUnknown) throw error;
    return await source("GET /activity-logs, because the schema has no audit_log", rest, logged);
  }
}

/** Who asks, to name one's own changes; without rows, or where it cannot be told, nobody. */
async function myself(api: Api, first: unknown): Promise<Me | undefined> {
  const data = member(first, "data");
  if (!Array.isArray(data) || data.length === 0) return undefined;
  try {
    return await profileOf(api);
  } catch (error) {
    if (error instanceof AppError && HIDDEN.includes(error.kind)) return undefined;
    throw error;
  }
}

/** No reason to hide a list that is there. */
const HIDDEN: readonly string[] = ["tenant", "forbidden", "not-found", "rejected", "rate-limited", "server"];

/** `action` is the endpoint's documented name for the operation. */
function query(variables: Variables): string {
  const all = Object.entries({ ...variables, action: variables.operation });
  return new URLSearchParams(all.flatMap(([name, value]) => value === undefined ? [] : [[name, String(value)]]))
    .toString();
}

/** The endpoint's shape as a page. */
function activity(body: unknown): unknown {
  const pagination = member(body, "pagination");
  return {
    data: member(body, "logs"),
    meta: { total_pages: member(pagination, "last_page"), total_items: member(pagination, "total") },
  };
}
