import { record, type Recorded } from "./answer.ts";
import type { Exchanges } from "./exchanges/mod.ts";
import type { Scene } from "./scene.ts";

/** Carries out each exchange on a platform at its seed, and gives the answers by the exchanges' names. */
export async function perform(scene: Scene, exchanges: Exchanges): Promise<Record<string, Recorded[]>> {
  const recorded: Record<string, Recorded[]> = {};
  for (const [name, exchange] of Object.entries(exchanges)) {
    await scene.control.reset();
    const answers = [await exchange(scene)].flat();
    recorded[name] = await Promise.all(answers.map((answer) => record(answer, scene.url)));
  }
  return recorded;
}
