/**
 * An answer as a fixture holds it: status, the headers that matter, the body to the byte; what differs from run to run
 * (ids, tokens, the present time) stands as a word in angle brackets.
 *
 * @module
 */

export interface Recorded {
  status: number;
  headers: Record<string, string>;
  /** The text; of a page what a person sees: title, texts, forms. */
  body: string;
}

const HEADERS = [
  "access-control-allow-origin",
  "allow",
  "cache-control",
  "content-type",
  "location",
  "pragma",
  "refresh",
  "retry-after",
  "set-cookie",
  "www-authenticate",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  "x-request-id",
];

/** `url`: the platform's address, `<url>` in the record. */
export async function record(response: Response, url: string): Promise<Recorded> {
  const text = await response.text();
  const html = response.headers.get("content-type")?.startsWith("text/html");
  const headers = HEADERS.flatMap((name) => {
    const value = name === "set-cookie" ? cookies(response.headers) : response.headers.get(name);
    return value === null ? [] : [[name, header(name, value)] as const];
  });
  const plain = (value: string) => normalised(value.replaceAll(url, "<url>"));
  return {
    status: response.status,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, plain(value)])),
    body: plain(html ? page(text) : text.replaceAll(url.replaceAll("/", "\\/"), "<url>")),
  };
}

function header(name: string, value: string): string {
  // A limit counts by the minute; on a slow machine some of it has passed.
  if (name === "retry-after") return isWithinAMinute(Number(value)) ? "<a minute>" : value;
  if (name === "x-ratelimit-reset") {
    return isWithinAMinute(Number(value) - Math.floor(Date.now() / 1000)) ? "<in a minute>" : value;
  }
  return value;
}

const isWithinAMinute = (seconds: number): boolean => seconds > 0 && seconds <= 61;

/** A lifetime in seconds as it was meant: one that was written down in the next second is up to a few shorter. */
function lifetime(seconds: string): string {
  const meant = Math.ceil(Number(seconds) / 60) * 60;
  return meant - Number(seconds) <= 5 ? `${meant}` : seconds;
}

/** The cookies' names and attributes; their values and ends are of the moment. */
function cookies(headers: Headers): string | null {
  const set = headers.getSetCookie().map((cookie) =>
    cookie.replace(/=[^;]*/, "").replace(/; expires=[^;]*/i, "").toLowerCase()
      .replace(/(?<=; max-age=)\d+/, lifetime)
  );
  return set.length ? set.join(" | ") : null;
}

function normalised(text: string): string {
  return text
    .replace(/(?<="expires_in": ?)\d+/g, lifetime)
    .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]{300,}/g, "<jwt>")
    .replace(/def50200[0-9a-f]{200,}/g, (token) => `<${token.length} digits>`)
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<uuid>")
    .replace(
      /\bORD-(\d{4})(\d\d)(\d\d)-/g,
      (all, y, m, d) => isNow(`${y}-${m}-${d}T23:59:59Z`, 86_400) ? "ORD-<today>-" : all,
    )
    .replace(
      /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z/g,
      (time) => {
        if (isNow(time, 3_600)) return `<now${time.includes(".") ? ", with fractions" : ""}>`;
        return isNow(time, 3_600, WEEK) ? "<in a week>" : time;
      },
    );
}

const WEEK = 7 * 86_400;

/** Now, give or take `seconds`, or so many seconds later. */
function isNow(time: string, seconds: number, later = 0): boolean {
  return Math.abs(Date.parse(time) - Date.now() - later * 1000) <= seconds * 1000;
}

/** What a person sees of a page, and the forms in it. */
function page(html: string): string {
  const title = /<title>([\s\S]*?)<\/title>/.exec(html)?.[1]?.trim() ?? "";
  const body = html.replace(/<(style|script|head|title)\b[\s\S]*?<\/\1>/g, " ");
  const inputs = [...body.matchAll(/<(?:input|button)\b[^>]*>/g)].map(([tag]) =>
    /\b(?:name|id)="([^"]*)"/.exec(tag)?.[1] ?? ""
  );
  const seen = body.replace(/<!--[\s\S]*?-->|<[^>]+>/g, " ").replace(/\s+/g, " ").trim();
  return `[${title}] ${seen}${inputs.length ? ` {${inputs.join(", ")}}` : ""}`;
}
