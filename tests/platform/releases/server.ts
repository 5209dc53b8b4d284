/**
 * A GitLab with one project, as far as releases need one, and the storage behind its package registry: on loopback, in
 * this process. Everything that a real one can do wrong is a {@link Fault}.
 *
 * Shapes: https://docs.gitlab.com/api/releases/ and https://docs.gitlab.com/user/packages/generic_packages/
 * Refusals of an entry, their words and their order:
 * https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/services/releases/create_service.rb
 *
 * @module
 */

import { MANIFEST } from "../../../src/upgrade/manifest.ts";
import { givenUp } from "../../support/given_up.ts";

/** An entry of the list, as GitLab shows it, without what nobody reads. */
export interface Entry {
  tag_name: string;
  name: string;
  description: string;
  created_at: string;
  released_at: string;
  upcoming_release: boolean;
  assets: { count: number; sources: unknown[]; links: Link[] };
  evidences: unknown[];
}

export interface Link {
  id: number;
  name: string;
  url: string;
  direct_asset_url: string;
  link_type: string;
}

/** What is answered instead; undefined leaves the request to the server. */
export type Fault = (request: Request, url: URL) => Response | Promise<Response> | undefined;

export interface Seen {
  method: string;
  /** Path and query. */
  path: string;
  headers: Headers;
}

export interface ReleaseServer extends AsyncDisposable {
  /** API address of the project, as a build is stamped with it. */
  readonly project: string;
  readonly origin: string;
  /** Newest `released_at` first is made by the server, as GitLab does; what stands here is in any order. */
  readonly entries: Entry[];
  /** Tags of the project's repository. An entry needs one, or a `ref` to make it from. */
  readonly tags: Set<string>;
  /** Tags that the token's role may not create, there or not: no entry is made for one. */
  readonly closed: Set<string>;
  /** `1.4.0/manifest.json` → bytes. */
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  readonly seen: Seen[];
  /** The first one that answers counts. */
  readonly faults: Fault[];
  /** Address of a file in the package registry. */
  fileUrl(version: string, name: string): string;
  /** An entry with these files behind it; links to what is not given can be `missing`. */
  publish(
    version: string,
    files: Record<string, Uint8Array<ArrayBuffer>>,
    more?: Partial<Entry> & { without?: string[] },
  ): Entry;
}

/** `token` may write. */
export function releaseServer(
  { token = "write-token", port = 0 }: { token?: string; port?: number } = {},
): ReleaseServer {
  const entries: Entry[] = [];
  const [tags, closed] = [new Set<string>(), new Set<string>()];
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const seen: Seen[] = [];
  const faults: Fault[] = [];
  let links = 0;

  const server = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
    const url = new URL(request.url);
    seen.push({ method: request.method, path: url.pathname + url.search, headers: request.headers });
    for (const fault of faults) {
      const answer = fault(request, url);
      if (answer) return await answer;
    }
    const rest = url.pathname.replace(/^\/api\/v4\/projects\/[^/]+/, "");
    if (rest === url.pathname) return json({ message: "404 Not Found" }, 404);
    const writes = request.method !== "GET" && request.method !== "HEAD";
    if (writes && request.headers.get("private-token") !== token) return json({ message: "401 Unauthorized" }, 401);
    if (rest === "/releases") return writes ? await create(request) : list(url);
    const [, tag] = /^\/releases\/([^/]+)$/.exec(rest) ?? [];
    if (tag) {
      const found = entries.find(({ tag_name }) => tag_name === decodeURIComponent(tag));
      return found ? json(found) : json({ message: "404 Not Found" }, 404);
    }
    const [, wanted] = /^\/repository\/tags\/([^/]+)$/.exec(rest) ?? [];
    if (wanted) {
      const name = decodeURIComponent(wanted);
      return tags.has(name) ? json({ name, protected: true }) : json({ message: "404 Tag Not Found" }, 404);
    }
    const [, key] = /^\/packages\/generic\/autocom\/([^/]+\/[^/]+)$/.exec(rest) ?? [];
    if (!key) return json({ message: "404 Project Not Found" }, 404);
    if (request.method === "PUT") {
      // Duplicates are off: the first upload of a name stays.
      if (files.has(key)) return json({ message: "403 Forbidden - duplicate package is not allowed" }, 403);
      files.set(key, new Uint8Array(await request.arrayBuffer()));
      return json({ message: "201 Created" }, 201);
    }
    const bytes = files.get(key);
    if (!bytes) return json({ message: "404 Package Not Found" }, 404);
    return new Response(request.method === "HEAD" ? null : bytes, {
      headers: { "content-type": "application/octet-stream", "content-length": String(bytes.length) },
    });
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const project = `${origin}/api/v4/projects/autocommerce%2Fcli`;
  const fileUrl = (version: string, name: string) => `${project}/packages/generic/autocom/${version}/${name}`;

  function list(url: URL): Response {
    const page = Number(url.searchParams.get("page") ?? "1");
    const size = Math.min(Number(url.searchParams.get("per_page") ?? "20"), 100);
    const sorted = entries.toSorted((a, b) => b.released_at < a.released_at ? -1 : 1);
    const pages = Math.max(1, Math.ceil(sorted.length / size));
    const next = new URL(url);
    next.searchParams.set("page", String(page + 1));
    return json(sorted.slice((page - 1) * size, page * size), 200, {
      "x-page": String(page),
      "x-next-page": page < pages ? String(page + 1) : "",
      "x-total-pages": String(pages),
      ...page < pages && { link: `<${next}>; rel="next"` },
    });
  }

  async function create(request: Request): Promise<Response> {
    const body = await request.json();
    if (closed.has(body.tag_name)) {
      return json({ message: "You are not allowed to create this tag as it is protected." }, 403);
    }
    if (entries.some(({ tag_name }) => tag_name === body.tag_name)) {
      return json({ message: "Release already exists" }, 409);
    }
    if (!tags.has(body.tag_name) && !body.ref) return json({ message: "Ref is not specified" }, 422);
    tags.add(body.tag_name);
    const entry = entryOf(body.tag_name, body);
    for (const link of body.assets?.links ?? []) entry.assets.links.push(linkTo(link.name, link.url, link.link_type));
    entry.assets.count = entry.assets.links.length;
    entries.push(entry);
    return json(entry, 201);
  }

  function entryOf(tag: string, more: Partial<Entry>): Entry {
    const now = more.released_at ?? new Date().toISOString();
    return {
      ...{
        tag_name: tag,
        name: more.name ?? tag,
        description: more.description ?? "",
        created_at: more.created_at ?? now,
      },
      ...{ released_at: now, upcoming_release: more.upcoming_release ?? false, evidences: [] },
      assets: { count: 0, sources: [], links: [] },
    };
  }

  const linkTo = (name: string, url: string, type = "other"): Link => ({
    ...{ id: ++links, name, url, direct_asset_url: url, link_type: type },
  });

  return {
    ...{ origin, project, entries, tags, closed, files, seen, faults, fileUrl },
    publish(version, given, { without = [], ...more } = {}) {
      const entry = entryOf(more.tag_name ?? `v${version}`, more);
      for (const [name, bytes] of Object.entries(given)) {
        files.set(`${version}/${name}`, bytes);
        if (!without.includes(name)) entry.assets.links.push(linkTo(name, fileUrl(version, name)));
      }
      entry.assets.count = entry.assets.links.length;
      tags.add(entry.tag_name);
      entries.push({ ...entry, ...more.assets && { assets: more.assets } });
      return entries.at(-1)!;
    },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
    },
  };
}

