/** Name of the asset, and of its signature. Apart from what reads them: the version check only looks whether they are there. */
export const MANIFEST = "manifest.json";
export const SIGNATURE = "manifest.json.minisig";
