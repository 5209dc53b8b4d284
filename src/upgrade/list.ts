/**
 * The list of releases as GitLab shows it: https://docs.gitlab.com/api/releases/
 * It is not signed: it says where to look, and what it says is not believed.
 *
 * @module
 */

import { MANIFEST, SIGNATURE } from "./names.ts";
import { compareVersions, isPrerelease, isVersion } from "./semver.ts";

export interface Release {
  readonly version: string;
  /** Addresses by the name of the file. */
  readonly links: ReadonlyMap<string, string>;
}

/** What a page of the list may have: 30 releases with 25 links each are 300 KB. */
export const LIST_LIMIT = 4 * 1024 ** 2;
export const PER_PAGE = 100;
export const PAGES = 20;

/** The address of a page, which the server does not choose. */
export function pageUrl(releases: string, page: number, perPage = PER_PAGE): string {
  return `${releases}/releases?per_page=${perPage}${page > 1 ? `&page=${page}` : ""}`;
}

/** The first entries of one page that are releases of ours and complete; undefined when it is no list at all. */
export function releasesIn(page: unknown, most = PER_PAGE): Release[] | undefined {
  if (!Array.isArray(page)) return undefined;
  return page.slice(0, most).map(releaseIn).filter((release) => release !== undefined);
}

function releaseIn(entry: unknown): Release | undefined {
  const { tag_name, upcoming_release, assets } = membersOf(entry);
  if (typeof tag_name !== "string" || upcoming_release === true) return undefined;
  const version = tag_name.replace(/^v/, "");
  if (!isVersion(version)) return undefined;
  const links = new Map<string, string>();
  const { links: all } = membersOf(assets);
  for (const link of Array.isArray(all) ? all : []) {
    const { name, url } = membersOf(link);
    if (typeof name === "string" && typeof url === "string" && !links.has(name)) links.set(name, url);
  }
  return links.has(MANIFEST) && links.has(SIGNATURE) ? { version, links } : undefined;
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

/** What is offered, the newest first: the highest version, whatever its date. */
export function offered(releases: readonly Release[]): Release[] {
  return releases.filter(({ version }) => !isPrerelease(version)).sort((a, b) => compareVersions(b.version, a.version));
}

/** True when both are fixes of the same minor version. */
export function sameMinor(a: string, b: string): boolean {
  const minor = (version: string) => version.split(".", 2).join(".");
  return minor(a) === minor(b);
}
