/**
 * The little of GitLab's API that publishing needs. The token goes to the API alone, in a header, and nowhere else.
 *
 * @module
 */

import { LIST_LIMIT } from "../../src/upgrade/list.ts";
import { SIZE_LIMIT } from "../../src/upgrade/manifest.ts";
import { BuildError } from "../process.ts";
import { PACKAGE } from "./place.ts";

export interface Entry {
  tag_name: string;
  released_at: string;
  description: string;
  upcoming_release: boolean;
  assets: { links: { name: string; url: string }[] };
}

export interface GitLab {
  /** Where tags are pushed to. */
  repository: string;
  /** Whether the repository has the tag. Asked without the token, as anybody does. */
  hasTag(name: string): Promise<boolean>;
  /** All entries, the newest `released_at` first. */
  entries(): Promise<Entry[]>;
  /** A published file, undefined when there is none. Asked without the token, as anybody does. */
  file(version: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  upload(version: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  create(entry: NewEntry): Promise<void>;
  fileUrl(version: string, name: string): string;
}

export interface NewEntry {
  tag_name: string;
  name: string;
  description: string;
  released_at: string;
  assets: { links: { name: string; url: string; link_type: "package" | "other"; direct_asset_path: string }[] };
}

/** `project` is its API address. Without a token nothing can be written. */
export function gitlab(project: string, token: string, send: typeof fetch = fetch): GitLab {
  const fileUrl = (version: string, name: string) => `${project}/packages/generic/${PACKAGE}/${version}/${name}`;
  const write = async (url: string, method: string, body: BodyInit, type: string) => {
    const headers = { "private-token": token, "content-type": type };
    const answer = await send(url, { method, body, headers, redirect: "manual", signal: AbortSignal.timeout(600_000) });
    const text = await answer.text();
    // It looks whether the token's role may create the tag, also when that is there: gitlab-org/gitlab#448356.
    const mend = answer.status === 403 && text.includes("it is protected")
      ? "; let the token's role create the tags v* (RELEASING.md), and start this again"
      : "";
    if (!answer.ok) throw new BuildError(`${method} ${url}: ${answer.status} ${text.slice(0, 300)}${mend}`);
  };
  return {
    fileUrl,
    repository: `${decodeURIComponent(project.replace("/api/v4/projects/", "/"))}.git`,
    async hasTag(name) {
      const url = `${project}/repository/tags/${encodeURIComponent(name)}`;
      const answer = await send(url, { redirect: "manual", signal: AbortSignal.timeout(60_000) });
      const text = await answer.text();
      if (answer.ok) return true;
      // Of a project that is not there, or whose repository is not public, it says something else.
      if (answer.status === 404 && text.includes("Tag Not Found")) return false;
      throw new BuildError(`GET ${url}: ${answer.status} ${text.slice(0, 300)}`);
    },
    async entries() {
      const found: Entry[] = [];
      for (let page = 1; page <= 100; page++) {
        const url = `${project}/releases?per_page=100&page=${page}`;
        const answer = await send(url, { redirect: "manual", signal: AbortSignal.timeout(60_000) });
        if (!answer.ok) throw new BuildError(`GET ${url}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
        const entries = JSON.parse(new TextDecoder().decode(await whole(answer, LIST_LIMIT)));
        if (!Array.isArray(entries) || !entries.every(isEntry)) throw new BuildError(`GET ${url}: no list of releases`);
        found.push(...entries);
        if (entries.length < 100) return found;
      }
      throw new BuildError("the list of releases does not end");
    },
    async file(version, name) {
      const url = fileUrl(version, name);
      const answer = await send(url, { signal: AbortSignal.timeout(600_000) });
      if (answer.ok) return await whole(answer, SIZE_LIMIT);
      await answer.body?.cancel();
      if (answer.status === 404) return undefined;
      throw new BuildError(`GET ${url}: ${answer.status}`);
    },
    upload: (version, name, bytes) => write(fileUrl(version, name), "PUT", bytes, "application/octet-stream"),
    create: (entry) => write(`${project}/releases`, "POST", JSON.stringify(entry), "application/json"),
  };
}

/** Of a page of the list, what is used of it. */
function isEntry(value: unknown): value is Entry {
  const { tag_name, description, released_at, assets } = (value ?? {}) as Partial<Entry>;
  return [tag_name, released_at].every((text) => typeof text === "string") &&
    (typeof description === "string" || description === null) && Array.isArray(assets?.links) &&
    assets.links.every((link) => typeof link?.name === "string" && typeof link.url === "string");
}

/** No more bytes than that, whatever the server announces. */
async function whole(answer: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const piece of answer.body ?? []) {
    size += piece.length;
    if (size > limit) throw new BuildError(`GET ${answer.url}: more than ${limit} bytes`);
    pieces.push(piece);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
