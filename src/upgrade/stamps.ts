/**
 * What the build writes into the program about releases: beside src/build_info.ts, because every start loads that.
 *
 * @module
 */

/**
 * Where the releases are: GitLab's API address of the project, no slash at the end; empty from source.
 * A program believes this address and these keys and no other: neither a flag nor a variable changes them.
 */
export const RELEASES = stamped("@@AUTOCOM_RELEASES@@", "");

/** The minisign public keys that a release may be signed by: the current one and the next. Empty from source. */
export const RELEASE_KEYS: readonly string[] = stamped("@@AUTOCOM_RELEASE_KEYS@@", "").split(" ").filter(Boolean);

/** SHA-256 of the runtime under this program, before the program was put into it; empty from source. */
export const RUNTIME = stamped("@@AUTOCOM_RUNTIME@@", "");

function stamped(value: string, fallback: string): string {
  return value.startsWith("@@") ? fallback : value;
}
