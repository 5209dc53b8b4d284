// Runs on the runtime of the program that is built: code → what it compiles to, in a file beside it. With --no-lazy among
// V8's flags, every function; without, what was made so is given the mark of the flags that the program has, and tried.
import { Script } from "node:vm";

/** Where a mark of V8's flags stands: V8 refuses what was made with others. See SerializedCodeData in its source. */
const FLAGS = [12, 16];

// Names in this folder: V8 would keep the path that a name was cut off.
for (const filename of Deno.args) {
  const beside = `${filename}.bin`;
  const code = Deno.readTextFileSync(filename);
  const made = new Uint8Array(new Script(code, { filename }).createCachedData());
  let cachedData;
  try {
    cachedData = Deno.readFileSync(beside);
  } catch {
    Deno.writeFileSync(beside, made);
    continue;
  }
  cachedData.set(made.subarray(...FLAGS), FLAGS[0]);
  if (new Script(code, { filename, cachedData }).cachedDataRejected) throw new Error(`${filename} is refused`);
  Deno.writeFileSync(beside, cachedData);
}
