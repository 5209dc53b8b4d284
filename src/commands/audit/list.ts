import { type Api, member } from "../../api/mod.ts";
import { AppError } from "../../errors.ts";
import { list as rows, type View } from "../../output/mod.ts";
import { MOST_PER_PAGE, pagesOf, printPages, STREAM_MARGIN, whatIsLeft } from "../../paging/mod.ts";
import { since } from "../../period/mod.ts";
import { filter, ONLINE, verb, whole } from "../../cli/mod.ts";

interface Entry {
  id: string;
  created_at: string | null;
  operation: string | null;
  result: string | null;
  user_id: number | null;
  request_id: string | null;
  /** JSON, as the server keeps it. */
  variables: string | null;
  user_agent: string | null;
}

const DOCUMENT = `query AuditLog(
  $page: Int, $per_page: Int, $operation: String, $user_id: Int, $request_id: String, $from: DateTime
) {
  audit_log(
    page: $page, per_page: $per_page, operation: $operation, user_id: $user_id, request_id: $request_id, from: $from
  ) {
    data { id created_at operation result user_id request_id variables user_agent }
    meta { total_pages }
  }
}`;

const ENTRIES: View<Entry> = {
  columns: {
    TIME: "created_at",
    OPERATION: "operation",
    RESULT: "result",
    USER: "user_id",
    REQUEST: { key: "request_id" },
  },
  fields: ["id", "created_at", "operation", "result", "user_id", "request_id", "variables", "user_agent"],
};

const ACTION = "list the audit log";

export const list = verb({
  name: "list",
  aliases: ["ls"],
  needs: ONLINE,
  documents: { AuditLog: DOCUMENT },
  examples: ["autocom audit list --since 24h", "autocom audit list --operation orders_cancel --since 7d -o json"],
  summary: "list what was changed, newest first",
  does: "List the changes that the server recorded for this tenant, newest first.",
  permission: "admin.audit_log",
  options: {
    since: { about: "only from then on: 24h, 7d, a UTC day, or an instant", value: filter("when") },
    user: { about: "only changes by the user with this number", value: whole(Number.MAX_SAFE_INTEGER, "id") },
    operation: { about: "only this mutation, like orders_cancel", value: filter("name") },
    requestId: { about: "only the change of this request, as its message named it", value: filter("id") },
    page: { about: "page to show, or to begin with", value: whole(1_000_000), standard: 1 },
    perPage: {
      about: "entries on a page, at most 100",
      value: whole(MOST_PER_PAGE),
      otherwise: "25, with --all 100",
    },
    all: { about: "every page, printed as it arrives" },
  },
  async run(app, options) {
    const { page: first, all } = options;
    const filters = {
      per_page: options.perPage ?? (all ? MOST_PER_PAGE : 25),
      operation: options.operation,
      user_id: options.user,
      request_id: options.requestId,
      from: options.since === undefined ? undefined : since(options.since, app.system.clock.now()),
    };
    const destination = await app.destination();
    const writer = rows(destination, ENTRIES);
    const api = await app.api(all ? STREAM_MARGIN : undefined);
    const source = await choose(api, { page: first, ...filters });
    await app.say.note(`Source: ${source.name}.`);
    const ask = (page: number) => page === first ? Promise.resolve(source.first) : source.ask({ page, ...filters });
    const pages = pagesOf({ first, all, action: ACTION, ask, row: entry });
    const last = await printPages(pages, writer, { first, all });
    const left = all || destination.format !== "table" ? undefined : whatIsLeft(first, last);
    if (left) await app.say.note(left);
  },
});

type Filters = Record<string, unknown>;

/** Where the entries come from, with its first answer. */
interface Source {
  name: string;
  first: unknown;
  ask(filters: Filters): Promise<unknown>;
}

/** The gateway's `audit_log` when its schema has it, else the REST endpoint. */
async function choose(api: Api, filters: Filters): Promise<Source> {
  const graphql = async (of: Filters) => member(await api.query(DOCUMENT, of, ACTION), "audit_log");
  try {
    return { name: "GraphQL, audit_log", first: await graphql(filters), ask: graphql };
  } catch (error) {
    const unknown = error instanceof AppError && error.kind === "rejected" && /audit_log/.test(error.message);
    if (!unknown) throw error;
  }
  const rest = async (of: Filters) => activity(await api.rest("GET", `/activity-logs?${query(of)}`, ACTION));
  return { name: "GET /activity-logs, because the schema has no audit_log", first: await rest(filters), ask: rest };
}

/** `action` is the endpoint's documented name for the operation. */
function query(filters: Filters): string {
  const all = Object.entries({ ...filters, action: filters.operation });
  return new URLSearchParams(all.flatMap(([name, value]) => value ? [[name, String(value)]] : [])).toString();
}

/** The endpoint's shape as a page. */
function activity(body: unknown): unknown {
  return {
    data: member(body, "logs"),
    meta: { total_pages: member(member(body, "pagination"), "last_page") },
  };
}

function entry(value: unknown): Entry {
  const text = (name: string) => {
    const found = member(value, name);
    if (found === undefined || found === null) return null;
    return typeof found === "object" ? JSON.stringify(found) : String(found);
  };
  const user = member(value, "user_id");
  return {
    id: text("id") ?? "",
    created_at: text("created_at"),
    operation: text("operation") ?? text("action"),
    result: text("result"),
    user_id: typeof user === "number" ? user : null,
    request_id: text("request_id"),
    variables: text("variables"),
    user_agent: text("user_agent"),
  };
}
