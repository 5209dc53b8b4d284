/**
 * What the build writes into the program. None of it is a secret.
 * `build/bundle.ts` replaces each placeholder in the bundle; run from source they keep their fallback.
 *
 * @module
 */

/** Version of the release, e.g. `1.4.0`; `dev` from source. */
export const VERSION = stamped("@@AUTOCOM_VERSION@@", "dev");

/** OAuth client id (a UUID) that `auth login` uses when none is named; empty when the build was given none. */
export const CLIENT_ID = stamped("@@AUTOCOM_CLIENT_ID@@", "");

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
