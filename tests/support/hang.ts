/**
 * Milliseconds: what takes longer hangs. The only limit that a real clock sets to a test; limits of the product run on a
 * clock that the test moves.
 */
export const HANG = 60_000;
