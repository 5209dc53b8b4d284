/**
 * The whole list of releases, page after page: for who wants more than a word beside a command.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { get, HINT, type Net, WAITS, within } from "./download.ts";
import { LIST_LIMIT, PAGES, pageUrl, PER_PAGE, type Release, releasesIn } from "./list.ts";

/** Every release that is complete, in the server's order. */
export function listReleases(net: Net): Promise<Release[]> {
  const what = "the list of releases";
  return within(net, WAITS * net.timeout, what, (net) => pagesOf(net, what));
}

async function pagesOf(net: Net, what: string): Promise<Release[]> {
  const found: Release[] = [];
  for (let page = 1; page <= PAGES; page++) {
    const url = pageUrl(net.own.releases, page);
    const { bytes, headers } = await get(net, url, { what, limit: LIST_LIMIT });
    const entries = read(bytes);
    const releases = releasesIn(entries);
    if (!releases) throw notTheList(url);
    found.push(...releases);
    const next = headers.get("x-next-page");
    if (next === null ? (entries as unknown[]).length < PER_PAGE : next.trim() === "") return found;
  }
  throw new AppError("server", `${what} has more than ${PAGES} pages`, { hint: HINT });
}

function read(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function notTheList(url: string): AppError {
  return new AppError("server", `what ${new URL(url).host} answered is not a list of releases`, {
    hint: "a proxy or a captive portal in between? open a web page first, or check HTTPS_PROXY",
  });
}
