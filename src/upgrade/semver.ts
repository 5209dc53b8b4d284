/**
 * Versions as the releases have them: three numbers and perhaps a pre-release, https://semver.org without build metadata.
 *
 * @module
 */

const NUMBER = "(?:0|[1-9][0-9]{0,8})";
const FORM = new RegExp(
  `^(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})(?:-([0-9A-Za-z-]{1,32}(?:\\.[0-9A-Za-z-]{1,32}){0,7}))?$`,
);

/** True for exactly `1.4.0` or `1.4.0-rc.1`: no `v`, no blanks, nothing left out. */
export function isVersion(text: string): boolean {
  return FORM.test(text) && !/[-.]0[0-9]+(\.|$)/.test(text.replace(/^[^-]*/, ""));
}

/** True for a version with a pre-release part. */
export function isPrerelease(version: string): boolean {
  return version.includes("-");
}

/** Negative when `a` is older than `b`, 0 when they are the same, positive when it is newer. Both are versions. */
export function compareVersions(a: string, b: string): number {
  const [numbersA, restA] = parts(a);
  const [numbersB, restB] = parts(b);
  for (let at = 0; at < 3; at++) {
    if (numbersA[at] !== numbersB[at]) return numbersA[at]! - numbersB[at]!;
  }
  if (restA.length === 0 || restB.length === 0) return restB.length - restA.length;
  for (let at = 0; at < Math.min(restA.length, restB.length); at++) {
    const order = compareIdentifiers(restA[at]!, restB[at]!);
    if (order !== 0) return order;
  }
  return restA.length - restB.length;
}

/** Numbers come before words, and are compared as numbers whatever their length. */
function compareIdentifiers(a: string, b: string): number {
  const [numericA, numericB] = [/^[0-9]+$/.test(a), /^[0-9]+$/.test(b)];
  if (numericA !== numericB) return numericA ? -1 : 1;
  if (numericA && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function parts(version: string): [numbers: number[], rest: string[]] {
  const [, major, minor, patch, rest] = FORM.exec(version) ?? [];
  if (!major) throw new TypeError(`not a version: "${version}"`);
  return [[Number(major), Number(minor), Number(patch)], rest?.split(".") ?? []];
}
