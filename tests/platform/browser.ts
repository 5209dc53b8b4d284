/**
 * A browser for tests: walks the login and approval pages of a platform, as a person would click through them.
 *
 * @module
 */

export type FetchLike = (request: Request) => Promise<Response>;

interface Form {
  action: string;
  fields: Record<string, string>;
}

/**
 * Opens `authorizeUrl`, signs in, and presses Authorize or Cancel.
 * @returns the redirect to the client, which is not followed: any URL of another origin than the platform's.
 * @throws an Error that names the page it is stuck on.
 */
export async function walkAuthorize(
  fetch: FetchLike,
  authorizeUrl: string,
  { email, password }: { email: string; password: string },
  decision: "approve" | "deny" = "approve",
): Promise<string> {
  const platform = new URL(authorizeUrl).origin;
  const jar = new Map<string, string>();
  let signedIn = false;
  let request = new Request(authorizeUrl, { redirect: "manual" });
  for (let step = 0; step < 12; step++) {
    request.headers.set("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    if (jar.size) request.headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(request);
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      jar.set(name!, value!);
    }
    const body = await response.text();
    const location = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && location) {
      const next = new URL(location, request.url);
      if (next.origin !== platform) return location;
      request = new Request(next, { redirect: "manual" });
      continue;
    }
    const forms = formsOf(body, request.url);
    const login = forms.find(({ fields }) => "password" in fields);
    const choice = forms.find(({ fields }) =>
      "auth_token" in fields && (fields._method?.toUpperCase() === "DELETE") === (decision === "deny")
    );
    if (response.status === 200 && login && !signedIn) {
      signedIn = true;
      request = submit(login, { email, password });
    } else if (response.status === 200 && choice) {
      request = submit(choice, {});
    } else {
      const text = body.replace(/<style[\s\S]*?<\/style>|<[^>]+>|\s+/g, " ").trim().slice(0, 200);
      throw new Error(`${request.method} ${request.url} answered ${response.status}: ${text}`);
    }
  }
  throw new Error(`${authorizeUrl} never led back to the client`);
}

function submit({ action, fields }: Form, typed: Record<string, string>): Request {
  return new Request(action, {
    method: "POST",
    body: new URLSearchParams({ ...fields, ...typed }),
    redirect: "manual",
  });
}

/** The forms of a page with the values of their fields. */
function formsOf(html: string, base: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, open = "", inside = ""]) => ({
    action: new URL(attribute(open, "action") ?? "", base).href,
    fields: Object.fromEntries(
      [...inside.matchAll(/<input\b([^>]*)>/gi)]
        .map(([, input = ""]) => [attribute(input, "name") ?? "", attribute(input, "value") ?? ""] as const)
        .filter(([name]) => name),
    ),
  }));
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`, "i").exec(tag)?.[1];
  return value?.replace(
    /&(?:lt|gt|quot|#0?39|amp);/g,
    (entity) => ({ "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" })[entity] ?? "'",
  );
}