/** Every file of a folder that `deno task release` made, for {@link ReleaseServer.publish}. */
export async function filesOf(folder: string): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const found: Record<string, Uint8Array<ArrayBuffer>> = {};
  for await (const { name } of Deno.readDir(folder)) found[name] = await Deno.readFile(`${folder}/${name}`);
  return found;
}

/** Hard cases by name: each makes the fault for the paths that the expression matches. */
export const FAULTS = {
  /** SU2-35 */
  status: (path: RegExp, status: number, headers: Record<string, string> = {}): Fault =>
    on(path, () => json({ message: String(status) }, status, headers)),
  /** SU2-34: a captive portal. */
  html: (path: RegExp): Fault =>
    on(path, () => new Response("<!doctype html><title>Sign in</title>", { headers: { "content-type": "text/html" } })),
  /** SU2-36, SU-14 */
  redirect: (path: RegExp, location: string | ((url: URL) => string), status = 302): Fault =>
    on(
      path,
      (url) =>
        new Response(null, { status, headers: { location: typeof location === "string" ? location : location(url) } }),
    ),
  /** Other bytes than those that are there. */
  bytes: (
    path: RegExp,
    change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
    of: Uint8Array<ArrayBuffer>,
  ): Fault => on(path, () => new Response(change(of.slice()))),
  /** SU2-38: the connection ends before the length that was announced. */
  cut: (path: RegExp, of: Uint8Array<ArrayBuffer>, at: number): Fault =>
    on(path, () =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(of.subarray(0, at));
            controller.error(new Error("cut"));
          },
        }),
        { headers: { "content-length": String(of.length) } },
      )),
  /** SU2-38: a range that nobody asked for. */
  partial: (path: RegExp, of: Uint8Array<ArrayBuffer>): Fault =>
    on(
      path,
      () =>
        new Response(of.subarray(0, of.length >> 1), {
          status: 206,
          headers: { "content-range": `bytes 0-${(of.length >> 1) - 1}/${of.length}` },
        }),
    ),
  /** SU2-42: never answers; ends with the request. */
  hang: (path: RegExp): Fault => (request, url) =>
    path.test(url.pathname + url.search)
      ? givenUp(request).catch(() => new Response(null, { status: 499 }))
      : undefined,
  /** SU2-8, bombs: as many bytes as are read. */
  endless: (path: RegExp, head: Uint8Array<ArrayBuffer> = new Uint8Array()): Fault =>
    on(path, () => {
      const piece = new Uint8Array(64 * 1024);
      return new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(head.length > 0 ? head : piece),
          pull: (controller) => controller.enqueue(piece),
        }),
      );
    }),
  /** SU2-4: half-published. */
  withoutManifest: (entry: Entry): void => {
    entry.assets.links = entry.assets.links.filter(({ name }) => name !== MANIFEST);
  },
} as const;

function on(path: RegExp, answer: (url: URL) => Response): Fault {
  return (_, url) => path.test(url.pathname + url.search) ? answer(url) : undefined;
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
}
