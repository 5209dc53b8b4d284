/** Name of the asset, and of its signature. Apart from what reads them: the version check only looks whether they are there. */
export const MANIFEST = "manifest.json";
export const SIGNATURE = "manifest.json.minisig";
/** The sums of everything else. */
export const SUMS = "SHA256SUMS";
