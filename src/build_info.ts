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

function stamped(value: string, fallback: string): string {
  return value.startsWith("@@") ? fallback : value;
}
